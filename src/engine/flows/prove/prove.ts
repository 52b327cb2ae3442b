import { writePatch } from '../../core/bundle/index.ts'
import { appliedPatch, attemptFolder, earlierBaselineFolder, FOLDERS } from '../../core/bundle-layout/index.ts'
import { allowedJudgesPhrase } from '../../core/judges/index.ts'
import type { Oid } from '../../model/oid.ts'
import type { Refusal } from '../../model/proposal.ts'
import type { Tracer } from '../../ports/tracer.ts'
import { SECRET_RULE, secretInMessage } from '../base/index.ts'
import { type ChangeCandidate, changeCandidate, type ExistingChange, patchOf } from '../change/index.ts'
import {
  allGreen,
  failingTestsOf,
  measureTree,
  onceMore,
  type Round,
  type RoundSpec,
  redMeasurements,
  undecidedOutcome,
} from '../measure/index.ts'
import {
  type BaselineResult,
  baseline,
  confirmChange,
  examineChange,
  failingTestsAlone,
  judgesShownByRun,
  type Proving,
  provedAs,
  provedReason,
} from '../proof/index.ts'
import { refsOf } from '../refs/index.ts'
import { decideByTwoRuns, type Meaning, testsChangedOutcome } from '../repeat/index.ts'
import { type Outcome, outcome, type SealedSession, type Session } from '../session/index.ts'
import { type Preserving, preserve } from './preserve.ts'
import { type Ending, runAndSeal } from './session-ending.ts'
import { newProgress, type PendingChange, type SessionProgress } from './session-progress.ts'
import { allowedJudgesOf } from './session-result.ts'
import { stabilize } from './stabilize.ts'

/** The parts of a session that `prove` uses. */
type ProvingChange = Preserving & Ending & Pick<Session, 'guard' | 'history' | 'refs'>

/** Proves or refutes a change that exists, no matter who wrote it. */
export async function proveFlow(
  session: ProvingChange,
  existing: ExistingChange,
  tracers: readonly Tracer[] = [],
): Promise<SealedSession> {
  return runAndSeal(session, newProgress(existing.commit), async (progress) => {
    const change = await changeCandidate(session, existing.tree)
    const patch = await patchOf(session, change)
    const refusals = await refusalsOf(session, existing, change, patch)
    const secret = refusals.some(({ rule }) => rule === SECRET_RULE)
    if (!secret) writePatch(session.record, appliedPatch(1), patch)
    // What holds a secret is not kept: no record of it has a commit.
    const commit = existing.commit ?? (secret ? session.base.commit : await keep(session, existing.tree))
    progress.trying = { n: 1, commit, proposer: 'given', change }
    progress.refusals = refusals
    return decide(session, progress.trying, patch, tracers, progress)
  })
}

/** Why the policy, or a secret in the change or in the message of its commit, refuses a change. */
async function refusalsOf(
  session: Pick<Session, 'base' | 'guard' | 'history' | 'redactor'>,
  { commit }: ExistingChange,
  { changes }: ChangeCandidate,
  patch: Uint8Array,
): Promise<readonly Refusal[]> {
  if (changes.length === 0) return []
  const { message } = commit === null ? { message: '' } : await session.history.commit(commit)
  const inMessage = secretInMessage(message, session.redactor)
  return [...(await session.guard(session.base.tree, changes, patch, 0)), ...(inMessage ? [inMessage] : [])]
}

/** Commits the tree of a change that has no commit of its own. */
async function keep(session: Pick<Session, 'base' | 'clock' | 'history' | 'id' | 'refs'>, tree: Oid): Promise<Oid> {
  const message = `Change to prove in session ${session.id}\n`
  const commit = await session.history.write({ tree, parents: [session.base.commit], message, at: session.clock.now() })
  await session.refs.update([{ ref: refsOf(session.id).attempt(1), to: commit, from: null }])
  return commit
}

async function decide(
  session: Preserving,
  trying: PendingChange,
  patch: Uint8Array,
  tracers: readonly Tracer[],
  progress: SessionProgress,
): Promise<Outcome> {
  const given = trying.change
  if (given.changes.length === 0) return outcome('NOT_RED', 'the change is empty')
  const [denied] = progress.refusals ?? []
  if (denied)
    return outcome('DENIED', denied.message, denied.source ? `see ${denied.source.file}:${denied.source.line}` : null)
  const { flakyPairs, mode } = session.settings
  if (flakyPairs !== null) return stabilize(session, given, flakyPairs, progress)
  const { change, found } = await redOf(session, given.tree)
  progress.trying = { ...trying, change }
  if (!found.ok) {
    const end = (await notRed(session, change, found)) ?? found.end
    const start = end.verdict === 'NOT_RED' && found.green?.tree === change.redTree ? found.green : null
    if (mode === 'fix' || start === null) return end
    return preserve(session, change, { round: start, own: found.own }, tracers, progress)
  }
  if (mode === 'refactor') return failsBefore(found.baseline.round)
  const base = { ...found.baseline, failing: await failingTestsAlone(session, found.baseline.round) }
  progress.base = base
  progress.given = change
  const examined = await examineChange(session, change, base, {
    step: { is: 'change' },
    keep: attemptFolder(1),
    probe: true,
  })
  progress.closest = { patch, round: examined.round }
  if (!examined.ok) return examined.end
  const held = await confirmChange(session, change, base, examined.round)
  if (!held.ok) return held.end
  progress.proved = { change, round: examined.round, confirmed: held.confirmed, minimal: 'not asked' }
  const reason = `${allowedJudgesPhrase(allowedJudgesOf(session, change))}${provedReason(held.confirmed, 'change', change.split.programs)}`
  return outcome(provedAs(session), reason)
}

