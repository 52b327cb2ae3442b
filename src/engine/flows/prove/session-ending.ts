import { lfsPointerHint } from '../../core/failure/index.ts'
import { spellSource } from '../../core/policy/index.ts'
import { touchedJudges } from '../../core/split/index.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { Refusal } from '../../model/proposal.ts'
import {
  type AllowedJudge,
  type AttemptSummary,
  SCHEMA_VERSION,
  type SessionResult,
  type Trials,
} from '../../model/session.ts'
import { PROVED_VERDICTS } from '../../model/verdict.ts'
import { type Round, redMeasurements } from '../measure/index.ts'
import type { Baseline, ConfirmedRuns } from '../proof/index.ts'
import {
  type ChangeCandidate,
  diffStatOf,
  type Outcome,
  outcome,
  patchOf,
  patchText,
  type SealedSession,
  type Sealing,
  type Session,
  type SessionEnding,
  sealSession,
} from '../session/index.ts'

/** A change that was confirmed, and what was shown of it. */
export interface ProvedChange {
  readonly change: ChangeCandidate
  readonly round: Round
  readonly confirmed: ConfirmedRuns
  readonly minimal: SessionResult['minimal']
}

/** A committed change whose verdict is not known yet. */
export interface PendingChange {
  readonly n: number
  readonly commit: Oid
  readonly proposer: string
  readonly change: ChangeCandidate
}

/** What a session has found so far; kept when it is interrupted. */
export interface SessionProgress {
  readonly attempts: AttemptSummary[]
  /** Why the policy refuses the change whose verdict is not known yet. */
  refusals?: readonly Refusal[]
  trying: PendingChange | null
  base: Baseline | null
  proved: ProvedChange | null
  /** With `--flaky`: how often it failed. */
  trials?: Trials | null
  /** The last change that ran, kept to show how near it came. */
  closest: { readonly patch: Uint8Array; readonly round: Round } | null
  suspects?: readonly string[]
  /** For `prove COMMIT`: the commit itself. */
  commit?: Oid | null
}

export function newProgress(commit: Oid | null): SessionProgress {
  return { attempts: [], trying: null, base: null, proved: null, closest: null, commit }
}

/** The parts of a session that telling what it came to uses. */
export type Ending = Sealing &
  Pick<
    Session,
    | 'allowedBy'
    | 'doubts'
    | 'kind'
    | 'notBounded'
    | 'objects'
    | 'remarks'
    | 'runs'
    | 'sandbox'
    | 'targets'
    | 'warnings'
    | 'writable'
  >

/** Runs the body of a session and seals the result; if the session is interrupted, it seals what was found until then. */
export async function runAndSeal(
  session: Ending,
  progress: SessionProgress,
  body: (progress: SessionProgress) => Promise<Outcome>,
): Promise<SealedSession> {
  const end = await body(progress).catch((error: unknown) => interrupted(error))
  await settlePendingChange(session, progress, end)
  return sealSession(session, await sessionEnding(session, progress, end))
}

/** Gives the pending change its verdict; does nothing when there is none. */
export async function settlePendingChange(
  session: Ending,
  progress: SessionProgress,
  end: Outcome,
): Promise<AttemptSummary | null> {
  if (progress.trying === null) return null
  const { n, commit, proposer, change } = progress.trying
  progress.trying = null
  const lines = await diffStatOf(session, change)
  const refusals = [...(progress.refusals ?? [])]
  const tried = refusals.length === 0 ? commit : null
  const summary = { n, commit: tried, verdict: end.verdict, reason: end.reason, proposer, ...lines, refusals }
  progress.attempts.push(summary)
  return summary
}

function interrupted(error: unknown): Outcome {
  if (error instanceof PpError && (error.code === 'INTERRUPTED' || error.code === 'TERMINATED'))
    return outcome('INTERRUPTED', error.message, 'the results so far are kept; git pp show prints them')
  throw error
}

/** Collects everything that a session found, ready to be sealed. */
export async function sessionEnding(session: Ending, progress: SessionProgress, end: Outcome): Promise<SessionEnding> {
  const proved = PROVED_VERDICTS.has(end.verdict) ? progress.proved : null
  const patch = proved ? await patchOf(session, proved.change) : null
  const remarks = proved ? await session.remarks(proved.change.changes) : []
  const base = progress.base?.round ?? null
  return {
    result: answer(session, progress, end, { proved, patch, remarks }),
    redTree: base?.tree ?? null,
    finalTree: proved?.change.tree ?? null,
    proved: proved ? (progress.commit ?? null) : null,
    patch,
    touched: proved?.change.changes.map(({ path }) => path) ?? [],
    tests:
      (proved?.round ?? base)?.measurements.flatMap(({ target, tests }) =>
        tests ? [{ target: target.name, report: tests }] : [],
      ) ?? [],
    reds: base ? redMeasurements(base).map(recordedRed) : [],
  }
}

