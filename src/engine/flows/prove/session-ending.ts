import { listSomePaths } from '../../core/judge-mounts/index.ts'
import { PpError } from '../../model/error.ts'
import type { FoundJudge } from '../../model/found-judge.ts'
import type { AttemptSummary } from '../../model/session.ts'
import { PROVED_VERDICTS } from '../../model/verdict.ts'
import { diffStatOf, patchOf } from '../change/index.ts'
import { type Classifying, classifyChange, unnamedOf } from '../judges/index.ts'
import { type Round, redMeasurements } from '../measure/index.ts'
import {
  type Outcome,
  outcome,
  type SealedSession,
  type Sealing,
  type Session,
  type SessionEnding,
  sealSession,
} from '../session/index.ts'
import { codeRemarks, type RemarkedSession } from './code-remarks.ts'
import { readsRecord } from './reads-record.ts'
import type { ProvedChange, SessionProgress } from './session-progress.ts'
import { type ReportedSession, sessionResult } from './session-result.ts'

/** The parts of a session that ending it uses. */
export type Ending = Sealing & ReportedSession & Classifying & RemarkedSession & Pick<Session, 'objects'>

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
  const remarks = proved ? [...(await session.remarks(proved.change.changes)), ...(await unread(session, proved))] : []
  const base = progress.base?.round ?? null
  const looked = proved?.change ?? progress.given
  const code = looked && base && end.verdict !== 'INTERRUPTED' ? await codeRemarks(session, looked, base) : []
  return {
    result: {
      ...sessionResult(session, progress, end, { proved, patch, remarks }),
      ...(code.length > 0 && { remarks: [...code] }),
    },
    redTree: base?.tree ?? null,
    finalTree: proved?.change.tree ?? null,
    proved: proved ? (progress.commit ?? null) : null,
    patch,
    classes: proved ? await recordedClasses(session, proved) : [],
    reads: await readsRecord(session),
    touched: proved?.change.changes.map(({ path }) => path) ?? [],
    tests:
      (proved?.round ?? base)?.measurements.flatMap(({ target, tests }) =>
        tests ? [{ target: target.name, report: tests }] : [],
      ) ?? [],
    reds: base ? redMeasurements(base).map(recordedRed) : [],
  }
}

const WHY = {
  product: 'the run of the base executed it, or changed product names it',
  read: 'the run of the base read it and did not execute it',
  'not seen': 'the run of the base did not read it',
} as const

/** What the files of a change are that are no judges; [] if that was not observed. */
async function recordedClasses(session: Classifying, { change }: ProvedChange): Promise<readonly FoundJudge[]> {
  if (session.baseReads.seen === null) return []
  const classes = await classifyChange(session, change.changes)
  return [...classes].flatMap(([path, one]) => (one === 'judge' ? [] : { path, judge: one, why: WHY[one] }))
}

/** A remark on the changed files that the run of the base did not read; [] if there are none, or if that is not known. */
async function unread(session: Classifying, { change }: ProvedChange): Promise<readonly string[]> {
  const paths = unnamedOf(session, await classifyChange(session, change.changes), 'not seen')
  return paths.length === 0 ? [] : [`the run of the base did not read ${listSomePaths(paths)}`]
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
