import type { AgentEvent, AgentKind, HookCall } from '../ports/agent.ts'
import { gateHooks } from './lib/gate-lines.ts'
import { blockOrNotice, textOf } from './lib/hook-fields.ts'

const EVENTS: Readonly<Record<string, AgentEvent['is']>> = {
  SessionStart: 'begin',
  Stop: 'stop',
  SubagentStop: 'sub-agent stop',
}
/** Fields of others that read Claude Code's hooks or have hooks of the same names: Codex, Cursor, and Copilot and Gemini CLI. */
const OF_OTHERS = ['turn_id', 'conversation_id', 'timestamp']

/**
 * Claude Code, and none of the agents that send the same fields: they may have been started by it, and then have its variables.
 * Codex sends no field of its own at its start, but another session.
 */
function isCalling({ said, env }: HookCall): boolean {
  if (said === null || env['CLAUDECODE'] !== '1' || !('hook_event_name' in said)) return false
  if (OF_OTHERS.some((field) => field in said)) return false
  const session = env['CLAUDE_CODE_SESSION_ID']
  return session === undefined || session === said['session_id'] || textOf(said, 'hook_event_name') !== 'SessionStart'
}

/**
 * Copilot CLI (seen in a run of 1.0.102) and Cursor also run the hooks in Claude Code's files, beside their own. The gate is asked
 * once for each stop: by the registration of the agent that stops.
 */
function isOfReader({ said, env }: HookCall): boolean {
  if (said === null) return false
  return 'conversation_id' in said || (env['COPILOT_CLI'] === '1' && 'timestamp' in said)
}

/** Hooks of Claude Code, as seen in runs of 2.1.197; https://code.claude.com/docs/en/hooks. */
const claude: AgentKind = {
  kind: 'claude',
  title: 'Claude Code',
  recognises: isCalling,
  read: ({ said, env }) => ({
    is: isOfReader({ said, env }) ? 'other' : (EVENTS[textOf(said, 'hook_event_name') ?? ''] ?? 'other'),
    session: textOf(said, 'session_id'),
    directory: env['CLAUDE_PROJECT_DIR'] ?? textOf(said, 'cwd'),
    transcript: textOf(said, 'transcript_path'),
  }),
  answer: blockOrNotice,
  registration: {
    project: '.claude/settings.json',
    user: { variable: 'CLAUDE_CONFIG_DIR', directory: '.claude', file: 'settings.json' },
    content: {
      form: 'json',
      off: { keys: ['disableAllHooks'], value: true },
      hooks: gateHooks('claude', { begin: 'SessionStart', stop: 'Stop' }, (command, timeout) => ({
        hooks: [{ type: 'command', command, timeout }],
      })),
    },
    trust: 'start claude in this directory once and trust it when it asks; claude -p asks nothing',
    programs: ['claude'],
    traces: ['.claude'],
  },
}
export default claude
