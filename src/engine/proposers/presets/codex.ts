import type { AgentPreset } from '../../ports/agent-preset.ts'

/** Codex edits and runs commands in its own sandbox, which can write to the copy only. It reads no settings of a folder that it does not trust. */
export default {
  kind: 'codex',
  title: 'Codex',
  command: 'codex exec --sandbox workspace-write --skip-git-repo-check -',
  input: 'prompt',
  env: ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'CODEX_API_KEY', 'CODEX_HOME'],
  home: ['.codex/config.toml', '.codex/auth.json', '.codex/AGENTS.md'],
  logins: ['.codex/auth.json'],
  loggedOut: /not logged in|codex login|401 unauthorized/i,
} satisfies AgentPreset
