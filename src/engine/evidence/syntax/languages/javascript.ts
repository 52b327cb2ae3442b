import type { Language } from '../language.ts'
import { script } from './lib/script.ts'

export default {
  kind: 'javascript',
  extensions: ['js', 'cjs', 'mjs', 'jsx'],
  grammar: 'javascript',
  authors: 'tree-sitter-javascript',
  ...script,
} satisfies Language
