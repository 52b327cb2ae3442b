import { failing } from '../core/reading.ts'
import type { Edits } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import type { Runner } from '../ports/runner.ts'
import type { Candidate } from './examine.ts'
import { type Outcome, outcome } from './outcome.ts'
import { type Measurement, measure, type Round } from './round.ts'
import type { Session } from './session.ts'

const FILES_TRIED = 3

/**
 * One failing test is added to the final tree: it must fail. Where it does not, the same is tried on the red tree: if it
 * fails there, the change has bought the runner; if not, the command does not pick the test up, which is listed.
 */
export async function addedFailingTest(
  session: Session,
  change: Candidate,
  base: Round,
  green: Round,
  notShown: string[],
): Promise<Outcome | null> {
  for (const measurement of green.measurements) {
    const { runner, target } = measurement
    const name = `pp_added_${session.id.slice(-8)}`
    if (session.settings.runs === 0 || session.settings.runs === 1) {
      notShown.push(`${target.name}: that an added failing test fails (asked for one run)`)
      continue
    }
    if (!runner) {
      notShown.push(`${target.name}: that an added failing test fails (no known runner)`)
      continue
    }
    const red = base.measurements.find((one) => one.target.name === target.name)
    const verdict = await tryFiles(session, change, runner, measurement, red ?? measurement, name)
    if (verdict === 'bought')
      return outcome(
        'RIGGED',
        `${target.name}: a failing test that was added passes with the change, and fails without it`,
      )
    if (verdict === 'not picked up')
      notShown.push(`${target.name}: that an added failing test fails (the command does not pick it up)`)
  }
  return null
}

async function tryFiles(
  session: Session,
  change: Candidate,
  runner: Runner,
  green: Measurement,
  red: Measurement,
  name: string,
): Promise<'fails' | 'bought' | 'not picked up'> {
  for (const [path, text] of await testFiles(session, change.tree, runner, red, name)) {
    const edits: Edits = new Map([[path, { bytes: new TextEncoder().encode(text), mode: '100644' }]])
    const on = (tree: Oid, label: string, keep: string | null) =>
      measure(session, { tree, on: label, keep, targets: [green.target], edits })
    const final = await on(change.tree, 'added failing test', 'verification/added_failing_test')
    if (fails(final, name)) return 'fails'
    const before = await on(change.redTree, 'added failing test, without the change', null)
    if (fails(before, name)) return 'bought'
  }
  return 'not picked up'
}

/** The added test itself has to be seen failing; where a runner names no tests, one more failure has to be counted. */
function fails(round: Round, name: string): boolean {
  return round.measurements.some(
    ({ reading, tests }) => reading.is === 'red' && failing(tests).some((id) => id.includes(name)),
  )
}

/** Test files that this runner can add a test to, those of the failing tests first: path → text with the test added. */
async function testFiles(
  session: Session,
  tree: Oid,
  runner: Runner,
  red: Measurement,
  name: string,
): Promise<readonly (readonly [string, string])[]> {
  const entries = (await session.objects.list(tree)).filter(
    ({ mode, path }) => mode.startsWith('100') && session.judgeOf(path) === 'test',
  )
  const named = red.tests?.tests.filter(({ outcome: how }) => how === 'failed' || how === 'error') ?? []
  const output = [...session.inspector.places(red.execution)].map(({ path }) => path)
  const rank = (path: string): number => {
    if (named.some(({ id, file }) => file === path || id.startsWith(`${path}::`) || file?.endsWith(`/${path}`)))
      return 0
    return output.includes(path) ? 1 : 2
  }
  const found: [string, string][] = []
  for (const { path, oid } of [...entries].sort((a, b) => rank(a.path) - rank(b.path))) {
    const text = new TextDecoder().decode(await session.objects.read(oid))
    const added = runner.addFailingTest(path, text, name)
    if (added !== null) found.push([path, added])
    if (found.length === FILES_TRIED) break
  }
  return found
}
