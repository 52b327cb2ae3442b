/** Calls of the hooks of agents. Those of Claude Code, Codex, Gemini CLI and Copilot CLI hold the fields that real runs of them sent (2.1.197, 0.171.0, 0.61.0, 1.0.102); those of Cursor, of opencode and aider, and of helpers of agents are written by hand from their documentation. */

import type { AgentEvent, HookCall } from '../../src/engine/ports/agent.ts'

/** What an agent's hook got, and what it means. */
export interface RecordedCall {
  readonly title: string
  /** The agent that called; null: it cannot be told from the call. */
  readonly agent: string | null
  readonly call: HookCall
  readonly event: AgentEvent
}

const PROJECT = '/home/u/project'
const ID = 'd9ba6cef-cabb-4dc0-a3f8-4e1683df766d'
const CODEX_ID = '01a22c2f-70b4-7083-adf3-5284348ad0a4'
const transcript = '/home/u/.agent/session.jsonl'

const CLAUDE = {
  AI_AGENT: 'claude-code_2-1-197_harness',
  CLAUDECODE: '1',
  CLAUDE_CODE_ENTRYPOINT: 'sdk-cli',
  CLAUDE_CODE_SESSION_ID: ID,
  CLAUDE_PROJECT_DIR: PROJECT,
}
const CODEX = { CODEX_MANAGED_BY_NPM: '1', CODEX_MANAGED_PACKAGE_ROOT: '/usr/lib/node_modules/@openai/codex' }
const GEMINI = {
  CLAUDE_PROJECT_DIR: PROJECT,
  GEMINI_CWD: PROJECT,
  GEMINI_PLANS_DIR: '/home/u/.gemini/tmp/plans',
  GEMINI_PROJECT_DIR: PROJECT,
  GEMINI_SESSION_ID: ID,
}
const COPILOT = {
  CLAUDE_PROJECT_DIR: PROJECT,
  COPILOT_CLI: '1',
  COPILOT_CLI_BINARY_VERSION: '1.0.102',
  COPILOT_HOOK_DIR: `${PROJECT}/.github/hooks`,
  COPILOT_PROJECT_DIR: PROJECT,
}
const CURSOR = { CURSOR_PROJECT_DIR: PROJECT, CURSOR_VERSION: '3.7.21' }

const claudeBase = { session_id: ID, transcript_path: transcript, cwd: PROJECT }
const claudeStop = {
  ...claudeBase,
  prompt_id: 'c146172e-248e-4008-8b43-844e15b28c7a',
  permission_mode: 'default',
  effort: { level: 'high' },
  hook_event_name: 'Stop',
  stop_hook_active: false,
  last_assistant_message: 'done.',
  background_tasks: [],
  session_crons: [],
}
const codexBase = { session_id: CODEX_ID, transcript_path: transcript, cwd: PROJECT }
const codexStart = {
  ...codexBase,
  hook_event_name: 'SessionStart',
  model: 'gpt',
  permission_mode: 'default',
  source: 'startup',
}
const codexStop = {
  ...codexBase,
  turn_id: '01a22c2f-70d5-76f3-a720-b942fa5ad081',
  hook_event_name: 'Stop',
  model: 'gpt',
  permission_mode: 'default',
  stop_hook_active: false,
  last_assistant_message: 'done.',
}
const geminiBase = { ...claudeBase, timestamp: '2026-11-30T11:20:53.022Z' }
const cursorBase = {
  conversation_id: ID,
  generation_id: '3c2a',
  model: 'auto',
  cursor_version: '3.7.21',
  workspace_roots: [PROJECT],
}

const event = (is: AgentEvent['is'], more: Partial<AgentEvent> = {}): AgentEvent => ({
  is,
  session: ID,
  directory: PROJECT,
  transcript,
  ...more,
})

