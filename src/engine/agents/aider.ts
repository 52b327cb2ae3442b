import type { AgentKind } from '../ports/agent.ts'
import { commandLine } from './lib/gate-lines.ts'
import { plainAnswer } from './lib/hook-fields.ts'

/** aider has no hooks: it runs a test command after each edit, gives it nothing, and reads its status and its output. */
const aider: AgentKind = {
  kind: 'aider',
  title: 'aider',
  recognises: () => false,
  read: () => ({ is: 'stop', session: null, directory: null, transcript: null }),
  answer: plainAnswer,
  registration: {
    project: '.aider.conf.yml',
    user: { variable: null, directory: '', file: '.aider.conf.yml' },
    content: {
      form: 'yaml',
      header: '# After each edit aider asks git pp whether the work is done.',
      pairs: [
        ['test-cmd', commandLine('aider')],
        ['auto-test', true],
      ],
    },
    trust: null,
    programs: ['aider'],
    traces: ['.aider.conf.yml'],
  },
}
export default aider
