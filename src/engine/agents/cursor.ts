import type { AgentEvent, AgentKind, HookCall } from '../ports/agent.ts'
import { gateHooks } from './lib/gate-lines.ts'
import { objectAnswer, textOf } from './lib/hook-fields.ts'

/** Cursor sends follow-ups by itself until this many; the gate gives up before. */
const MOST_FOLLOW_UPS = 10

/** After an abort or an error a follow-up would speak in the user's name, so only a completed turn is decided on. */
function eventOf(said: HookCall['said']): AgentEvent['is'] {
  switch (textOf(said, 'hook_event_name')) {
    case 'sessionStart':
      return 'begin'
    case 'subagentStop':
      return 'sub-agent stop'
    case 'stop':
      return textOf(said, 'status') === 'completed' ? 'stop' : 'other'
    default:
      return 'other'
  }
}

function firstText(value: unknown): string | null {
  const first: unknown = Array.isArray(value) ? value[0] : undefined
  return typeof first === 'string' && first !== '' ? first : null
}

/** Hooks of Cursor as its documentation and others' runs of 3.7 have them; not tried here. Its time limits are in seconds. */
const cursor: AgentKind = {
  kind: 'cursor',
  title: 'Cursor',
  recognises: ({ said }) => said !== null && 'conversation_id' in said,
  read: ({ said, env }) => ({
    is: eventOf(said),
    session: textOf(said, 'conversation_id'),
    directory: env['CURSOR_PROJECT_DIR'] ?? firstText(said?.['workspace_roots']),
    transcript: textOf(said, 'transcript_path'),
  }),
  answer: (reason) => objectAnswer(reason === null ? {} : { followup_message: reason }),
  registration: {
    project: '.cursor/hooks.json',
    user: { variable: null, directory: '.cursor', file: 'hooks.json' },
    content: {
      form: 'json',
      also: { key: 'version', value: 1 },
      hooks: gateHooks('cursor', { begin: 'sessionStart', stop: 'stop' }, (command, timeout) => ({
        command,
        timeout,
      })).map(({ path, entry }) => ({
        path,
        entry: path[1] === 'stop' ? { ...entry, loop_limit: MOST_FOLLOW_UPS } : entry,
      })),
    },
    trust:
      'restart Cursor, trust the workspace, and look in Settings, Hooks, whether both lines are there; cursor-agent -p needs --trust',
    programs: ['cursor-agent', 'cursor'],
    traces: ['.cursor'],
  },
}
export default cursor
