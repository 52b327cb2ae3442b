import type { ProposalRequest } from '../../ports/proposer.ts'

/** What the time of a search allows, for people: `30 s a run: 60 s allow about 2 candidates; …`. */
export async function searchAllowance(request: ProposalRequest): Promise<string> {
  const { wholeMs, failingMs } = await request.trialCosts()
  const ms = Math.min(request.budget.ms, request.budget.searchMs)
  const count = (each: number): string => {
    const allowed = Math.min(request.budget.candidates, Math.floor((ms * request.jobs) / Math.max(each, 1)))
    return allowed === 1 ? '1 candidate' : `${allowed.toLocaleString('en')} candidates`
  }
  const whole = `${inSeconds(wholeMs)} a run: ${inSeconds(ms)} allow about ${count(wholeMs)}`
  const alone =
    failingMs === null ? '' : `; the failing tests alone take ${inSeconds(failingMs)}: about ${count(failingMs)}`
  const quicker = request.validate === null ? '' : '; in one process, if it works here, many more'
  return `search: ${whole}${alone}${quicker}`
}

function inSeconds(ms: number): string {
  const seconds = ms / 1000
  return `${seconds < 10 ? Math.max(0.1, Math.round(seconds * 10) / 10) : Math.round(seconds)} s`
}
