/** One simple command of a shell line: what a shell would start, with where it starts it and what becomes of its status. */
export interface SimpleCommand {
  /** Program and operands, quotes taken off; `$` and wildcards stand as they were written. */
  readonly words: readonly string[]
  /** Variables that are set before the program, or by the head of a loop: name and value. */
  readonly sets: readonly (readonly [name: string, value: string])[]
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Where it starts, seen from where the line does; null: only a run could tell. */
  readonly dir: string | null
  /** Its own exit status decides nothing: its output is read by another command, or it runs in the background. */
  readonly aside: boolean
}

type ShellToken =
  | { readonly is: 'word'; readonly text: string; readonly inner: readonly string[]; readonly quoted: boolean }
  | { readonly is: 'op'; readonly op: string }

const OPERATOR = /^(?:&&|\|\||;;|\|&|&>>?|[0-9]*(?:<<<|<<-?|>>|<&|>&|>\||<>|<|>)|[;|&()\n])/
const REDIRECTION = /[<>]/
/** Words of the shell's own grammar that stand where a program could, and what ends those that open a group. */
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

/** The simple commands of a line for `sh -c`, in the order in which they are written, those of substitutions included. Total. */
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
  /** A pipe fails where any part of it does. */
  readonly piped: boolean
  readonly depth: number
}

/** Commands up to `closer`, or to the end of the line; returns the directory after them. */
function readList(
  reading: ShellReader,
  found: SimpleCommand[],
  start: string | null,
  closer: string | null,
): string | null {
  let dir = start
  /** Where the commands begin that the next operator speaks of. */
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

/** 'for f in a b' sets f to each. */
function readHead(reading: ShellReader, found: SimpleCommand[], dir: string | null): void {
  readSimple(reading, found, dir)
  const head = found.pop()
  const [name = '', , ...each] = head?.words ?? []
  if (head) found.push({ ...head, words: [], sets: each.map((value) => [name, value] as const) })
}

/** The commands of its substitutions, then the simple command itself. */
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
  // 'x=$(sh check.sh)' ends as what it runs does.
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

/** A group stands next. */
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

/** The text that a command reads from the line itself is nothing that the shell runs. */
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
  /** What stands in its substitutions. */
  readonly inner: readonly string[]
  readonly quoted: boolean
  /** How many letters of the line it takes. */
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

/** Where the substitution that opens at `from` ends. */
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
