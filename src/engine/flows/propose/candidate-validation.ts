import { utf8Bytes } from '../../core/bytes/index.ts'
import { failingTestIds } from '../../core/failure/index.ts'
import { baseDifference, type ValidationWords, validationWords } from '../../core/trials/index.ts'
import { spellCommand, type Target } from '../../model/command.ts'
import type { Execution } from '../../model/evidence.ts'
import type { CandidateWord, ValidationHead } from '../../model/validation.ts'
import type { ProposalRequest } from '../../ports/proposer.ts'
import type { CandidateEdit, ValidationResult, Validator } from '../../ports/validator.ts'
import { jobsAtOnce, type Measurement, redMeasurements, runInstrumented, type TracedSession } from '../measure/index.ts'
import type { Baseline } from '../proof/index.ts'

const CANDIDATES = 'pp-candidates.jsonl'
const WORDS = 'pp-words.jsonl'
/** How many further candidates are tried after the first one that passes. */
const LOOK_ON = 250
/** In seconds: how long a test of the base may take, at least, before it counts as hanging. */
const LEAST_PATIENCE = 3
/** In seconds: how long candidates are tried at least. */
const LEAST_SECONDS = 2
/** In ms: for loading the tests, beside what the command took. */
const MORE_TO_LOAD = 15_000
/** A process that is spoilt so often without a word in between is no help. */
const MOST_SPOILT = 2

/** Tries candidates in a process that has loaded the tests; null: no validator knows a language of this session. */
export function candidateValidation(
  session: TracedSession,
  base: Baseline,
  validators: readonly Validator[],
): ProposalRequest['validate'] {
  const [red] = redMeasurements(base.round)
  if (red === undefined || validators.length === 0) return null
  return async (candidates, ms, signal) => {
    const fitting = validators.filter((one) => candidates.some(({ path }) => one.validates(path)))
    if (fitting.length === 0) return cannot('there is no fast way for this language')
    const both = AbortSignal.any([session.signal, signal])
    const run = (batch: readonly CandidateEdit[], left: number) =>
      runBatch(session, base, red, fitting, { batch, ms: left, signal: both })
    return tryAll(session, red, candidates, { ms, run })
  }
}

interface BatchRun {
  readonly ms: number
  readonly run: (batch: readonly CandidateEdit[], left: number) => Promise<BatchAnswer>
}

/** A process that a control shows to be spoilt gets a successor, for what was not reached. */
async function tryAll(
  session: Pick<TracedSession, 'clock' | 'inspector'>,
  red: Measurement,
  candidates: readonly CandidateEdit[],
  { ms, run }: BatchRun,
): Promise<ValidationResult> {
  const { clock } = session
  const until = clock.elapsed() + ms
  const words: (CandidateWord | null)[] = candidates.map(() => null)
  const behaviour: (readonly string[] | null)[] = candidates.map(() => null)
  let tried: ValidationResult = cannot('its controls failed')
  let [spentMs, dropped, spoilt] = [0, 0, 0]
  while (spoilt < MOST_SPOILT && clock.elapsed() < until) {
    const open = [...words.keys()].filter((at) => words[at] === null)
    if (open.length === 0) break
    const { said, took } = await run(
      open.flatMap((at) => candidates[at] ?? []),
      until - clock.elapsed(),
    )
    const reason = uselessBecause(session, said, red)
    if (reason !== null) return tried.how === 'tried' ? tried : cannot(reason)
    write(words, open, said.words)
    write(behaviour, open, said.behaviour)
    spentMs += took
    dropped += said.dropped
    tried = { how: 'tried', by: said.base?.by ?? '', words, behaviour, ms: spentMs, dropped }
    if (!said.spoilt) break
    spoilt = said.words.size === 0 ? spoilt + 1 : 0
  }
  return tried
}

/** `open`: the indexes of the candidates that the words are about. */
function write<T>(into: (T | null)[], open: readonly number[], words: ReadonlyMap<number, T>): void {
  for (const [n, word] of words) if (open[n] !== undefined) into[open[n]] = word
}

function cannot(reason: string): ValidationResult {
  return { how: 'cannot', reason }
}

function uselessBecause(
  session: Pick<TracedSession, 'inspector'>,
  { base, cannot: why }: ValidationWords,
  { target, tests, execution }: Measurement,
): string | null {
  if (why !== null) return why
  if (base === null) return 'no test runner was met that git pp can take over'
  const named =
    base.output === undefined ? base : { ...base, failing: failingIn(session, target, execution, base.output) }
  const difference = baseDifference(named, tests, execution.ended)
  return difference === null ? null : `${base.by} shows another failure than the command: ${difference}`
}

/** The ids of the failing tests in what the process printed, read as the output of the command is. */
function failingIn(
  { inspector }: Pick<TracedSession, 'inspector'>,
  { command, cwd }: Target,
  execution: Execution,
  output: string,
): string[] {
  const stdout = { ...execution.stdout, kept: utf8Bytes(output) }
  const stderr = { ...execution.stderr, kept: new Uint8Array() }
  const { tests } = inspector.inspect(spellCommand(command), { ...execution, stdout, stderr, reports: new Map() }, cwd)
  return failingTestIds(tests)
}

interface Batch {
  readonly batch: readonly CandidateEdit[]
  readonly ms: number
  readonly signal: AbortSignal
}

/** `took`: in ms, the whole run included. */
interface BatchAnswer {
  readonly said: ValidationWords
  readonly took: number
}

/** One run of the command of which validators make their process. */
async function runBatch(
  session: TracedSession,
  base: Baseline,
  red: Measurement,
  fitting: readonly Validator[],
  { batch, ms, signal }: Batch,
): Promise<BatchAnswer> {
  const loadMs = red.execution.ended.how === 'timed-out' ? 0 : red.execution.durationMs
  const head: ValidationHead = {
    seconds: Math.max(LEAST_SECONDS, (ms - loadMs) / 1000),
    jobs: jobsAtOnce(session),
    lookOn: LOOK_ON,
    patience: Math.max(LEAST_PATIENCE, loadMs / 1000),
  }
  const lines = [head, ...batch.map(({ path, start, end, text }) => ({ path, start, end, text }))]
  const files = new Map(fitting.flatMap((one) => [...one.files()]))
  files.set(CANDIDATES, utf8Bytes(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`))
  const { execution } = await runInstrumented(session, base.round.tree, red, {
    files,
    env: (run) => Object.assign({}, ...fitting.map((one) => one.env(run))),
    timeoutMs: ms + 3 * loadMs + MORE_TO_LOAD,
    signal,
  })
  return { said: validationWords(textOf(execution)), took: execution.durationMs }
}

function textOf({ reports }: Execution): string {
  const bytes = reports.get(WORDS)
  return bytes === undefined ? '' : new TextDecoder().decode(bytes)
}
