/** One simple command of a shell line: what is started, where, and whether its status counts. */
export interface SimpleCommand {
  /** Program and operands without their quotes; `$` and wildcards stay as written. */
  readonly words: readonly string[]
  /** Variables that are set before the program, or by the head of a loop: name and value. */
  readonly sets: readonly (readonly [name: string, value: string])[]
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Where it starts, relative to the start of the line; null: only a run could tell. */
  readonly dir: string | null
  /** Its own exit status decides nothing: another command reads its output, or it runs in the background. */
  readonly aside: boolean
}

type ShellToken =
  | { readonly is: 'word'; readonly text: string; readonly inner: readonly string[]; readonly quoted: boolean }
  | { readonly is: 'op'; readonly op: string }

const OPERATOR = /^(?:&&|\|\||;;|\|&|&>>?|[0-9]*(?:<<<|<<-?|>>|<&|>&|>\||<>|<|>)|[;|&()\n])/
const REDIRECTION = /[<>]/
/** Words of the shell's grammar that can be in the place of a program, and the words that close those that open a group. */
const GRAMMAR = new Set('then else elif do ! time'.split(' '))
const CLOSES: Readonly<Record<string, string>> = {
  '(': ')',
  '{': '}',
  if: 'fi',
  while: 'done',
  until: 'done',
  for: 'done',
  case: 'esac',
}
const DEEPEST = 8

/**
 * The simple commands of a line for `sh -c`, in the order in which they are written, including those in substitutions. Never
 * throws.
 */
export function simpleCommandsOf(line: string, dir: string | null = '', depth = 0): SimpleCommand[] {
  if (depth > DEEPEST) return []
  const found: SimpleCommand[] = []
  const reading: ShellReader = { tokens: tokensOf(line), at: 0, piped: /pipefail|PIPESTATUS/.test(line), depth }
  readList(reading, found, dir, null)
  return found
}

interface ShellReader {
  readonly tokens: readonly ShellToken[]
  at: number
  /** Whether a pipe fails if any part of it fails (pipefail). */
  readonly piped: boolean
  readonly depth: number
}

/** Reads commands up to `closer`, or to the end of the line; returns the directory after them. */
function readList(
  reading: ShellReader,
  found: SimpleCommand[],
  start: string | null,
  closer: string | null,
): string | null {
  let dir = start
  /** The index of the first command that the next operator applies to. */
  let open = found.length
  for (let token = reading.tokens[reading.at]; token; token = reading.tokens[reading.at]) {
    const said = token.is === 'op' ? token.op : token.quoted ? '' : token.text
    const closes = CLOSES[said]
    if (said === closer) {
      reading.at++
      break
    }
    if (closes !== undefined) {
      reading.at++
      if (said === 'for') readHead(reading, found, dir)
      const after = readList(reading, found, dir, closes)
      if (said !== '(') dir = after
    } else if (token.is === 'op' && !REDIRECTION.test(said)) {
      reading.at++
      if (said === '&' || (/^\|&?$/.test(said) && !reading.piped)) setAside(found, open)
      open = found.length
    } else {
      readSimple(reading, found, dir)
      dir = movedBy(found.at(-1), dir)
    }
  }
  return dir
}

/** Reads the head of a loop: 'for f in a b' sets f to each value. */
function readHead(reading: ShellReader, found: SimpleCommand[], dir: string | null): void {
  readSimple(reading, found, dir)
  const head = found.pop()
  const [name = '', , ...each] = head?.words ?? []
  if (head) found.push({ ...head, words: [], sets: each.map((value) => [name, value] as const) })
}

/** Reads one simple command; the commands of its substitutions are added before it. */
function readSimple(reading: ShellReader, found: SimpleCommand[], dir: string | null): void {
  const words: string[] = []
  const sets: [string, string][] = []
  const files: Record<'<' | '>', string[]> = { '<': [], '>': [] }
  const [asked, set]: [string[], string[]] = [[], []]
  for (let token = next(reading); token; token = next(reading)) {
    if (token.is === 'op') {
      const file = next(reading)
      if (file?.is !== 'word') continue
      asked.push(...file.inner)
      if (!/<<|[<>]&/.test(token.op)) files[token.op.includes('>') ? '>' : '<'].push(file.text)
    } else if (words.length === 0 && !token.quoted && GRAMMAR.has(token.text)) {
      if (opens(reading)) return
    } else if (words.length === 0 && /^\w+\+?=/.test(token.text)) {
      const at = token.text.indexOf('=')
      sets.push([token.text.slice(0, at).replace('+', ''), token.text.slice(at + 1)])
      set.push(...token.inner)
    } else {
      words.push(token.text)
      asked.push(...token.inner)
    }
  }
  const inside = (lines: readonly string[]) => lines.flatMap((line) => simpleCommandsOf(line, dir, reading.depth + 1))
  const aside = inside(words.length === 0 ? asked : [...asked, ...set]).map((one) => ({ ...one, aside: true }))
  // The status of 'x=$(sh check.sh)' is that of the command inside.
  const own = words.length === 0 ? inside(set) : []
  found.push(...aside, ...own, { words, sets, inputs: files['<'], outputs: files['>'], dir, aside: false })
}

