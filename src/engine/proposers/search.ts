import * as z from 'zod'
import { type EditCandidate, editCandidates, HOLDS_EXPECTED, holdsValue } from '../core/search/index.ts'
import { firstThat } from '../core/trials/index.ts'
import type { ProposerAnswer } from '../model/proposal.ts'
import type { ProposalRequest, Proposer, ProposerHost, ProposerKind } from '../ports/proposer.ts'
import { type CandidateBudget, candidateBudget } from './lib/candidate-budget.ts'
import { searchAllowance } from './lib/search-allowance.ts'
import { countOf, describeEdit, editsOf, keyOf, readSuspects, suspectsOf, triedWords } from './lib/search-files.ts'
import { type InProcessMemory, inProcessMemory, searchInProcess } from './lib/search-in-process.ts'

const TOLD_EVERY = 20
/** How many other edits that pass are named. */
const MOST_NAMED = 3
/** How many of those that a process refuted are run with the whole command at last, to find out whether its words are right. */
const SECOND_OPINIONS = 20
/** Which part of the time is kept for candidates that hold the expected value of the test. */
const FOR_DOUBTFUL = 0.2

/** What a session has tried: a further request continues where the last one stopped. */
interface SearchMemory {
  /** Keys of candidates that were run with the whole command. */
  readonly tried: Set<string>
  readonly inProcess: InProcessMemory
  /** How many were run with the whole command although a process refuted them. */
  secondOpinions: number
  /** In ms: what the requests of the session have used. */
  spentMs: number
  /** One that holds the expected value of the test was handed out: all others were tried before it, as far as the time went. */
  doubtful: boolean
}

/** Small edits of the suspicious lines, tried in the order of suspicion; needs no model, no network and no settings. */
async function open(_host: ProposerHost): Promise<Proposer> {
  const memory: SearchMemory = {
    tried: new Set(),
    inProcess: inProcessMemory(),
    secondOpinions: 0,
    spentMs: 0,
    doubtful: false,
  }
  return {
    kind: 'search',
    model: null,
    remote: false,
    sandboxed: true,
    propose: async (request) => {
      const began = performance.now()
      const answer = await search(request, memory)
      memory.spentMs += performance.now() - began
      return answer
    },
  }
}

async function search(request: ProposalRequest, memory: SearchMemory): Promise<ProposerAnswer> {
  if (memory.doubtful) return { how: 'nothing', reason: `it found only a change that ${HOLDS_EXPECTED}` }
  const suspects = suspectsOf(request)
  const files = await readSuspects(request, suspects)
  if (files.size === 0) {
    return { how: 'nothing', reason: 'the failing output names no file that the search can change' }
  }
  if (memory.tried.size === 0 && memory.inProcess.words.size === 0) request.tell(await searchAllowance(request))
  const holds = memoized((one: EditCandidate) => holdsValue(one, request.expected))
  const budget = candidateBudget(request, memory.spentMs)
  const tools = { files, memory, budget }
  const counted = countTried(memory)
  const plain = () => filtered(editCandidates(files, suspects), (one) => !holds(one))
  const mayDoubt = request.expected.size > 0
  budget.keep(mayDoubt ? FOR_DOUBTFUL : 0)
  const found = await searchAmong(request, plain, tools, counted)
  if (found !== null) return found
  budget.keep(0)
  const doubtful = () => filtered(editCandidates(files, suspects), holds)
  const last = mayDoubt ? await searchAmong(request, doubtful, tools, counted) : null
  if (last !== null) {
    memory.doubtful = true
    return { ...last, note: `${HOLDS_EXPECTED}; ${last.note}`, doubt: HOLDS_EXPECTED }
  }
  const { reason, stopped } = budget.end()
  const why = `tried ${counted()}, none passed; ${reason}${disagreed(memory.inProcess)}`
  const handOn = triedWords([...memory.inProcess.words.keys(), ...memory.tried])
  return { how: 'nothing', reason: why, ...(stopped ? { stopped } : {}), ...(handOn === null ? {} : { handOn }) }
}

type FoundEdits = Extract<ProposerAnswer, { how: 'edits' }>

