import {
  type ApplyResult,
  apply,
  type Caller,
  exportBundle,
  PpError,
  type SessionResult,
  STATUS_OF_VERDICT,
  sessionText,
  verdictLine,
  worstStatus,
} from '../engine/index.ts'
import { appliedText } from './apply.ts'
import { toCommandError } from './print-error.ts'
import { verifyOptions } from './trust-options.ts'
import type { CommandAnswer } from './verb.ts'

/** How many lines of a diff the answer of a session shows; `show` prints all of them. */
const PATCH_LINES = 120

/** What this call has proved itself needs no further signature. */
const OURS = verifyOptions([], {
  key: undefined,
  'key-env': undefined,
  mode: undefined,
  trust: undefined,
  'trust-from': undefined,
  'allow-unsigned': true,
  accept: 'refactor',
})

interface SessionAnswer {
  readonly result: SessionResult & { readonly artifacts?: string | null; readonly applied?: ApplyResult | null }
  readonly status: number
}

/** The answer for the sessions of one call. `many`: JSON has `results`, however many there are. */
export async function sessionAnswer(
  results: readonly SessionResult[],
  options: {
    readonly caller: Caller
    readonly artifacts: boolean
    readonly apply: boolean
    readonly many: boolean
  },
): Promise<CommandAnswer> {
  const { caller, artifacts, many } = options
  const told: SessionAnswer[] = []
  for (const result of results) {
    const plain = {
      result,
      status: worstStatus([statusOf(result, caller.signal), result.attestation === null ? 4 : 0]),
    }
    const landed = options.apply ? await userCheckout(plain, caller) : plain
    told.push(artifacts && result.base !== null ? await exported(landed, caller) : landed)
  }
  const status = worstStatus(told.map((one) => one.status))
  const decisive = told.find((one) => one.status === status)?.result
  if (decisive === undefined) throw new PpError('USAGE', 'the change is empty, so there is nothing to prove')
  const { verdict, reason } = decisive
  const all = told.map((one) => one.result)
  return {
    status,
    json: many ? { verdict, reason, results: all } : decisive,
    lines: (paint) => all.flatMap((one, at) => [...(at > 0 ? [''] : []), ...lines(one, paint)]),
    line: (paint) => verdictLine(decisive, paint),
  }
}

function lines(result: SessionAnswer['result'], paint: Parameters<typeof sessionText>[1]): readonly string[] {
  const text = sessionText(result, paint, PATCH_LINES)
  return [
    ...text,
    ...(result.applied ? appliedText(result.applied) : []),
    ...(result.artifacts ? [`exported:  ${result.artifacts}`] : []),
  ]
}

/** An interrupted session ends with the status of the signal that ended it. */
function statusOf(result: SessionResult, signal: AbortSignal): number {
  const stopped: unknown = result.verdict === 'INTERRUPTED' ? signal.reason : null
  return stopped instanceof PpError ? stopped.status : STATUS_OF_VERDICT[result.verdict]
}

/** Applies a proved change to the user's files; if something is in the way, that decides the status. */
async function userCheckout(told: SessionAnswer, caller: Caller): Promise<SessionAnswer> {
  const { result } = told
  if (result.final === null || told.status !== 0) return told
  const applied = await apply(caller, { proof: result.session, commit: false, trust: OURS })
  return { result: { ...result, applied }, status: applied.applied ? told.status : worstStatus([told.status, 1]) }
}

/** Exports the proof as a directory; a failed export does not change the result, but the status shows it. */
async function exported(told: SessionAnswer, caller: Caller): Promise<SessionAnswer> {
  try {
    const artifacts = await exportBundle(caller, told.result.session, null)
    return { ...told, result: { ...told.result, artifacts } }
  } catch (error) {
    const fault = toCommandError(error)
    const warnings = [...told.result.warnings, `not exported: ${fault.message}`]
    return { result: { ...told.result, warnings, artifacts: null }, status: worstStatus([told.status, fault.status]) }
  }
}
