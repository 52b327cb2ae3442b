/** How a language is split into tokens; one family covers all languages with the same comments, strings and operators. */
export type LanguageFamily = 'python' | 'c' | 'ruby' | 'shell'

export interface SourceToken {
  /** Comments and blanks are not tokens. A regular expression literal is a string. */
  readonly kind: 'word' | 'number' | 'string' | 'op'
  readonly text: string
  /** Offsets in the text, `end` exclusive. */
  readonly start: number
  readonly end: number
  /** 1-based. */
  readonly line: number
}

const C_LIKE =
  'c cc cpp cxx h hpp hh java js jsx mjs cjs ts tsx mts cts go rs cs kt kts swift scala php dart zig v m mm groovy proto'
const EXTENSIONS: ReadonlyMap<string, LanguageFamily> = new Map([
  ...C_LIKE.split(' ').map((ext) => [ext, 'c'] as const),
  ...['py', 'pyi', 'pyx'].map((ext) => [ext, 'python'] as const),
  ...['rb', 'rake', 'cr', 'ex', 'exs', 'jl'].map((ext) => [ext, 'ruby'] as const),
  ...['sh', 'bash', 'zsh', 'ksh'].map((ext) => [ext, 'shell'] as const),
])

/** The family of a file by its extension; null = not searched. */
export function familyOf(path: string): LanguageFamily | null {
  return EXTENSIONS.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase()) ?? null
}

const NUMBER = String.raw`0[xXbBoO][\da-fA-F_]+n?|(?:\d[\d_]*(?:\.\d+|\.(?![.\w]))?|\.\d+)(?:[eE][+-]?\d+)?(?:[iuf](?:\d+|size)|[a-zA-Z]{0,3})`
const WORD = String.raw`[A-Za-z_$@\x80-\uffff][\w$\x80-\uffff]*[?!]?(?![=\w])|[A-Za-z_$@\x80-\uffff][\w$\x80-\uffff]*`
const PLAIN_WORD = String.raw`[A-Za-z_$\x80-\uffff][\w$\x80-\uffff]*`
const DOUBLE = String.raw`"(?:[^"\\\n]|\\[^])*"`
const SINGLE = String.raw`'(?:[^'\\\n]|\\[^])*'`
const BACK = '`(?:[^`\\\\]|\\\\[^])*`'
const LONG_OPS = String.raw`>>>=|\*\*=|\/\/=|<<=|>>=|===|!==|<=>|\?\?=|&&=|\|\|=|\.\.\.|>>>`
const OPS = String.raw`${LONG_OPS}|\*\*|<<|>>|<=|>=|==|!=|->|=>|:=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|@=|\+\+|--|&&|\|\||\?\?|\?\.|::|<-|[^\s]`

// A byte order mark, as a character or as its bytes.
const MARK = String.raw`^(?:\xef\xbb\xbf|\ufeff)`

/** One alternative for each kind, tried in this order; `skip` makes no token. */
const GRAMMARS: Readonly<Record<LanguageFamily, RegExp>> = {
  python: grammar({
    skip: '#.*',
    string: String.raw`[rbfuRBFU]{0,2}(?:"""(?:[^\\]|\\[^])*?"""|'''(?:[^\\]|\\[^])*?'''|${DOUBLE}|${SINGLE})`,
    word: PLAIN_WORD,
    op: String.raw`\/\/=|\/\/|${OPS}`,
  }),
  // A quote that is not closed within a few characters is a lifetime or stray; a # at the start of a line is for a preprocessor.
  c: grammar({
    skip: String.raw`\/\/.*|\/\*[^]*?\*\/|(?<=(?:^|\n)[ \t]*)#.*`,
    string: String.raw`${DOUBLE}|'(?:[^'\\\n]|\\[^])'|${SINGLE}(?!\w)|${BACK}|(?<=(?:[=(,:[!&|?{};]|return)\s*)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*`,
    word: PLAIN_WORD,
    op: OPS,
  }),
  ruby: grammar({ skip: '#.*', string: `${DOUBLE}|${SINGLE}|${BACK}`, word: WORD, op: OPS }),
  shell: grammar({
    skip: String.raw`(?<=^|\s)#.*`,
    string: String.raw`"(?:[^"\\]|\\[^])*"|'[^']*'`,
    word: String.raw`\$\{[^}\n]*\}|-?[A-Za-z_$/\x80-\uffff][\w$/.-]*`,
    op: OPS,
  }),
}

function grammar(parts: { skip: string; string: string; word: string; op: string }): RegExp {
  const { skip, string, word, op } = parts
  return new RegExp(`(${MARK}|${skip})|(${string})|(${NUMBER})|(${word})|(${op})`, 'g')
}

const KINDS = ['string', 'number', 'word', 'op'] as const

/** Splits any text; broken parts become operators of one character, never an error. */
export function tokenize(text: string, family: LanguageFamily): SourceToken[] {
  const tokens: SourceToken[] = []
  let line = 1
  let counted = 0
  for (const match of text.matchAll(GRAMMARS[family])) {
    const at = KINDS.findIndex((_, index) => match[index + 2] !== undefined)
    const kind = KINDS[at]
    if (kind === undefined) continue
    for (; counted < match.index; counted++) if (text.charCodeAt(counted) === 10) line++
    tokens.push({ kind, text: match[0], start: match.index, end: match.index + match[0].length, line })
  }
  return tokens
}
