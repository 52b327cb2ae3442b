import type { AgentEvent, AgentKind, HookCall } from '../ports/agent.ts'
import { gateHooks } from './lib/gate-lines.ts'
import { blockObject, textOf } from './lib/hook-fields.ts'

/** Copilot names no event; each has fields of its own. */
function eventOf(said: HookCall['said']): AgentEvent['is'] {
  if (textOf(said, 'agentName') !== null) return 'sub-agent stop'
  if (textOf(said, 'stopReason') !== null) return 'stop'
  return textOf(said, 'source') === null ? 'other' : 'begin'
}

/** Hooks of Copilot CLI, as seen in runs of 1.0.102. Its time limits are in seconds. */
const copilot: AgentKind = {
  kind: 'copilot',
  title: 'Copilot CLI',
  recognises: ({ said }) => said !== null && 'sessionId' in said && typeof said['timestamp'] === 'number',
  read: ({ said, env }) => ({
    is: eventOf(said),
    session: textOf(said, 'sessionId'),
    directory: env['COPILOT_PROJECT_DIR'] ?? textOf(said, 'cwd'),
    transcript: textOf(said, 'transcriptPath'),
  }),
  answer: blockObject,
  registration: {
    project: '.github/hooks/git-pp.json',
    user: { variable: 'COPILOT_HOME', directory: '.copilot', file: 'hooks/git-pp.json' },
    content: {
      form: 'json',
      also: { key: 'version', value: 1 },
      hooks: gateHooks('copilot', { begin: 'sessionStart', stop: 'agentStop' }, (bash, timeoutSec) => ({
        type: 'command',
        bash,
        timeoutSec,
      })),
    },
    trust:
      'start copilot in this directory and trust the folder, or add --trust-folder; without it Copilot loads no hooks and does not say so',
    programs: ['copilot'],
    traces: ['.github/hooks'],
  },
}
export default copilot
