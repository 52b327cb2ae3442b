import { KEY_OF_BOUND } from '../../core/bounds/index.ts'
import type { Ended } from '../../model/evidence.ts'
import { intendedChangeHint } from '../judges/index.ts'
import { type Outcome, outcome, type Session } from '../session/index.ts'
import { firstUndecided, type Round } from './round.ts'

/** The parts of a session that are needed to explain why nothing was decided. */
type Telling = Pick<Session, 'targets' | 'typed' | 'place' | 'kind'>

/** The outcome of a session whose round has an execution that decides nothing. */
export function undecidedRoundOutcome(session: Telling, round: Round): Outcome {
  const stuck = firstUndecided(round)
  if (!stuck) return outcome('ERROR', 'every target was decided')
  const { reading, target } = stuck
  const where = session.targets.length > 1 ? `${target.name}: ` : ''
  if (reading.is === 'invalid') return outcome('INVALID_RED', `${where}${reading.reason}`, reading.mend)
  const reason = reading.is === 'undecided' ? reading.reason : 'not decided'
  const refused = stuck.judgesRefused
  const mend =
    refused.length > 0
      ? `let the test write to a temporary directory; ${intendedChangeHint(session, refused)}`
      : undecidedMend(stuck.execution.ended)
  return outcome('NOT_RUN', `${where}${reason}`, mend)
}

/** The outcome if a run was cut short: it shows neither red nor green, so the session ends. Null if every run was decided. */
export function undecidedOutcome(session: Telling, round: Round): Outcome | null {
  return firstUndecided(round)?.reading.is === 'undecided' ? undecidedRoundOutcome(session, round) : null
}

function undecidedMend(ended: Ended): string | null {
  if (ended.how === 'limited') return `raise ${KEY_OF_BOUND[ended.by]}`
  if (ended.how !== 'timed-out') return null
  return ended.limit === 'session'
    ? 'raise --timeout or limits.session_timeout_sec'
    : 'raise limits.per_command_timeout_sec, or add --hang-after SECONDS if hanging is the bug'
}
