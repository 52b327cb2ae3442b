import type { Language } from '../language.ts'

export default {
  kind: 'bash',
  extensions: ['sh', 'bash'],
  grammar: 'bash',
  authors: 'tree-sitter-bash',
  functions: ['function_definition'],
  holders: [],
} satisfies Language
