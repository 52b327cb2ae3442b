import { isMap, isScalar, isSeq, Lexer, LineCounter, type Node, parseDocument } from 'yaml'
import { PolicyFile } from '../../model/policy-file.ts'
import { globProblems } from '../paths/index.ts'
import { explainProblems, positionOfPath, type TextPosition } from './policy-problems.ts'

/** In bytes. Larger files are refused unread. */
export const MAX_POLICY_BYTES = 1_048_576
/**
 * Deeper nesting is refused before the text is composed. The composer is recursive, and a stack overflow inside V8's regexp
 * compiler ends the process.
 */
const MAX_DEPTH = 32
const MAX_INDENT = 128
const MAX_PROBLEMS = 20

/** What is wrong with a policy file. `line` and `column` are 1-based; `message` starts with 'file:line:column: '. */
interface PolicyProblem {
  readonly message: string
  readonly line: number
  readonly column: number
}

/** `lines`: key path as written ('policy.deny_write.0', 'proof_targets.1.cmd') → 1-based line. */
export type ParsedPolicy =
  | { readonly ok: true; readonly value: PolicyFile; readonly lines: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

type LocatedProblem = TextPosition & { readonly text: string }

/** Reads a policy file; pure. `file` is its name in messages. */
export function parsePolicy(text: string, as: { file: string; format: 'yaml' | 'json' }): ParsedPolicy {
  const refused = (findings: readonly LocatedProblem[]): ParsedPolicy => ({
    ok: false,
    problems: findings
      .toSorted(byPlace)
      .slice(0, MAX_PROBLEMS)
      .map(({ text, line, column }) => ({
        message: `${as.file}:${line}:${column}: ${text}`,
        line,
        column,
      })),
  })
  const outside =
    text.length > MAX_POLICY_BYTES ? `the policy file is larger than ${MAX_POLICY_BYTES} bytes` : tooDeep(text)
  if (outside) return refused([{ text: outside, line: 1, column: 1 }])
  const counter = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: counter,
    schema: 'core',
    stringKeys: true,
    prettyErrors: false,
  })
  const at = (offset: number): TextPosition => {
    const { line, col } = counter.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const syntax = [...document.errors, ...document.warnings].map((error) => ({
    text: error.message,
    ...at(error.pos[0]),
  }))
  if (syntax.length === 0 && as.format === 'json' && !isJson(text))
    syntax.push({ text: 'this is not valid JSON; if it is YAML, call the file pp.yaml', line: 1, column: 1 })
  if (syntax.length > 0) return refused(syntax)

  const positions = new Map<string, TextPosition>([['', { line: 1, column: 1 }]])
  if (document.contents) locate(document.contents, '', at, positions)
  const value = plain(() => document.toJS({ maxAliasCount: 10 }) as unknown)
  if (!value.ok) return refused([{ text: 'too many aliases (*name); write the values out', line: 1, column: 1 }])
  const parsed = PolicyFile.safeParse(value.value ?? {}, { reportInput: true })
  if (!parsed.success) return refused(parsed.error.issues.flatMap((issue) => explainProblems(issue, positions)))
  const globs = globProblems(parsed.data)
  if (globs.length > 0)
    return refused(
      globs.map(({ key, text }) => ({ text: `${key}: ${text}`, ...positionOfPath(key.split('.'), positions) })),
    )
  return { ok: true, value: parsed.data, lines: new Map([...positions].map(([key, { line }]) => [key, line])) }
}

const byPlace = (a: TextPosition, b: TextPosition) => a.line - b.line || a.column - b.column

/** The depth is counted on tokens, without recursion: brackets, indicators on one line, indentation. */
function tooDeep(text: string): string | null {
  let flow = 0
  let chain = 0
  let start = true
  for (const token of new Lexer().lex(text)) {
    const first = token[0]
    if (token === '[' || token === '{') flow++
    else if (token === ']' || token === '}') flow--
    if (token === '-' || token === '?' || token === ':') chain++
    else if (token === ',' || '[]{}'.includes(token) || (first === '\n' && flow === 0)) chain = 0
    if (flow > MAX_DEPTH || chain > MAX_DEPTH) return `this is nested more than ${MAX_DEPTH} levels deep`
    if (start && first === ' ' && token.length > MAX_INDENT)
      return `this is indented by more than ${MAX_INDENT} columns`
    start = first === '\n' || first === '\r'
  }
  return null
}

function isJson(text: string): boolean {
  return plain(() => JSON.parse(text.replace(/^\ufeff/, '')) as unknown).ok
}

function plain(read: () => unknown): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: read() }
  } catch {
    return { ok: false }
  }
}

/** Records the position of each key and list item. */
function locate(node: Node, path: string, at: (offset: number) => TextPosition, into: Map<string, TextPosition>): void {
  const put = (name: string, key: unknown, value: unknown) => {
    const child = path === '' ? name : `${path}.${name}`
    const offset = offsetOf(key) ?? offsetOf(value)
    if (offset !== null) into.set(child, at(offset))
    if (isMap(value) || isSeq(value)) locate(value, child, at, into)
  }
  if (isMap(node)) for (const { key, value } of node.items) put(isScalar(key) ? String(key.value) : '', key, value)
  if (isSeq(node)) for (const [n, item] of node.items.entries()) put(String(n), item, item)
}

function offsetOf(node: unknown): number | null {
  return (node as Node | null | undefined)?.range?.[0] ?? null
}
