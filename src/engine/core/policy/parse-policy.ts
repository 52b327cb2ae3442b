import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type * as z from 'zod'
import { PolicyFile } from '../../model/policy-file.ts'
import { globProblems } from '../paths/index.ts'
import { exceededLimit, MAX_POLICY_DEPTH, tooDeep } from './policy-limits.ts'
import { explainProblems, placeOf, positionOfPath, type TextPosition } from './policy-problems.ts'

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
  const exceeded = exceededLimit(text)
  if (exceeded) return refused([{ text: exceeded.text, ...positionAt(text, exceeded.offset) }])
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
  const deep = document.contents ? locate(document.contents, { path: '', depth: 1 }, at, positions) : null
  if (deep) return refused([{ text: tooDeep, ...deep }])
  const parsed = PolicyFile.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {}, { reportInput: true })
  if (!parsed.success) return refused(explained(parsed.error.issues, positions))
  const globs = globProblems(parsed.data)
  if (globs.length > 0)
    return refused(
      globs.map(({ key, text }) => ({ text: `${key}: ${text}`, ...positionOfPath(key.split('.'), positions) })),
    )
  return { ok: true, value: parsed.data, lines: new Map([...positions].map(([key, { line }]) => [key, line])) }
}

const byPlace = (a: TextPosition, b: TextPosition) => a.line - b.line || a.column - b.column

/** Only as many problems as are shown are explained: looking for the nearest known key takes time. */
function explained(
  issues: readonly z.core.$ZodIssue[],
  positions: ReadonlyMap<string, TextPosition>,
): LocatedProblem[] {
  const single = issues.flatMap((issue): z.core.$ZodIssue[] =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue],
  )
  const placed = single.map((issue) => ({ issue, ...placeOf(issue, positions) }))
  return placed
    .toSorted(byPlace)
    .slice(0, MAX_PROBLEMS)
    .flatMap(({ issue }) => explainProblems(issue, positions))
}

function positionAt(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
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

/** Records the position of each key and list item. Returns where it is nested too deep; null: nowhere. */
function locate(
  node: Node,
  { path, depth }: { readonly path: string; readonly depth: number },
  at: (offset: number) => TextPosition,
  into: Map<string, TextPosition>,
): TextPosition | null {
  if (depth > MAX_POLICY_DEPTH) return at(offsetOf(node) ?? 0)
  const put = (name: string, key: unknown, value: unknown): TextPosition | null => {
    const child = path === '' ? name : `${path}.${name}`
    const offset = offsetOf(key) ?? offsetOf(value)
    if (offset !== null) into.set(child, at(offset))
    return isMap(value) || isSeq(value) ? locate(value, { path: child, depth: depth + 1 }, at, into) : null
  }
  const entries = isMap(node)
    ? node.items.map(({ key, value }) => [isScalar(key) ? String(key.value) : '', key, value] as const)
    : isSeq(node)
      ? node.items.map((item, n) => [String(n), item, item] as const)
      : []
  for (const [name, key, value] of entries) {
    const deep = put(name, key, value)
    if (deep) return deep
  }
  return null
}

function offsetOf(node: unknown): number | null {
  return (node as Node | null | undefined)?.range?.[0] ?? null
}
