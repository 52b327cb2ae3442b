import { bytesOf } from '../core/canonical.ts'
import { broughtTests, edits, type Split, splitBeside } from '../core/split.ts'
import { compareSuites } from '../core/suite.ts'
import type { Change } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import { disagreement } from './agreement.ts'
import { undecidedOutcome } from './baseline.ts'
import { type Outcome, outcome } from './outcome.ts'
import { probeChange } from './probe.ts'
import { allGreen, failingTests, measure, type Round, reds, unsettled } from './round.ts'
import type { Session } from './session.ts'

/** A change to be judged: where it starts, where it ends, and its parts. */
export interface Candidate {
  readonly tree: Oid
  readonly changes: readonly Change[]
  readonly split: Split
  /** The base with the tests that the change brings: here it has to be red. */
  readonly redTree: Oid
}

/** Takes a change of the base apart. `supposing`: before a run has shown it, each file that the command names may be the program. */
export async function candidate(session: Session, tree: Oid, supposing = false): Promise<Candidate> {
  const changes = await session.objects.changes(session.base.tree, tree)
  const read = (oid: Oid) => session.objects.read(oid)
  const isProgram = (path: string) =>
    supposing ? session.judges.has(path) : session.judges.get(path)?.judge === 'program'
  const parts = await splitBeside(changes, session.judgeOf, isProgram, read)
  for (const { path, before } of parts.tests)
    if (before === null && session.judgeOf(path) === null)
      session.judges.set(path, { path, judge: 'test', why: 'the command names it' })
  const tests = broughtTests(parts, (path) => session.allowedBy(path) !== null)
  const redTree =
    tests.length > 0
      ? await session.objects.edit(session.base.tree, await edits(tests, 'after', read))
      : session.base.tree
  return { tree, changes, split: parts, redTree }
}

export type Examined =
  | { readonly ok: true; readonly round: Round }
  | { readonly ok: false; readonly round: Round; readonly end: Outcome }

/** One round on the final tree: is every target green, by the suite that was red, with its judges left alone? */
export async function examine(
  session: Session,
  change: Candidate,
  base: Round,
  spec: { on: string; keep: string | null; probe: boolean },
): Promise<Examined> {
  const round = await measure(session, { tree: change.tree, on: spec.on, keep: spec.keep })
  const fail = (end: Outcome): Examined => ({ ok: false, round, end })
  const rigged = rewritten(base, round)
  if (rigged) return fail(rigged)
  const cut = undecidedOutcome(session, round)
  if (cut) return fail(cut)
  if (!allGreen(round)) return fail(await redOutcome(session, change, base, round, spec.probe))
  const vanished = suiteOutcome(base, round)
  return vanished ? fail(vanished) : { ok: true, round }
}

/** Judges that a run rewrote and that the base's own run leaves alone. */
function rewritten(base: Round, round: Round): Outcome | null {
  const usual = new Set(base.measurements.flatMap(({ judgesTouched }) => judgesTouched))
  const path = round.measurements.flatMap(({ judgesTouched }) => judgesTouched).find((touched) => !usual.has(touched))
  return path === undefined ? null : outcome('RIGGED', `a judge was rewritten while the command ran: ${path}`)
}

/** What the suites say, target by target. */
export function suiteOutcome(base: Round, round: Round): Outcome | null {
  for (const [at, { tests, target }] of round.measurements.entries()) {
    const change = compareSuites(base.measurements[at]?.tests ?? null, tests)
    if (!change.ok) return outcome('RIGGED', `${target.name}: ${change.reason}`)
  }
  return null
}

async function redOutcome(
  session: Session,
  change: Candidate,
  base: Round,
  round: Round,
  probe: boolean,
): Promise<Outcome> {
  const same = disagreement(base, round) === null
  if (same && probe) {
    const changed = change.split.product.filter(({ after }) => after !== null).map(({ path }) => path)
    const reads = await probeChange(session, change.tree, round, changed)
    if (reads === 'nothing')
      return outcome(
        'NO_EFFECT',
        'the command does not read this work tree: it fails the same way whatever the files hold',
        'an installed copy may be what it tests: reinstall it from the work tree (worktree.setup) or name another command',
      )
    if (reads === 'product')
      return outcome('NOT_FIXED', 'fails exactly as before, and so it does with the changed files ruined')
  }
  const red = reds(round)[0]
  if (same)
    return outcome('NOT_FIXED', `fails exactly as before: ${red?.reading.is === 'red' ? red.reading.reason : 'red'}`)
  const still = failingTests(round)
  const which = still.length > 0 ? ` (${still.length} failing: ${still.slice(0, 3).join(', ')})` : ''
  const stuck = unsettled(round)?.reading
  if (red?.reading.is === 'red') return outcome('NOT_FIXED', `still red: ${red.reading.reason}${which}`)
  return outcome('NOT_FIXED', `does not run any more: ${stuck?.is === 'invalid' ? stuck.reason : 'undecided'}`)
}

/** The strict patch of a change. */
export async function patchOf(session: Session, change: Candidate): Promise<Uint8Array> {
  return change.changes.length === 0 ? bytesOf('') : session.objects.patch(session.base.tree, change.tree)
}
