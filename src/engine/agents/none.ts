import type { AgentKind } from '../ports/agent.ts'

/** No agent: a script, a git hook, or a program that takes a test command. It is told by status and text. */
const none: AgentKind = {
  kind: 'none',
  title: 'no agent',
  recognises: () => false,
  read: () => ({ is: 'stop', session: null, directory: null, transcript: null }),
  answer: (reason) => ({ stdout: reason === null ? '' : `${reason}\n`, stderr: '', status: reason === null ? 0 : 1 }),
}
export default none
