import type { Language } from '../language.ts'

export default {
  kind: 'php',
  extensions: ['php'],
  grammar: 'php',
  authors: 'tree-sitter-php',
  functions: ['function_definition', 'method_declaration'],
  holders: ['class_declaration', 'trait_declaration'],
} satisfies Language
