import type { Language } from '../language.ts'

export default {
  kind: 'java',
  extensions: ['java'],
  grammar: 'java',
  authors: 'tree-sitter-java',
  functions: ['method_declaration', 'constructor_declaration', 'compact_constructor_declaration'],
  holders: ['class_declaration', 'enum_declaration', 'record_declaration', 'interface_declaration'],
} satisfies Language
