import type { Language } from '../language.ts'

export default {
  kind: 'python',
  extensions: ['py', 'pyi', 'pyw'],
  grammar: 'python',
  authors: 'tree-sitter-python',
  functions: ['function_definition'],
  holders: ['class_definition'],
} satisfies Language
