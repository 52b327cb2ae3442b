import * as z from 'zod'
import { firstWords } from '../core/context/index.ts'
import { type EditCandidate, editCandidates, familyOf, type SuspectedLine } from '../core/search/index.ts'
import { firstThat } from '../core/trials/index.ts'
import type { ProposerAnswer } from '../model/proposal.ts'
import type { ProposalRequest, Proposer, ProposerHost, ProposerKind } from '../ports/proposer.ts'

const MAX_FILE = 512 * 1024
const MAX_FILES = 20
const TOLD_EVERY = 20

/** Small edits of the suspicious lines, tried in the order of suspicion; needs no model, no network and no settings. */
async function open(_host: ProposerHost): Promise<Proposer> {
  // A further request of the session continues where the last one stopped.
  const tried = new Set<string>()
  return {
    kind: 'search',
    model: null,
    remote: false,
    sandboxed: true,
    propose: (request) => search(request, tried),
  }
}

async function search(request: ProposalRequest, tried: Set<string>): Promise<ProposerAnswer> {
  const suspects = suspectsOf(request)
  const files = await read(request, suspects)
  if (files.size === 0) {
    return { how: 'nothing', reason: 'the failing output names no file that the search can change' }
  }
  const ms = Math.min(request.budget.ms, request.budget.searchMs)
  const clock = request.budget.ms < request.budget.searchMs ? 'session time' : 'search time'
  const deadline = AbortSignal.timeout(Math.min(ms, 2 ** 31 - 1))
  let count = 0
  let ended: () => ProposerAnswer = () => nothing('the search knows nothing else to try here', count)
  function* untried(): Iterable<EditCandidate> {
    const taken = new Set<string>()
    for (const candidate of editCandidates(files, suspects)) {
      request.signal.throwIfAborted()
      if (deadline.aborted) {
        const reason = `the time limit of ${Math.round(ms / 1000)} s was reached`
        ended = () => ({ ...nothing(reason, count), stopped: clock })
        return
      }
      if (taken.size >= request.budget.candidates) {
        ended = () => ({ ...nothing('max_candidates was reached', count), stopped: 'candidates' })
        return
      }
      const key = keyOf(candidate)
      if (tried.has(key) || taken.has(key)) continue
      taken.add(key)
      yield candidate
    }
  }
  const editsOf = (one: EditCandidate) => new Map([[one.path, applied(files.get(one.path) ?? '', one)]])
  const found = await firstThat(
    untried(),
    request.jobs,
    (candidate, signal) => request.trial(editsOf(candidate), signal),
    (passes, candidate) => {
      // One that is taken but not looked at is tried again by the next request.
      tried.add(keyOf(candidate))
      count++
      if (!passes && count % TOLD_EVERY === 0)
        request.progress(`search: ${plural(count)} tried, now ${candidate.path} line ${candidate.line}`)
      return passes
    },
  )
  if (found === null) return ended()
  const place = `${found.path} line ${found.line}`
  const note = `search: tried ${plural(count)}; ${place}: ${told(files.get(found.path) ?? '', found)}`
  return { how: 'edits', edits: editsOf(found), note }
}

function keyOf({ path, start, end, text }: EditCandidate): string {
  return JSON.stringify([path, start, end, text])
}

/** The suspects that can be searched; when there are none, the files of a small product. */
function suspectsOf(request: ProposalRequest): readonly SuspectedLine[] {
  const product = request.files.list().filter((path) => request.files.isProduct(path) && familyOf(path) !== null)
  const named = request.suspects.filter(({ path }) => product.includes(path))
  if (named.length > 0 || product.length > MAX_FILES) return named
  return product.map((path) => ({ path, line: null, score: 1 }))
}

/** Path → text with one character for each byte, so that everything that is not edited stays the same byte for byte. */
async function read(request: ProposalRequest, suspects: readonly SuspectedLine[]): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const path of new Set(suspects.map((suspect) => suspect.path))) {
    if (files.size >= MAX_FILES) break
    const bytes = await request.files.read(path)
    if (bytes && bytes.length <= MAX_FILE && !bytes.includes(0)) files.set(path, Buffer.from(bytes).toString('latin1'))
  }
  return files
}

function applied(text: string, { start, end, text: fresh }: EditCandidate): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(0, start) + fresh + text.slice(end), 'latin1'))
}

/** `<` → `<=`, for people. */
function told(text: string, candidate: EditCandidate): string {
  const say = (part: string): string => firstWords(Buffer.from(part, 'latin1').toString('utf8'), 60) || '(nothing)'
  return `${say(text.slice(candidate.start, candidate.end))} → ${say(candidate.text)}`
}

function nothing(why: string, count: number): Extract<ProposerAnswer, { how: 'nothing' }> {
  return { how: 'nothing', reason: `tried ${plural(count)}, none passed; ${why}` }
}

function plural(count: number): string {
  return count === 1 ? '1 candidate' : `${count} candidates`
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
