import type { AgentKind } from '../ports/agent.ts'
import { plainAnswer } from './lib/hook-fields.ts'

/** No agent: a script, a git hook, or a program that takes a test command. It is told by status and text. */
const none: AgentKind = {
  kind: 'none',
  title: 'no agent',
  recognises: () => false,
  read: () => ({ is: 'stop', session: null, directory: null, transcript: null }),
  answer: plainAnswer,
  registration: null,
}
export default none
