import type { Language } from '../language.ts'

export default {
  kind: 'ruby',
  extensions: ['rb', 'rake'],
  grammar: 'ruby',
  authors: 'tree-sitter-ruby',
  functions: ['method', 'singleton_method'],
  holders: ['class', 'module'],
} satisfies Language
