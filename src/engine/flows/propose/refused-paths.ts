import { touchedJudges } from '../../core/split/index.ts'
import type { Refusal } from '../../model/proposal.ts'
import type { ChangeCandidate } from '../change/index.ts'
import { type Classifying, calledByRunner, classifyChange, type Serving, unnamedOf } from '../judges/index.ts'
import type { Session } from '../session/index.ts'

/** Judges that a proposal edits, none of which it may. */
export function judgeRefusals(session: Pick<Session, 'allowedBy'>, { split }: ChangeCandidate): readonly Refusal[] {
  const refusal = (path: string, what: string): Refusal => ({
    rule: 'judges',
    path,
    message: `${path} ${what}, which a proposal may not change; change the product instead`,
    source: null,
  })
  const inside = split.inside.map(({ change, lines }) =>
    refusal(
      change.path,
      `has a test inside (${lines.length === 1 ? 'line' : 'lines'} ${lines.slice(0, 5).join(', ')})`,
    ),
  )
  const judges = touchedJudges(split).map(({ path }) => refusal(path, 'is a judge (a test, its configuration or CI)'))
  return [...judges, ...inside].filter(({ path }) => path !== null && session.allowedBy(path) === null)
}

/**
 * A proposal may change only what the failing run executed, if the policy does not name the path. Data that a judge reads, and
 * code that the test runner calls, have to be named as judges have to.
 */
export async function unreadRefusals(
  session: Classifying & Serving,
  { changes }: ChangeCandidate,
): Promise<readonly Refusal[]> {
  const classes = await classifyChange(session, changes)
  const { byJudges } = session.baseReads
  const decides = (path: string, why: string): Refusal => {
    const line = `--allow ${JSON.stringify(path)}, or policy.tests.allow: ${JSON.stringify([path])} in pp.yaml`
    const message = `${path}: ${why}, so it decides what passes; to let a proposal change it: ${line}`
    return { rule: 'data', path, message, source: null }
  }
  const byJudge = [...classes].flatMap(([path, one]) => {
    const by = one === 'read' && session.allowedBy(path) === null ? byJudges.get(path) : undefined
    return by === undefined ? [] : [decides(path, `${by} reads it`)]
  })
  const called = await calledByRunner(session, changes)
  const known = new Set(byJudge.map(({ path }) => path))
  const deny = (paths: readonly string[], word: string, why: string) =>
    paths.map((path): Refusal => {
      const line = `policy.write_allowlist: ${JSON.stringify([patternFor(path)])} in pp.yaml, or --allow ${JSON.stringify(path)}`
      return { rule: word, path, message: `${path}: ${why}; to let a proposal change it: ${line}`, source: null }
    })
  const data = unnamedOf(session, classes, 'read').filter((path) => !known.has(path))
  return [
    ...byJudge,
    ...called.map((path) => decides(path, 'the test runner calls its fixtures or hooks')),
    ...deny(data, 'data', 'the failing run read it and did not execute it (data)'),
    ...deny(unnamedOf(session, classes, 'not seen'), 'not-seen', 'the failing run did not read it'),
  ]
}

/** A pattern that names the directory of a path; a file at the top is named alone. */
function patternFor(path: string): string {
  return path.includes('/') ? `${path.slice(0, path.lastIndexOf('/'))}/**` : path
}
