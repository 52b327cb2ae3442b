import type { AgentEvent, AgentKind, HookCall } from '../ports/agent.ts'
import { askCodex } from './lib/codex-trust.ts'
import { gateHooks } from './lib/gate-lines.ts'
import { blockOrNotice, textOf } from './lib/hook-fields.ts'

const EVENTS: Readonly<Record<string, AgentEvent['is']>> = {
  SessionStart: 'begin',
  Stop: 'stop',
  SubagentStop: 'sub-agent stop',
}

/** Codex gives its hooks no variables. At its start it has no field of its own either, but says model and permissions. */
function isCalling({ said, env }: HookCall): boolean {
  if (said === null || 'conversation_id' in said || 'timestamp' in said || !('hook_event_name' in said)) return false
  if (textOf(said, 'turn_id') !== null) return true
  const isOfClaude = env['CLAUDECODE'] === '1' && env['CLAUDE_CODE_SESSION_ID'] === said['session_id']
  return ['model', 'permission_mode', 'source'].every((field) => textOf(said, field) !== null) && !isOfClaude
}

/** Hooks of Codex, as seen in runs of 0.171.0; https://developers.openai.com/codex/hooks. */
const codex: AgentKind = {
  kind: 'codex',
  title: 'Codex',
  recognises: isCalling,
  read: ({ said }) => ({
    is: EVENTS[textOf(said, 'hook_event_name') ?? ''] ?? 'other',
    session: textOf(said, 'session_id'),
    directory: textOf(said, 'cwd'),
    transcript: textOf(said, 'transcript_path'),
  }),
  answer: blockOrNotice,
  registration: {
    project: '.codex/hooks.json',
    user: { variable: 'CODEX_HOME', directory: '.codex', file: 'hooks.json' },
    content: {
      form: 'json',
      hooks: gateHooks('codex', { begin: 'SessionStart', stop: 'Stop' }, (command, timeout) => ({
        hooks: [{ type: 'command', command, timeout }],
      })),
    },
    trust:
      'start codex in this directory, trust it, type /hooks and trust both lines of git pp; until then Codex skips them without a word',
    programs: ['codex'],
    traces: ['.codex'],
    askTrust: askCodex,
  },
}
export default codex
