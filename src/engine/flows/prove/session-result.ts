import { lfsPointerHint } from '../../core/failure/index.ts'
import { spellSource } from '../../core/policy/index.ts'
import { touchedJudges } from '../../core/split/index.ts'
import { isBare } from '../../model/kinds.ts'
import { type AllowedJudge, SCHEMA_VERSION, type SessionResult } from '../../model/session.ts'
import { PROVED_VERDICTS } from '../../model/verdict.ts'
import type { ChangeCandidate } from '../change/index.ts'
import { failuresOf, type Round, redMeasurements } from '../measure/index.ts'
import { type Outcome, patchText, type Session } from '../session/index.ts'
import type { ProvedChange, SessionProgress } from './session-progress.ts'

/** The parts of a session that its answer uses. */
export type ReportedSession = Pick<
  Session,
  | 'allowedBy'
  | 'base'
  | 'baseReads'
  | 'doubts'
  | 'inspector'
  | 'id'
  | 'kind'
  | 'notBounded'
  | 'remarks'
  | 'runs'
  | 'settings'
  | 'sandbox'
  | 'targets'
  | 'warnings'
  | 'workspaces'
  | 'writable'
>

interface EndingParts {
  readonly proved: ProvedChange | null
  readonly patch: Uint8Array | null
  readonly remarks: readonly string[]
}

/** The answer of a session, which its record keeps too. */
export function sessionResult(
  session: ReportedSession,
  progress: SessionProgress,
  end: Outcome,
  { proved, patch, remarks }: EndingParts,
): SessionResult {
  const brings = proved?.change.split
  const counts = proved
    ? countsOf(end, proved)
    : { reds: progress.executed ? 0 : (progress.base?.reds ?? 0), greens: 0 }
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
    ...(proved?.confirmed.focus && { focus: proved.confirmed.focus }),
    ...(progress.trials ? { trials: progress.trials } : {}),
    ...(progress.executed && { executed: progress.executed }),
    judges: proved && proved.change.redTree !== session.base.tree ? 'change' : 'base',
    judgesChanged: brings ? [...brings.tests, ...brings.other].map(({ path }) => path) : [],
    ...(proved &&
      allowedJudgesOf(session, proved.change).length > 0 && { allowed: allowedJudgesOf(session, proved.change) }),
    ...(progress.base && { observed: session.baseReads.seen !== null }),
    ...(proved && proved.confirmed.needs.length > 0 && { needs: [...proved.confirmed.needs] }),
    ...(end.expectations && { expectations: end.expectations }),
    flipped: [...(proved?.confirmed.flipped ?? [])],
    same: proved?.confirmed.same ?? null,
    notShown: proved
      ? [
          ...proved.confirmed.notShown,
          ...doubtful(session, proved.change),
          ...reached(session),
          ...unbounded(session),
          ...unfiltered(session),
        ]
      : [],
    failures: failures(session, progress.base?.round ?? null),
    suspects: [...(progress.suspects ?? [])],
    ...(progress.spent && { spent: progress.spent }),
    sandbox: session.sandbox.kind,
    network: session.settings.network,
    variables: [...session.settings.variables],
    minimal: proved?.minimal ?? 'not asked',
    patch: patchText(patch ?? progress.closest?.patch ?? null),
    warnings: [...remarks, ...session.warnings, ...session.workspaces.facts()],
  }
}

/** Of a change without a red, the runs without it were green. */
function countsOf({ verdict }: Outcome, { confirmed: { reds, greens } }: ProvedChange): SessionResult['counts'] {
  return verdict === 'PRESERVED' ? { reds: 0, greens, before: reds } : { reds, greens }
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

/** What commands fetched over the network is in no tree and in no record. */
function reached({ settings }: Pick<Session, 'settings'>): readonly string[] {
  return settings.network === 'allow' ? ['what the commands did over the network, which was open'] : []
}

function unbounded({ notBounded, sandbox }: Pick<Session, 'notBounded' | 'sandbox'>): readonly string[] {
  return notBounded.length === 0
    ? []
    : [`limits that the sandbox ${sandbox.kind} cannot enforce here: ${notBounded.join(', ')}`]
}

/** A session without a sandbox says so in its first line, which means this, too. */
function unfiltered({ sandbox }: Pick<Session, 'sandbox'>): readonly string[] {
  if (sandbox.enforces.syscalls || isBare(sandbox.kind)) return []
  return [
    `which system calls the commands made: the sandbox ${sandbox.kind} does not filter them here (enforces.syscalls: false)`,
  ]
}

function failures(session: Pick<Session, 'inspector'>, base: Round | null): SessionResult['failures'] {
  if (!base) return []
  return redMeasurements(base).flatMap((measurement) => {
    const { target, reading } = measurement
    const named = failuresOf(session, measurement)
    if (named.length === 0) return [{ id: target.name, message: reading.is === 'red' ? reading.reason : '' }]
    return named.slice(0, TOLD).map(({ id, message = '' }) => ({ id, message: message.slice(0, TOLD_OF_ONE) }))
  })
}

/** How many failures an answer holds of each target, and how many characters of each message, since records keep it. */
const TOLD = 20
const TOLD_OF_ONE = 1000

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
