import type { Language } from '../language.ts'

export default {
  kind: 'go',
  extensions: ['go'],
  grammar: 'go',
  authors: 'tree-sitter-go',
  functions: ['function_declaration', 'method_declaration'],
  holders: [],
} satisfies Language
