import type { Language } from '../language.ts'

export default {
  kind: 'rust',
  extensions: ['rs'],
  grammar: 'rust',
  authors: 'tree-sitter-rust',
  functions: ['function_item'],
  holders: ['impl_item', 'trait_item'],
} satisfies Language