/** Takes the next token of a simple command; undefined at its end. */
function next(reading: ShellReader): ShellToken | undefined {
  const token = reading.tokens[reading.at]
  if (token === undefined || (token.is === 'op' && !REDIRECTION.test(token.op))) return undefined
  reading.at++
  return token
}

/** Whether a group begins at the next token. */
function opens({ tokens, at }: ShellReader): boolean {
  const token = tokens[at]
  return token !== undefined && CLOSES[token.is === 'op' ? token.op : token.text] !== undefined
}

function setAside(found: SimpleCommand[], from: number): void {
  for (let at = from; at < found.length; at++) {
    const one = found[at]
    if (one) found[at] = { ...one, aside: true }
  }
}

function movedBy(simple: SimpleCommand | undefined, dir: string | null): string | null {
  const [verb, to] = simple?.words ?? []
  if (verb !== 'cd' && verb !== 'pushd') return dir
  if (dir === null || to === undefined || /^[-~/]|[$`*?]/.test(to)) return null
  return dir === '' ? to : `${dir}/${to}`
}

function tokensOf(line: string): ShellToken[] {
  const tokens: ShellToken[] = []
  let rest = line.slice(0, 65_536).replace(/\\\r?\n/g, '')
  while (rest !== '') {
    const blank = /^(?:[ \t\r]+|#[^\n]*)/.exec(rest)?.[0]
    const op = OPERATOR.exec(rest)?.[0]
    if (blank !== undefined) rest = rest.slice(blank.length)
    else if (op !== undefined) {
      tokens.push({ is: 'op', op })
      rest = rest.slice(op.length)
      if (/<<-?$/.test(op)) rest = withoutHeredoc(rest)
    } else {
      const word = wordOf(rest)
      tokens.push({ is: 'word', text: word.text, inner: word.inner, quoted: word.quoted })
      rest = rest.slice(Math.max(1, word.length))
    }
  }
  return tokens
}

/** The text of a here-document is input of a command; the shell does not run it. */
function withoutHeredoc(rest: string): string {
  const end = /^\s*(['"]?)(\w+)\1/.exec(rest)?.[2]
  const body = rest.indexOf('\n')
  if (end === undefined || body === -1) return rest
  const closing = new RegExp(`\\n\\t*${end}(?:\\n|$)`).exec(rest.slice(body))
  return closing
    ? `${rest.slice(0, body)}\n${rest.slice(body + closing.index + closing[0].length)}`
    : rest.slice(0, body)
}

interface ShellWord {
  readonly text: string
  /** The commands inside of its substitutions. */
  readonly inner: readonly string[]
  readonly quoted: boolean
  /** How many characters of the line it takes. */
  readonly length: number
}

function wordOf(rest: string): ShellWord {
  let text = ''
  let at = 0
  let quote = ''
  let quoted = false
  const inner: string[] = []
  for (; at < rest.length; at++) {
    const char = rest[at] ?? ''
    if (quote === "'") {
      if (char === "'") quote = ''
      else text += char
    } else if (char === '\\') {
      at++
      text += rest[at] ?? ''
    } else if (char === '"' || (char === "'" && quote === '')) {
      quote = quote === char ? '' : char
      quoted = true
    } else if (char === '`' || /^[$<>]\(/.test(rest.slice(at, at + 2))) {
      const end = closes(rest, at)
      inner.push(rest.slice(at + (char === '`' ? 1 : 2), end))
      text += rest.slice(at, end + 1)
      at = end
    } else if (rest.startsWith('${', at)) {
      const end = Math.max(at, rest.indexOf('}', at))
      text += rest.slice(at, end + 1)
      at = end
    } else if (quote === '' && /[\s;|&()<>]/.test(char)) break
    else text += char
  }
  return { text, inner, quoted, length: at }
}

/** The index at which the substitution that opens at `from` ends. */
function closes(rest: string, from: number): number {
  if (rest[from] === '`') {
    const end = rest.indexOf('`', from + 1)
    return end === -1 ? rest.length : end
  }
  let depth = 0
  let quote = ''
  for (let at = from + 1; at < rest.length; at++) {
    const char = rest[at] ?? ''
    if (quote !== '') quote = char === quote ? '' : quote
    else if (char === "'" || char === '"') quote = char
    else if (char === '(') depth++
    else if (char === ')' && --depth === 0) return at
  }
  return rest.length
}