/** The hint if the remaining failure looks as if the command read a git-lfs pointer in the place of a file. */
function pointed(
  session: Pick<Session, 'workspaces'>,
  { base, closest }: SessionProgress,
  end: Outcome,
): string | null {
  const round = closest?.round ?? base?.round
  if (PROVED_VERDICTS.has(end.verdict) || !round) return null
  const text = ({ stdout, stderr }: Round['measurements'][number]['execution']) =>
    [stdout, stderr].map(({ kept }) => new TextDecoder().decode(kept)).join('\n')
  const pointers = session.workspaces.unfiltered().get('lfs') ?? []
  return lfsPointerHint(
    redMeasurements(round)
      .map(({ execution }) => text(execution))
      .join('\n'),
    pointers,
  )
}

function recordedRed({
  target,
  reading,
  headline,
  execution,
}: Round['measurements'][number]): SessionEnding['reds'][number] {
  return {
    target: target.name,
    failing: reading.is === 'red' ? reading.failing : [],
    headline,
    ended: execution.ended.how === 'exited' ? `exited ${execution.ended.code}` : execution.ended.how,
  }
}

interface EndingParts {
  readonly proved: ProvedChange | null
  readonly patch: Uint8Array | null
  readonly remarks: readonly string[]
}

function answer(
  session: Ending,
  progress: SessionProgress,
  end: Outcome,
  { proved, patch, remarks }: EndingParts,
): SessionResult {
  const brings = proved?.change.split
  const counts = proved
    ? { reds: proved.confirmed.reds, greens: proved.confirmed.greens }
    : { reds: progress.base?.reds ?? 0, greens: 0 }
  return {
    schemaVersion: SCHEMA_VERSION,
    kind: session.kind === 'prove' ? 'prove' : 'run',
    verdict: end.verdict,
    reason: end.reason,
    mend: pointed(session, progress, end) ?? end.mend,
    session: session.id,
    base: session.base.commit,
    snapshot: session.base.snapshot,
    // A placeholder for "there will be a commit" until the commit is written; null = there will be none.
    final: proved ? session.base.commit : null,
    targets: [...session.targets],
    attempts: [...progress.attempts],
    runs: [...session.runs],
    counts,
    ...(progress.trials ? { trials: progress.trials } : {}),
    judges: proved && proved.change.redTree !== session.base.tree ? 'change' : 'base',
    judgesChanged: brings ? [...brings.tests, ...brings.other].map(({ path }) => path) : [],
    ...(proved &&
      allowedJudgesOf(session, proved.change).length > 0 && { allowed: allowedJudgesOf(session, proved.change) }),
    ...(end.expectations && { expectations: end.expectations }),
    flipped: [...(proved?.confirmed.flipped ?? [])],
    same: proved?.confirmed.same ?? null,
    notShown: proved
      ? [...proved.confirmed.notShown, ...doubtful(session, proved.change), ...reached(session), ...unbounded(session)]
      : [],
    failures: failures(progress.base?.round ?? null),
    suspects: [...(progress.suspects ?? [])],
    sandbox: session.sandbox.kind,
    network: session.settings.network,
    variables: [...session.settings.variables],
    minimal: proved?.minimal ?? 'not asked',
    patch: patchText(patch ?? progress.closest?.patch ?? null),
    warnings: [...(brings?.programs ?? []).map(alone), ...remarks, ...session.warnings, ...session.workspaces.facts()],
  }
}

/** The judges that the change, or only its run, is allowed to write and did write. */
export function allowedJudgesOf(
  session: Pick<Session, 'allowedBy' | 'writable'>,
  { split }: ChangeCandidate,
): AllowedJudge[] {
  const { base, red } = session.writable
  const written = [...red.keys()].filter((path) => !base.has(path))
  const touched = new Set([...touchedJudges(split).map(({ path }) => path), ...written])
  return [...touched].flatMap((path) => {
    const source = session.allowedBy(path)
    return source === null ? [] : [{ path, by: source.from === 'flag' ? 'the user' : spellSource(source) }]
  })
}

function doubtful({ doubts }: Pick<Session, 'doubts'>, { split }: ChangeCandidate): string[] {
  const touched = split.product.filter(({ path }) => doubts.has(path))
  return touched.map(({ path }) => `whether ${path} is a test: an assertion in it failed, but no test runner names it`)
}

function alone(path: string): string {
  return `${path} is both the command and the program under test, so nothing outside of it decided`
}

/** What commands fetched over the network is in no tree and in no record. */
function reached({ settings }: Pick<Session, 'settings'>): readonly string[] {
  return settings.network === 'allow' ? ['what the commands did over the network, which was open'] : []
}

function unbounded({ notBounded, sandbox }: Pick<Session, 'notBounded' | 'sandbox'>): readonly string[] {
  return notBounded.length === 0
    ? []
    : [`limits that the sandbox ${sandbox.kind} cannot enforce here: ${notBounded.join(', ')}`]
}

function failures(base: Round | null): SessionResult['failures'] {
  if (!base) return []
  return redMeasurements(base).flatMap(({ tests, target, reading }) => {
    const named = tests?.tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'error') ?? []
    if (named.length === 0) return [{ id: target.name, message: reading.is === 'red' ? reading.reason : '' }]
    return named.slice(0, 20).map(({ id, message }) => ({ id, message: message ?? '' }))
  })
}
