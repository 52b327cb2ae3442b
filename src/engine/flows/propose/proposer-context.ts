import { printedText } from '../../core/bytes/index.ts'
import { packContext, type RankedFunction, type SuspectLine, suspectLines } from '../../core/context/index.ts'
import type { Tracer } from '../../ports/tracer.ts'
import { type Round, redMeasurements } from '../measure/index.ts'
import type { Session } from '../session/index.ts'
import { type Investigating, investigateFailure } from './investigate-failure.ts'
import { judgesShownByTrace } from './judges-shown-by-trace.ts'
import { type TracedSession, traceFailure } from './trace-failure.ts'

/** What a proposer may see: the failure, and the files of the base except secrets, the policy, oversized and binary files. */
export interface ProposerContext {
  /** Every file of the base that may be read, path → bytes; judges are readable, changing them is refused later. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly texts: ReadonlyMap<string, string>
  /** Functions of product files, and their lines, the most suspicious first. */
  readonly ranked: readonly RankedFunction[]
  readonly places: readonly SuspectLine[]
  /** Whether it failed in the same way under a tracer; null: no tracer was used. */
  readonly failedAgain: boolean | null
  /** Prompt body for a budget in tokens. */
  context(tokens: number): string
}

/** What is needed to make the context of a proposer. `hidden`: paths that no proposer reads. */
export interface ProposerContextTools {
  readonly hidden: (path: string) => boolean
  readonly tracers: readonly Tracer[]
}

/** The parts of a session that the context of a proposer is made of. */
export type ProposerSession = TracedSession & Investigating & Pick<Session, 'baseReads'>

const FILE_LIMIT = 512 * 1024
const TOTAL_LIMIT = 64 * 1024 * 1024

export async function proposerContext(
  session: ProposerSession,
  base: Round,
  instruments: ProposerContextTools,
): Promise<ProposerContext> {
  const { files, texts } = await readFiles(session, instruments.hidden)
  const { traces, again } = await traceFailure(session, base, instruments.tracers, files)
  await judgesShownByTrace(session, traces)
  const failureContext = await investigateFailure(session, redMeasurements(base), traces, texts)
  const { ranked } = failureContext
  return {
    files,
    texts,
    ranked,
    places: suspectLines(ranked),
    failedAgain: again,
    context: (tokens) => packContext(failureContext, tokens),
  }
}

async function readFiles(session: Pick<Session, 'base' | 'objects' | 'redactor'>, hidden: (path: string) => boolean) {
  const files = new Map<string, Uint8Array>()
  const texts = new Map<string, string>()
  let total = 0
  for (const { path, mode, oid } of await session.objects.list(session.base.tree)) {
    if (!mode.startsWith('100') || hidden(path) || total > TOTAL_LIMIT) continue
    const bytes = await session.objects.read(oid)
    if (bytes.length > FILE_LIMIT) continue
    total += bytes.length
    files.set(path, bytes)
    if (!bytes.includes(0)) texts.set(path, new TextDecoder().decode(session.redactor.redact(bytes).bytes))
  }
  return { files, texts }
}

/** The end of the output of a round's first red target; it goes into the next request. */
export function lastOutput(round: Round): string | null {
  const red = redMeasurements(round)[0]
  return red ? printedText(red.execution).slice(-4000) : null
}
