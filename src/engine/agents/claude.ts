import type { AgentEvent, AgentKind } from '../ports/agent.ts'
import { blockObject, textOf } from './lib/hook-fields.ts'

const EVENTS: Readonly<Record<string, AgentEvent['is']>> = {
  SessionStart: 'begin',
  Stop: 'stop',
  SubagentStop: 'sub-agent stop',
}

/** Hooks of Claude Code, as seen in runs of 2.1.197; https://code.claude.com/docs/en/hooks. */
const claude: AgentKind = {
  kind: 'claude',
  title: 'Claude Code',
  recognises: ({ said, env }) => said !== null && env['CLAUDECODE'] === '1' && 'hook_event_name' in said,
  read: ({ said, env }) => ({
    is: EVENTS[textOf(said, 'hook_event_name') ?? ''] ?? 'other',
    session: textOf(said, 'session_id'),
    directory: env['CLAUDE_PROJECT_DIR'] ?? textOf(said, 'cwd'),
    transcript: textOf(said, 'transcript_path'),
  }),
  answer: blockObject,
}
export default claude