interface SearchTools {
  readonly files: ReadonlyMap<string, string>
  readonly memory: SearchMemory
  readonly budget: CandidateBudget
}

/** Tries these candidates in a process, then one by one; null: none passes. */
async function searchAmong(
  request: ProposalRequest,
  candidates: () => Iterable<EditCandidate>,
  { files, memory, budget }: SearchTools,
  counted: () => string,
): Promise<FoundEdits | null> {
  const { inProcess } = memory
  const quick = await searchInProcess(request, candidates, { files, memory: inProcess, budget })
  if (quick !== null) {
    const others = quick.others.map((one) => describeEdit(files, one))
    return {
      how: 'edits',
      edits: editsOf(files, quick.found),
      note: `search: tried ${counted()} in one process, ${inProcess.rate} a second; ${describeEdit(files, quick.found)}${disagreed(inProcess)}`,
      ...(others.length > 0 ? { remark: alsoPassing(others, quick.compared) } : {}),
    }
  }
  const found = await runEach(request, candidates, { files, memory, budget })
  if (found === null) return null
  return {
    how: 'edits',
    edits: editsOf(files, found),
    note: `search: tried ${counted()}; ${describeEdit(files, found)}`,
  }
}

/** How many candidates were tried from now on, as words. */
function countTried({ inProcess, tried }: SearchMemory): () => string {
  const known = () => new Set([...inProcess.words.keys(), ...tried]).size
  const before = known()
  return () => countOf(known() - before)
}

function* filtered<T>(items: Iterable<T>, wanted: (item: T) => boolean): Generator<T> {
  for (const item of items) if (wanted(item)) yield item
}

/** By the text that a candidate puts in: many put in the same. */
function memoized(holds: (one: EditCandidate) => boolean): (one: EditCandidate) => boolean {
  const known = new Map<string, boolean>()
  return (one) => {
    const key = `${one.path}\0${one.text}`
    const value = known.get(key) ?? holds(one)
    known.set(key, value)
    return value
  }
}

/**
 * Runs the whole command for candidate after candidate. Those that a process refuted are tried last, and only a few of them: if
 * its words are right, none passes, and the rest of the time is better kept.
 */
async function runEach(
  request: ProposalRequest,
  candidates: () => Iterable<EditCandidate>,
  { files, memory, budget }: SearchTools,
): Promise<EditCandidate | null> {
  const { words } = memory.inProcess
  const taken = new Set<string>()
  const isOpen = (key: string) => !memory.tried.has(key) && !taken.has(key)
  function* untried(): Iterable<EditCandidate> {
    for (const last of [false, true])
      for (const one of budget.take(candidates(), (key) => isOpen(key) && (words.get(key) === 'fails') === last)) {
        if (last && memory.secondOpinions++ >= SECOND_OPINIONS) return
        taken.add(keyOf(one))
        yield one
      }
  }
  let count = 0
  return firstThat(
    untried(),
    request.jobs,
    (candidate, signal) => request.trial(editsOf(files, candidate), { signal }),
    (passes, candidate) => {
      // One that is taken but not looked at is tried again by the next request.
      memory.tried.add(keyOf(candidate))
      count++
      if (!passes && count % TOLD_EVERY === 0)
        request.progress(`search: ${countOf(count)} tried, now ${candidate.path} line ${candidate.line}`)
      return passes
    },
  )
}

function disagreed({ disagreements }: InProcessMemory): string {
  return disagreements === 0 ? '' : `; ${disagreements} passed in one process, but not with the whole command`
}

function alsoPassing(others: readonly string[], compared: boolean): string {
  const named = others.slice(0, MOST_NAMED).join('; ')
  const more = others.length > MOST_NAMED ? `; and ${others.length - MOST_NAMED} more` : ''
  const differ = compared ? ', and that do something else for other inputs' : ''
  return `the tests do not tell this change from others that pass as well${differ}: ${named}${more}`
}

export default {
  kind: 'search',
  offered: 1,
  suggested: true,
  note: 'no model, no network',
  setting: null,
  options: z.object({}),
  open,
} satisfies ProposerKind
