import type { Language } from '../language.ts'
import { script } from './lib/script.ts'

export default {
  kind: 'tsx',
  extensions: ['tsx'],
  grammar: 'tsx',
  authors: 'tree-sitter-typescript',
  ...script,
} satisfies Language
