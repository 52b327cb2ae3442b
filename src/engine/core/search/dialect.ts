import { familyOf, type LanguageFamily } from './tokens.ts'

/** What differs between languages in the code that candidates add. */
export interface LanguageDialect {
  readonly family: LanguageFamily
  readonly and: string
  readonly or: string
  readonly not: string
  /** The text that ends a statement. */
  readonly end: string
  /** A statement that does nothing. */
  readonly nothing: string
  /** Functions of one argument that are often forgotten, the likely ones first. */
  readonly wrappers: readonly string[]
  /** Methods and properties that are often forgotten, the most likely first. */
  readonly methods: readonly string[]
  readonly max: string | null
  readonly min: string | null
  /** Whether the language has Python's slices. */
  readonly slices: boolean
}

const BRACES: LanguageDialect = {
  family: 'c',
  and: '&&',
  or: '||',
  not: '!',
  end: ';',
  nothing: '',
  wrappers: [],
  methods: [],
  max: null,
  min: null,
  slices: false,
}
const SCRIPT: LanguageDialect = {
  ...BRACES,
  wrappers: ['Math.abs', 'Math.floor', 'String', 'Number', 'Math.ceil', 'Math.round', 'Boolean'],
  methods: ['toLowerCase()', 'trim()', 'toUpperCase()', 'slice()', 'length'],
  max: 'Math.max',
  min: 'Math.min',
}
const PYTHON: LanguageDialect = {
  family: 'python',
  and: 'and',
  or: 'or',
  not: 'not ',
  end: '',
  nothing: 'pass',
  wrappers: ['abs', 'len', 'int', 'str', 'sorted', 'set', 'list', 'sum', 'reversed', 'float', 'round', 'max', 'min'],
  methods: ['lower()', 'strip()', 'upper()', 'copy()', 'split()', 'items()', 'keys()', 'values()'],
  max: 'max',
  min: 'min',
  slices: true,
}
const BLOCKS: LanguageDialect = { ...BRACES, family: 'ruby', end: '', methods: ['to_s', 'to_i', 'downcase', 'strip'] }

/** The dialect of a file by its extension; null = not searched. */
export function dialectOf(path: string): LanguageDialect | null {
  const family = familyOf(path)
  if (family === null) return null
  if (family === 'python') return PYTHON
  if (family === 'ruby') return BLOCKS
  if (family === 'shell') return { ...BLOCKS, family, not: '! ', nothing: ':', methods: [] }
  if (/\.[mc]?[jt]sx?$/i.test(path)) return SCRIPT
  return /\.(?:go|swift|kt|kts|scala)$/i.test(path) ? { ...BRACES, end: '' } : BRACES
}
