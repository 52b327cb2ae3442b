import type { AgentPreset } from '../../ports/agent-preset.ts'

/** Claude Code may edit files; commands need the permission of the user's own settings. */
export default {
  kind: 'claude',
  title: 'Claude Code',
  command: 'claude -p --permission-mode acceptEdits --setting-sources user --strict-mcp-config',
  input: 'prompt',
  env: [
    ...['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_MODEL'],
    ...['CLAUDE_CODE_OAUTH_TOKEN', 'CLAUDE_CONFIG_DIR', 'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC'],
  ],
  home: ['.claude.json', '.claude/.credentials.json', '.claude/settings.json', '.claude/CLAUDE.md'],
  logins: ['.claude/.credentials.json'],
  loggedOut: /not logged in|please run \/login|invalid api key/i,
} satisfies AgentPreset
