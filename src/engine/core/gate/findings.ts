import type { GateFailure, GateFinding, GateWord } from '../../model/gate.ts'

/** The agent may stop. `session`: the one that showed it. */
export function letGo(word: GateWord, reason: string, session: string | null = null): GateFinding {
  return { word, go: true, reason, failures: [], failure: null, session }
}

/** The id under which a refusal shows what a command printed, beside those of tests. */
export const OUTPUT = 'output'

/** The tests with which an agent is sent back. */
export function testsSentBack({ failures }: GateFinding): readonly string[] {
  return failures.flatMap(({ id }) => (id === OUTPUT ? [] : [id]))
}

/** What a refusal says besides its word and its reason. */
export interface Refused {
  /** Names the failure across stops. Default: the word. */
  readonly failure?: string
  readonly failures?: readonly GateFailure[]
  readonly session?: string | null
  readonly open?: boolean
}

/** The agent is sent back. */
export function sendBack(word: GateWord, reason: string, refused: Refused = {}): GateFinding {
  const { failure = word, failures = [], session = null, open = false } = refused
  return { word, go: false, reason, failures, failure, session, ...(open && { open }) }
}