/** Recorded from runs of the agents with a scripted model, but for those of Cursor, whose documentation has the fields. */
export const AGENT_CALLS: readonly RecordedCall[] = [
  {
    title: 'Claude Code starts',
    agent: 'claude',
    call: { said: { ...claudeBase, hook_event_name: 'SessionStart', source: 'startup' }, env: CLAUDE },
    event: event('begin'),
  },
  { title: 'Claude Code stops', agent: 'claude', call: { said: claudeStop, env: CLAUDE }, event: event('stop') },
  {
    title: 'Claude Code stops, having been started by Copilot CLI',
    agent: 'claude',
    call: { said: claudeStop, env: { ...COPILOT, ...CLAUDE } },
    event: event('stop'),
  },
  {
    title: 'a sub-agent of Claude Code stops',
    agent: 'claude',
    call: {
      said: {
        ...claudeStop,
        hook_event_name: 'SubagentStop',
        agent_id: 'a1',
        agent_type: 'general-purpose',
        agent_transcript_path: '/home/u/.agent/sub.jsonl',
      },
      env: CLAUDE,
    },
    event: event('sub-agent stop'),
  },
  {
    title: 'Claude Code uses a tool',
    agent: 'claude',
    call: { said: { ...claudeBase, hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: {} }, env: CLAUDE },
    event: event('other'),
  },
  {
    title: 'Codex starts',
    agent: 'codex',
    call: { said: codexStart, env: CODEX },
    event: event('begin', { session: CODEX_ID }),
  },
  {
    title: 'Codex starts, having been started by Claude Code',
    agent: 'codex',
    call: { said: codexStart, env: { ...CLAUDE, ...CODEX } },
    event: event('begin', { session: CODEX_ID }),
  },
  {
    title: 'Codex stops',
    agent: 'codex',
    call: { said: codexStop, env: CODEX },
    event: event('stop', { session: CODEX_ID }),
  },
  {
    title: 'Codex stops, having been started by Claude Code, without an own variable',
    agent: 'codex',
    call: { said: { ...codexStop, transcript_path: null }, env: CLAUDE },
    event: event('stop', { session: CODEX_ID, transcript: null }),
  },
  {
    title: 'a sub-agent of Codex stops',
    agent: 'codex',
    call: {
      said: {
        ...codexStop,
        hook_event_name: 'SubagentStop',
        agent_id: 'a1',
        agent_type: 'worker',
        agent_transcript_path: null,
      },
      env: CODEX,
    },
    event: event('sub-agent stop', { session: CODEX_ID }),
  },
  {
    title: 'Gemini CLI starts',
    agent: 'gemini',
    call: { said: { ...geminiBase, hook_event_name: 'SessionStart', source: 'startup' }, env: GEMINI },
    event: event('begin'),
  },
  {
    title: 'Gemini CLI stops, having been started by Claude Code',
    agent: 'gemini',
    call: {
      said: {
        ...geminiBase,
        hook_event_name: 'AfterAgent',
        prompt: 'hi',
        prompt_response: 'done.',
        stop_hook_active: false,
      },
      env: { ...CLAUDE, ...GEMINI },
    },
    event: event('stop'),
  },
  {
    title: 'Copilot CLI starts',
    agent: 'copilot',
    call: {
      said: { sessionId: ID, timestamp: 1796037638608, cwd: PROJECT, source: 'new', initialPrompt: 'hi' },
      env: COPILOT,
    },
    event: event('begin', { transcript: null }),
  },
  {
    title: 'Copilot CLI stops',
    agent: 'copilot',
    call: {
      said: {
        sessionId: ID,
        timestamp: 1796037638710,
        cwd: PROJECT,
        transcriptPath: transcript,
        stopReason: 'end_turn',
        stop_hook_active: false,
      },
      env: COPILOT,
    },
    event: event('stop'),
  },
  {
    title: 'a sub-agent of Copilot CLI stops',
    agent: 'copilot',
    call: {
      said: {
        sessionId: ID,
        timestamp: 1796037638710,
        cwd: PROJECT,
        transcriptPath: transcript,
        agentName: 'task',
        agentDisplayName: 'Task',
        stopReason: 'end_turn',
      },
      env: COPILOT,
    },
    event: event('sub-agent stop'),
  },
  {
    title: 'Cursor starts',
    agent: 'cursor',
    call: {
      said: {
        ...cursorBase,
        hook_event_name: 'sessionStart',
        session_id: ID,
        is_background_agent: false,
        composer_mode: 'agent',
      },
      env: CURSOR,
    },
    event: event('begin', { transcript: null }),
  },
  {
    title: 'Cursor has completed a turn',
    agent: 'cursor',
    call: { said: { ...cursorBase, hook_event_name: 'stop', status: 'completed', loop_count: 0 }, env: CURSOR },
    event: event('stop', { transcript: null }),
  },
  {
    title: 'Cursor was aborted by its user',
    agent: 'cursor',
    call: { said: { ...cursorBase, hook_event_name: 'stop', status: 'aborted', loop_count: 0 }, env: {} },
    event: event('other', { transcript: null }),
  },
  {
    title: 'opencode starts',
    agent: 'opencode',
    call: {
      said: { agent: 'opencode', event: 'begin', sessionID: 'ses_1', directory: PROJECT },
      env: { OPENCODE: '1' },
    },
    event: event('begin', { session: 'ses_1', transcript: null }),
  },
  {
    title: 'opencode is idle',
    agent: 'opencode',
    call: { said: { agent: 'opencode', event: 'stop', sessionID: 'ses_1', directory: PROJECT }, env: CLAUDE },
    event: event('stop', { session: 'ses_1', transcript: null }),
  },
  {
    title: 'aider has edited a file',
    agent: null,
    call: { said: null, env: {} },
    event: { is: 'stop', session: null, directory: null, transcript: null },
  },
]

/** Copilot CLI also runs the hooks in .claude/settings.json, with the fields of Claude Code (recorded with 1.0.102). */
export const COPILOT_AS_CLAUDE: HookCall = {
  said: {
    hook_event_name: 'Stop',
    session_id: ID,
    timestamp: '2026-11-30T11:20:38.710Z',
    cwd: PROJECT,
    transcript_path: transcript,
    stop_reason: 'end_turn',
    stop_hook_active: false,
  },
  env: { ...COPILOT, COPILOT_HOOK_DIR: undefined },
}
