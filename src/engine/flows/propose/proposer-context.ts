import {
  type AskedCode,
  type FailureContext,
  importedFiles,
  packContext,
  type RankedFunction,
  type SuspectLine,
  suspectLines,
  testHelpers,
} from '../../core/context/index.ts'
import type { Tracer } from '../../ports/tracer.ts'
import { type Round, redMeasurements, type TracedSession } from '../measure/index.ts'
import type { Session } from '../session/index.ts'
import { expectedValues } from './expected-values.ts'
import { type Investigating, investigateFailure } from './investigate-failure.ts'
import { judgesShownByTrace } from './judges-shown-by-trace.ts'
import { traceFailure, traceTests } from './trace-failure.ts'
import { type VisibleFiles, visibleFiles } from './visible-files.ts'

/** What a proposer may see: the failure, and the files of the base except secrets, the policy, oversized and binary files. */
export interface ProposerContext {
  readonly files: VisibleFiles
  /** Functions of product files, and their lines, the most suspicious first. */
  readonly ranked: readonly RankedFunction[]
  readonly places: readonly SuspectLine[]
  /** Whether it failed in the same way under a tracer; null: no tracer was used. */
  readonly failedAgain: boolean | null
  /** Numbers and strings of the failing assertions that the product does not hold. */
  readonly expected: ReadonlySet<string>
  /** Prompt body for a budget in tokens; `asked`: what earlier answers asked for. */
  context(tokens: number, asked?: readonly AskedCode[]): string
}

/** What is needed to make the context of a proposer. `hidden`: paths that no proposer reads. */
export interface ProposerContextTools {
  readonly hidden: (path: string) => boolean
  readonly tracers: readonly Tracer[]
}

/** The parts of a session that the context of a proposer is made of. */
export type ProposerSession = TracedSession & Investigating & Pick<Session, 'baseReads'>

/** If one trace leaves more functions nearly alike than this, the tests of a process are told apart by another one. */
const MOST_ALIKE = 5
/** Relative to the most suspicious function. */
const NEARLY = 0.5

/** How many functions are nearly as suspicious as the most suspicious one, by what tests ran. */
function atTheTop({ ranked }: FailureContext): number {
  const top = ranked.reduce((most, { executed }) => Math.max(most, executed), 0)
  return ranked.filter(({ executed }) => executed >= NEARLY * top && top > 0).length
}

/** A helper of tests, or a file whose fixtures the runner calls, is suspicious only if nothing else is. */
async function withoutHelpers(
  session: Pick<Session, 'judgeOf' | 'baseReads'>,
  files: VisibleFiles,
  places: readonly SuspectLine[],
): Promise<readonly SuspectLine[]> {
  const product = [...new Set(places.map(({ path }) => path))]
  const imported = new Map<string, readonly string[]>()
  for (const path of product) imported.set(path, importedFiles((await files.text(path)) ?? '', path, product))
  const tests = files.paths.filter((path) => session.judgeOf(path) === 'test')
  const helpers = testHelpers({ product, tests, imports: (path) => imported.get(path) ?? [] })
  const kept = places.filter(({ path }) => !helpers.has(path) && !session.baseReads.byRunner.has(path))
  return kept.length > 0 ? kept : places
}

export async function proposerContext(
  session: ProposerSession,
  base: Round,
  instruments: ProposerContextTools,
): Promise<ProposerContext> {
  const files = await visibleFiles(session, instruments.hidden)
  const { traces, again } = await traceFailure(session, base, instruments.tracers, files)
  await judgesShownByTrace(session, traces)
  const red = redMeasurements(base)
  const first = await investigateFailure(session, red, traces, files)
  const apart = atTheTop(first) > MOST_ALIKE ? await traceTests(session, base, instruments.tracers, files) : []
  const failureContext = apart.length > 0 ? await investigateFailure(session, red, apart, files) : first
  const { ranked } = failureContext
  return {
    files,
    ranked,
    places: await withoutHelpers(session, files, suspectLines(ranked)),
    failedAgain: again,
    expected: await expectedValues(session, base, files),
    context: (tokens, asked = []) => packContext(failureContext, tokens, asked),
  }
}
