import type { Language } from '../language.ts'

export default {
  kind: 'cpp',
  extensions: ['c', 'h', 'cc', 'cpp', 'cxx', 'hpp', 'hh', 'hxx'],
  grammar: 'cpp',
  authors: 'tree-sitter-cpp',
  functions: ['function_definition'],
  holders: ['class_specifier', 'struct_specifier'],
} satisfies Language
