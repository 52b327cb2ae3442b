import type { AgentPreset } from '../../ports/agent-preset.ts'

/** opencode edits and runs commands as far as the user's own settings allow; what would need a question is refused. */
export default {
  kind: 'opencode',
  title: 'opencode',
  command: 'OPENCODE_DISABLE_PROJECT_CONFIG=1 OPENCODE_DISABLE_AUTOUPDATE=1 opencode run',
  input: 'prompt',
  env: [
    ...['OPENCODE_API_KEY', 'OPENCODE_CONFIG', 'OPENCODE_CONFIG_CONTENT', 'OPENCODE_CONFIG_DIR', 'OPENCODE_MODELS_URL'],
    ...[
      'ANTHROPIC_API_KEY',
      'OPENAI_API_KEY',
      'GEMINI_API_KEY',
      'OPENROUTER_API_KEY',
      'GITHUB_TOKEN',
      'XDG_STATE_HOME',
    ],
  ],
  home: ['.config/opencode', '.local/share/opencode/auth.json'],
  logins: ['.local/share/opencode/auth.json'],
  loggedOut:
    /opencode auth login|no providers? (?:configured|found)|api key is missing|invalid api key|incorrect api key/i,
} satisfies AgentPreset
