import * as z from 'zod'
import { type EditCandidate, editCandidates } from '../core/search/index.ts'
import { firstThat } from '../core/trials/index.ts'
import type { ProposerAnswer } from '../model/proposal.ts'
import type { ProposalRequest, Proposer, ProposerHost, ProposerKind } from '../ports/proposer.ts'
import { type CandidateBudget, candidateBudget } from './lib/candidate-budget.ts'
import { countOf, describeEdit, editsOf, keyOf, readSuspects, suspectsOf } from './lib/search-files.ts'
import { type InProcessMemory, inProcessMemory, searchInProcess } from './lib/search-in-process.ts'

const TOLD_EVERY = 20
/** How many other edits that pass are named. */
const MOST_NAMED = 3

/** What a session has tried: a further request continues where the last one stopped. */
interface SearchMemory {
  /** Keys of candidates that were run with the whole command. */
  readonly tried: Set<string>
  readonly inProcess: InProcessMemory
}

/** Small edits of the suspicious lines, tried in the order of suspicion; needs no model, no network and no settings. */
async function open(_host: ProposerHost): Promise<Proposer> {
  const memory: SearchMemory = { tried: new Set(), inProcess: inProcessMemory() }
  return {
    kind: 'search',
    model: null,
    remote: false,
    sandboxed: true,
    propose: (request) => search(request, memory),
  }
}

async function search(request: ProposalRequest, memory: SearchMemory): Promise<ProposerAnswer> {
  const suspects = suspectsOf(request)
  const files = await readSuspects(request, suspects)
  if (files.size === 0) {
    return { how: 'nothing', reason: 'the failing output names no file that the search can change' }
  }
  const candidates = () => editCandidates(files, suspects)
  const budget = candidateBudget(request)
  const { inProcess } = memory
  const known = () => new Set([...inProcess.words.keys(), ...memory.tried]).size
  const before = known()
  const all = () => countOf(known() - before)
  const quick = await searchInProcess(request, candidates, { files, memory: inProcess, budget })
  if (quick !== null) {
    const others = quick.others.map((one) => describeEdit(files, one))
    return {
      how: 'edits',
      edits: editsOf(files, quick.found),
      note: `search: tried ${all()} in one process, ${inProcess.rate} a second; ${describeEdit(files, quick.found)}${disagreed(inProcess)}`,
      ...(others.length > 0 ? { remark: alsoPassing(others) } : {}),
    }
  }
  const found = await runEach(request, candidates, { files, memory, budget })
  if (found === null) {
    const { reason, stopped } = budget.end()
    const why = `tried ${all()}, none passed; ${reason}${disagreed(inProcess)}`
    return { how: 'nothing', reason: why, ...(stopped ? { stopped } : {}) }
  }
  const note = `search: tried ${all()}; ${describeEdit(files, found)}`
  return { how: 'edits', edits: editsOf(files, found), note }
}

/** Runs the whole command for candidate after candidate. Those that a process refuted are tried last. */
async function runEach(
  request: ProposalRequest,
  candidates: () => Iterable<EditCandidate>,
  { files, memory, budget }: { files: ReadonlyMap<string, string>; memory: SearchMemory; budget: CandidateBudget },
): Promise<EditCandidate | null> {
  const { words } = memory.inProcess
  const taken = new Set<string>()
  const isOpen = (key: string) => !memory.tried.has(key) && !taken.has(key)
  function* untried(): Iterable<EditCandidate> {
    for (const last of [false, true])
      for (const one of budget.take(candidates(), (key) => isOpen(key) && (words.get(key) === 'fails') === last)) {
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

function alsoPassing(others: readonly string[]): string {
  const named = others.slice(0, MOST_NAMED).join('; ')
  const more = others.length > MOST_NAMED ? `; and ${others.length - MOST_NAMED} more` : ''
  return `the tests do not tell this change from others that pass as well: ${named}${more}`
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
