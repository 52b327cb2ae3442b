import { failingTestsOf, type Round, undecidedOutcome } from '../measure/index.ts'
import { type Outcome, outcome, type Session } from '../session/index.ts'
import { roundsDisagreement } from './rounds-agree.ts'

/**
 * Never decides against a change by one run: if the first run counts against it, a second run follows. If the two disagree,
 * the outcome is FLAKY. `judge` returns null if nothing counts against the change; `what` says which runs they are.
 */
export async function decideByTwoRuns(
  session: Pick<Session, 'targets' | 'kind' | 'place' | 'typed'>,
  first: Round,
  again: () => Promise<Round>,
  judge: (round: Round) => Outcome | null | Promise<Outcome | null>,
  what: string,
): Promise<Outcome | null> {
  if ((await judge(first)) === null) return null
  const second = await again()
  const cut = undecidedOutcome(session, second)
  if (cut) return cut
  const end = await judge(second)
  const differs = roundsDisagreement(first, second)
  if (end && differs === null) return end
  const why = differingTest(first, second) ?? differs ?? 'they report different tests'
  return outcome('FLAKY', `two runs ${what} disagree: ${why}`, FLAKY_MEND)
}

const FLAKY_MEND = 'make the tests that disagree deterministic, or leave them out of the command'

function differingTest(first: Round, second: Round): string | null {
  const [ones, others] = [failingTestsOf(first), failingTestsOf(second)]
  const only = ones.find((id) => !others.includes(id)) ?? others.find((id) => !ones.includes(id))
  return only === undefined ? null : `${only} failed only once`
}
