import { type RepairTemplate, replaceTokens } from '../repair-template.ts'
import { tokenText } from '../tokenized-file.ts'

/** A pattern of a regular expression: anchors, classes, how often, what has to be escaped, and its flags. */
export const regex: RepairTemplate = function* (site) {
  const { source, at } = site
  const token = source.tokens[at]
  if (token?.kind !== 'string') return
  const literal = /^\/(.+)\/([a-z]*)$/s.exec(token.text)
  const quoted = /^(\w{0,2})(["'])(.*)\2$/s.exec(token.text)
  if (literal !== null && source.dialect.max === 'Math.max') {
    const [, pattern = '', flags = ''] = literal
    for (const [text, factor] of patterns(pattern))
      yield replaceTokens(site, at, at, `/${text}/${flags}`, 'regex.pattern', factor)
    for (const flag of ['g', 'i', 'm', 's', 'u']) {
      const other = flags.includes(flag) ? flags.replace(flag, '') : flags + flag
      yield replaceTokens(site, at, at, `/${pattern}/${other}`, 'regex.flags', 'gi'.includes(flag) ? 1 : 0.4)
    }
  } else if (quoted !== null && isPattern(tokenText(source, at - 2), quoted[1] ?? '', quoted[3] ?? '')) {
    const [, prefix = '', quote = '"', pattern = ''] = quoted
    for (const [text, factor] of patterns(pattern))
      if (!text.includes(quote) || pattern.includes(quote))
        yield replaceTokens(site, at, at, `${prefix}${quote}${text}${quote}`, 'regex.pattern', factor)
  }
}

const MATCHING = new Set(
  'compile match search fullmatch findall finditer sub subn split RegExp MustCompile Compile MatchString'.split(' '),
)

/** Whether a quoted string is likely a pattern: by what it is given to, or as a raw string with signs of one. */
function isPattern(callee: string, prefix: string, text: string): boolean {
  return text !== '' && (MATCHING.has(callee) || /r/i.test(prefix)) && /[\\^$[\]*+?|().]/.test(text)
}

const CLASSES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    '\\d': ['\\w', '\\D', '[0-9a-fA-F]', '-?\\d'],
    '\\w': ['\\d', '\\S', '[\\w-]', '[\\w.]'],
    '\\s': ['\\S', ' ', '[ \\t]'],
    '\\S': ['\\s', '\\w'],
    '\\W': ['\\w', '\\s'],
    '\\b': [''],
    '.': ['\\.', '[^\\n]', '[\\s\\S]'],
    '^': [''],
    $: ['', '\\Z', '\\b'],
    '*': ['+', '?', '*?', ''],
    '+': ['*', '?', '+?', ''],
    '?': ['', '*', '+'],
    'a-z': ['a-zA-Z', 'A-Z', 'a-z0-9', 'a-z_', 'a-z-'],
    'A-Z': ['a-zA-Z', 'a-z', 'A-Z0-9', 'A-Z_'],
    '0-9': ['0-9a-z', '0-9.', '0-9_', '1-9'],
    'a-zA-Z': ['a-zA-Z0-9', 'a-zA-Z_', 'a-z'],
    '[^': ['['],
  }),
)
const PARTS = /a-zA-Z|a-z|A-Z|0-9|\[\^|\\.|[.^$*+?]/g
const ENDS: readonly (readonly [(pattern: string) => string, number])[] = [
  [(pattern) => `^${pattern}`, 0.6],
  [(pattern) => `${pattern}$`, 0.8],
  [(pattern) => `^${pattern}$`, 0.6],
  [(pattern) => `\\b${pattern}\\b`, 0.4],
  [(pattern) => `${pattern}+`, 0.5],
  [(pattern) => `${pattern}?`, 0.3],
  [(pattern) => `${pattern}*`, 0.3],
]

/** Patterns that differ in one part. */
function* patterns(pattern: string): Generator<readonly [text: string, factor: number]> {
  for (const { 0: part, index } of pattern.matchAll(PARTS)) {
    const head = pattern.slice(0, index)
    const rest = pattern.slice(index + part.length)
    for (const [n, other] of (CLASSES.get(part) ?? []).entries()) yield [`${head}${other}${rest}`, 1 / (1 + n / 2)]
    // An escaped character that means itself, and one more behind a class.
    if (/^\\[^\w\s]$/.test(part)) yield [`${head}${part.slice(1)}${rest}`, 0.4]
    if (/^\\[dwsSWD]$/.test(part) && !/^[*+?{]/.test(rest))
      for (const often of ['+', '*', '?']) yield [`${head}${part}${often}${rest}`, 0.7]
  }
  for (const [end, factor] of ENDS) yield [end(pattern), factor]
}
