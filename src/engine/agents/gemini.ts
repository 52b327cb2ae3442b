import type { AgentEvent, AgentKind } from '../ports/agent.ts'
import { gateHooks } from './lib/gate-lines.ts'
import { blockOrNotice, textOf } from './lib/hook-fields.ts'

const EVENTS: Readonly<Record<string, AgentEvent['is']>> = { SessionStart: 'begin', AfterAgent: 'stop' }

/** Hooks of Gemini CLI, as seen in runs of 0.61.0; https://geminicli.com/docs/hooks/reference. Its time limits are in ms. */
const gemini: AgentKind = {
  kind: 'gemini',
  title: 'Gemini CLI',
  recognises: ({ said, env }) =>
    said !== null &&
    'hook_event_name' in said &&
    'timestamp' in said &&
    env['GEMINI_SESSION_ID'] === said['session_id'],
  read: ({ said, env }) => ({
    is: EVENTS[textOf(said, 'hook_event_name') ?? ''] ?? 'other',
    session: textOf(said, 'session_id'),
    directory: env['GEMINI_PROJECT_DIR'] ?? textOf(said, 'cwd'),
    transcript: textOf(said, 'transcript_path'),
  }),
  answer: blockOrNotice,
  registration: {
    project: '.gemini/settings.json',
    user: { variable: null, directory: '.gemini', file: 'settings.json' },
    content: {
      form: 'json',
      off: { keys: ['hooksConfig', 'enabled'], value: false },
      hooks: gateHooks('gemini', { begin: 'SessionStart', stop: 'AfterAgent' }, (command, timeout) => ({
        hooks: [{ name: 'git-pp', type: 'command', command, timeout: timeout * 1000 }],
      })),
    },
    trust: 'start gemini in this directory and trust the folder; with --skip-trust it runs without hooks',
    programs: ['gemini'],
    traces: ['.gemini'],
  },
}
export default gemini
