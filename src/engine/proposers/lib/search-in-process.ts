import { type EditCandidate, otherwise, rankPassing } from '../../core/search/index.ts'
import type { CandidateWord } from '../../model/validation.ts'
import type { ProposalRequest } from '../../ports/proposer.ts'
import type { ValidationResult } from '../../ports/validator.ts'
import type { CandidateBudget } from './candidate-budget.ts'
import { countOf, describeEdit, editsOf, keyOf } from './search-files.ts'

/** How many candidates one process is given, and for how long, in ms. */
const AT_ONCE = 5000
const BATCH_MS = 20_000
/** In ms: for the first process, so that something is told soon. */
const FIRST_BATCH_MS = 10_000
const MOST_FAILURES = 2
/** In ms: with less left, nothing could be tried and confirmed. */
const LEAST_MS = 1000

/** What a session knows about candidates that were tried in a process. */
export interface InProcessMemory {
  /** Key of a candidate → the word on it. It orders candidates of this session, and removes none. */
  readonly words: Map<string, CandidateWord>
  /** Key of a candidate that passes → what it does for further inputs. */
  readonly behaviour: Map<string, readonly string[]>
  /** Those that pass there and were not yet confirmed. */
  passing: EditCandidate[]
  /** Why nothing more is tried there; null: it is. */
  useless: string | null
  /** How often no process could be had after one had worked. */
  failures: number
  /** Candidates a second in the last process; null: there was none. */
  rate: number | null
  /** How many passed there, and not in a run of the whole command. */
  disagreements: number
}

export interface FoundInProcess {
  readonly found: EditCandidate
  /** Others that pass there, too: those that do something else for other inputs, if that is known. */
  readonly others: readonly EditCandidate[]
  /** Whether it is known what they do. */
  readonly compared: boolean
}

export function inProcessMemory(): InProcessMemory {
  return {
    words: new Map(),
    behaviour: new Map(),
    passing: [],
    useless: null,
    failures: 0,
    rate: null,
    disagreements: 0,
  }
}

/** The best candidate that passes both in a process and in a run of the whole command; null: there is none. */
export async function searchInProcess(
  request: ProposalRequest,
  candidates: () => Iterable<EditCandidate>,
  { files, memory, budget }: { files: ReadonlyMap<string, string>; memory: InProcessMemory; budget: CandidateBudget },
): Promise<FoundInProcess | null> {
  for (;;) {
    const confirmed = await confirm(request, files, memory)
    if (confirmed !== null) return confirmed
    if (request.validate === null || memory.useless !== null || budget.left() < LEAST_MS) return null
    const batch = first(
      AT_ONCE,
      budget.take(candidates(), (key) => !memory.words.has(key)),
    )
    const [guess] = batch
    if (guess === undefined) return null
    request.progress(live(memory, describeEdit(files, guess), budget.left()))
    const result = await request.validate(
      batch,
      Math.min(memory.rate === null ? FIRST_BATCH_MS : BATCH_MS, budget.left()),
      request.signal,
    )
    if (result.how === 'cannot') {
      // Where it worked before, a busy machine is likelier than another program.
      if (memory.words.size > 0 && memory.failures++ < MOST_FAILURES) continue
      memory.useless = result.reason
      request.tell(`search: the whole command runs for each candidate, because ${result.reason}`)
      return null
    }
    const reached = remember(memory, batch, result)
    memory.rate = Math.round((1000 * reached) / Math.max(result.ms, 1))
    request.progress(told(result, reached, memory))
    if (reached === 0) return null
  }
}

/** Runs the whole command on those that pass, the one to prefer first. */
async function confirm(
  request: ProposalRequest,
  files: ReadonlyMap<string, string>,
  memory: InProcessMemory,
): Promise<FoundInProcess | null> {
  const behaviourOf = (one: EditCandidate) => memory.behaviour.get(keyOf(one)) ?? null
  for (const one of rankPassing(memory.passing, files, behaviourOf)) {
    memory.passing = memory.passing.filter((other) => other !== one)
    if (await request.trial(editsOf(files, one), { signal: request.signal, likely: true })) {
      const others = otherwise(one, memory.passing, behaviourOf)
      return { found: one, others: others ?? memory.passing, compared: others !== null }
    }
    memory.disagreements++
  }
  return null
}

function remember(
  memory: InProcessMemory,
  batch: readonly EditCandidate[],
  { words, behaviour }: Extract<ValidationResult, { how: 'tried' }>,
): number {
  let reached = 0
  for (const [at, one] of batch.entries()) {
    const word = words[at] ?? null
    if (word === null) continue
    reached++
    memory.words.set(keyOf(one), word)
    const does = behaviour[at] ?? null
    if (does !== null) memory.behaviour.set(keyOf(one), does)
    if (word === 'passes') memory.passing.push(one)
  }
  return reached
}

/** The line that people see while candidates are tried. */
function live({ rate }: InProcessMemory, guess: string, leftMs: number): string {
  const known = rate === null ? '' : `${rate} a second, `
  return `search: ${known}best guess ${guess}, ${Math.ceil(leftMs / 1000)} s left`
}

function told(
  { by, dropped }: Extract<ValidationResult, { how: 'tried' }>,
  reached: number,
  { passing, rate }: InProcessMemory,
): string {
  const again = dropped === 0 ? '' : `; ${dropped} had to be tried again`
  return `search: ${countOf(reached)} tried in one process of ${by}, ${rate} a second; ${passing.length} pass${again}`
}

function first<T>(most: number, items: Iterable<T>): T[] {
  const found: T[] = []
  for (const item of items) {
    found.push(item)
    if (found.length >= most) break
  }
  return found
}
