import { Lexer } from 'yaml'

/** In bytes of UTF-8. Larger files are refused unread. */
export const MAX_POLICY_BYTES = 65_536
/** Scalars and keys together; empty entries count as much. */
export const MAX_POLICY_SCALARS = 4_000
/** Levels of lists and mappings. */
export const MAX_POLICY_DEPTH = 10
/** In columns. Deeper text is refused before it is composed, because the composer is recursive. */
const MAX_INDENT = 128

/** A limit that a text exceeds. `offset`: in characters, where one place exceeds it; 0 = the whole text does. */
export interface ExceededLimit {
  readonly text: string
  readonly offset: number
}

/**
 * The limit that a policy exceeds, null if none. Counted on tokens, in time linear in the text: composing and checking a text is
 * much slower, and nothing can interrupt it.
 */
export function exceededLimit(text: string): ExceededLimit | null {
  if (new TextEncoder().encode(text).length > MAX_POLICY_BYTES)
    return { text: `the policy file is larger than ${MAX_POLICY_BYTES} bytes`, offset: 0 }
  const counts = { scalars: 0, entries: 0, tags: 0 }
  const levels = levelCounter()
  let offset = 0
  let plain = false
  for (const token of new Lexer().lex(text)) {
    const sign = plain ? '' : (token[0] ?? '')
    plain = token === PLAIN_SCALAR
    if (token === PLAIN_SCALAR || sign === '"' || sign === "'") counts.scalars++
    else if (ENTRIES.has(token)) counts.entries++
    else if (sign === '!' || sign === '&' || sign === '%') counts.tags++
    else if (sign === '*') return { text: 'aliases (*name) are not allowed; write the values out', offset }
    const problem = tooMany(counts) ?? levels(token, plain)
    if (problem !== null) return { text: problem, offset: 0 }
    if (!CONTROL.has(token)) offset += token.length
  }
  return null
}

/** Tokens of the lexer that stand for no text: the next token is a plain scalar, a document begins, a flow ends. */
const PLAIN_SCALAR = '\x1f'
const CONTROL: ReadonlySet<string> = new Set([PLAIN_SCALAR, '\x02', '\x18'])
/** Tokens of which each makes a list item or an entry of a mapping, even without a scalar. */
const ENTRIES: ReadonlySet<string> = new Set(['-', '?', ',', ':'])

function tooMany({ scalars, entries, tags }: { scalars: number; entries: number; tags: number }): string | null {
  // A scalar may have a comma, and a key a colon.
  return scalars > MAX_POLICY_SCALARS || entries > 2 * MAX_POLICY_SCALARS || tags > MAX_POLICY_SCALARS
    ? `the policy has more than ${MAX_POLICY_SCALARS} scalars and keys`
    : null
}

const BREAKS: ReadonlySet<string> = new Set([',', '[', ']', '{', '}'])

/** Counts levels without recursion: brackets, and `-`, `?` or `:` without a line break or a comma between them. */
function levelCounter(): (token: string, plain: boolean) => string | null {
  let [flow, chain, atStart] = [0, 0, true]
  return (token, plain) => {
    const first = token[0]
    if (token === '[' || token === '{') flow++
    else if (token === ']' || token === '}') flow--
    if (token === '-' || token === '?' || token === ':') chain++
    else if (BREAKS.has(token) || ((first === '\n' || first === '\r') && flow === 0)) chain = 0
    if (flow > MAX_POLICY_DEPTH || chain > MAX_POLICY_DEPTH) return tooDeep
    if (atStart && !plain && first === ' ' && token.length > MAX_INDENT)
      return `this is indented by more than ${MAX_INDENT} columns`
    atStart = first === '\n' || first === '\r'
    return null
  }
}

export const tooDeep = `this is nested more than ${MAX_POLICY_DEPTH} levels deep`
