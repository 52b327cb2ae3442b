import type { Language } from '../language.ts'
import { script } from './lib/script.ts'

export default {
  kind: 'typescript',
  extensions: ['ts', 'cts', 'mts'],
  grammar: 'typescript',
  authors: 'tree-sitter-typescript',
  ...script,
} satisfies Language
