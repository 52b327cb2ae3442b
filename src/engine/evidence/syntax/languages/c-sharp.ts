import type { Language } from '../language.ts'

export default {
  kind: 'c-sharp',
  extensions: ['cs'],
  grammar: 'c-sharp',
  authors: 'tree-sitter-c-sharp',
  functions: ['method_declaration', 'constructor_declaration', 'local_function_statement'],
  holders: ['class_declaration', 'struct_declaration', 'record_declaration'],
} satisfies Language