function failsBefore(round: Round): Outcome {
  const [first] = failingTestsOf(round)
  return outcome(
    'NOT_FIXED',
    `the command fails without the change${first === undefined ? '' : ` (${first})`}, so there is nothing green that the change could keep`,
    'git pp prove --mode fix proves a change by what it mends',
  )
}

const MOST_SPLITS = 3

/**
 * Runs the red tree and splits the change. The split depends on which files the red run shows to be judges, and the red tree
 * depends on the split. So if a run shows new judges, the tree that follows from them is run.
 */
async function redOf(session: Proving, tree: Oid): Promise<{ change: ChangeCandidate; found: BaselineResult }> {
  let change = await changeCandidate(session, tree, true)
  let found = await baseline(session, change.redTree)
  for (let n = 1; n < MOST_SPLITS; n++) {
    const shown = found.ok ? found.baseline.round : session.settings.mode === 'fix' ? null : found.green
    if (shown) await judgesShownByRun(session, shown)
    const again = await changeCandidate(session, tree)
    const same = again.redTree === change.redTree
    change = again
    if (same) break
    keepAside(session, n)
    found = await baseline(session, change.redTree)
  }
  return { change, found }
}

/** If the tree that was run turns out not to be the red tree, its evidence stays in the record under another name. */
function keepAside({ record }: Pick<Session, 'record'>, n: number): void {
  const from = `${FOLDERS.baseline}/`
  for (const [path, part] of [...record])
    if (path.startsWith(from)) {
      record.delete(path)
      record.set(`${earlierBaselineFolder(n)}/${path.slice(from.length)}`, part)
    }
}

/**
 * The outcome if the tree without the product is not red: nothing failed, or the command failed only until the change brought
 * other tests. Null for any other end.
 */
async function notRed(
  session: Proving,
  change: ChangeCandidate,
  { end, own }: { readonly end: Outcome; readonly own: Round | null },
): Promise<Outcome | null> {
  if (end.verdict !== 'ALREADY_GREEN' && end.verdict !== 'INVALID_RED') return null
  if (change.redTree !== session.base.tree) {
    const spec: RoundSpec = { tree: session.base.tree, step: { is: 'base-tests' }, keep: FOLDERS.ownTests }
    const base = own ?? (await measureTree(session, spec))
    const again = () => measureTree(session, onceMore(spec))
    const bought = await decideByTwoRuns(
      session,
      base,
      again,
      ownTestsFail(session, change),
      'of the base with its own tests',
    )
    if (bought) return bought
  }
  if (end.verdict === 'INVALID_RED') return null
  if (change.split.product.length === 0) {
    const spec: RoundSpec = { tree: change.tree, step: { is: 'change' }, keep: attemptFolder(1) }
    const final = await measureTree(session, spec)
    const again = () => measureTree(session, onceMore(spec))
    const against = (round: Round) =>
      allGreen(round) ? null : outcome('NOT_FIXED', 'the command is green without the change, but not with it')
    const broken =
      undecidedOutcome(session, final) ?? (await decideByTwoRuns(session, final, again, against, 'with the change'))
    if (broken) return broken
  }
  const { flakyLine, mode } = session.settings
  const kept =
    mode === 'fix' && change.split.product.length > 0 ? '; if it is meant to keep what works: --mode refactor' : ''
  return outcome(
    'NOT_RED',
    'the command does not fail without the change',
    `name a command that fails on the base, or add a test that fails there${kept}${flakyLine === null ? '' : `; if it fails only in some runs: ${flakyLine}`}`,
  )
}

function ownTestsFail(session: Meaning, { split }: ChangeCandidate): (base: Round) => Promise<Outcome | null> {
  const tests = split.tests.slice(0, 3).map(({ path }) => path)
  const reason = `the command failed, but passes with only the changed tests and no change of the product: ${tests.join(', ')}`
  return async (base) => {
    const [red] = redMeasurements(base)
    return red ? testsChangedOutcome(session, outcome('TESTS_CHANGED', reason), split.tests, red) : null
  }
}
