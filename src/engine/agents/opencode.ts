import type { AgentEvent, AgentKind } from '../ports/agent.ts'
import { blockObject, textOf } from './lib/hook-fields.ts'
import { OPENCODE_PLUGIN } from './lib/opencode-plugin.ts'

const EVENTS: Readonly<Record<string, AgentEvent['is']>> = {
  begin: 'begin',
  stop: 'stop',
  'sub-agent stop': 'sub-agent stop',
}

/** opencode has plugins and no hooks that run commands: what is read here is what our own plugin sends. Seen with 1.18.33. */
const opencode: AgentKind = {
  kind: 'opencode',
  title: 'opencode',
  recognises: ({ said }) => said?.['agent'] === 'opencode' && 'sessionID' in said,
  read: ({ said }) => ({
    is: EVENTS[textOf(said, 'event') ?? ''] ?? 'other',
    session: textOf(said, 'sessionID'),
    directory: textOf(said, 'directory'),
    transcript: null,
  }),
  answer: blockObject,
  registration: {
    project: '.opencode/plugin/git-pp.js',
    user: { variable: 'XDG_CONFIG_HOME', directory: '.config', file: 'opencode/plugin/git-pp.js' },
    content: { form: 'own', body: OPENCODE_PLUGIN },
    trust: null,
    programs: ['opencode'],
    traces: ['.opencode', 'opencode.json', 'opencode.jsonc'],
  },
}
export default opencode
