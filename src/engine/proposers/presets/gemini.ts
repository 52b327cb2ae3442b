import type { AgentPreset } from '../../ports/agent-preset.ts'

/** Gemini CLI may edit files and nothing else. It edits in no folder that it does not trust; the copy holds no settings for it. */
export default {
  kind: 'gemini',
  title: 'Gemini CLI',
  command: 'gemini --approval-mode auto_edit --skip-trust --extensions none --prompt "Do what stands above."',
  input: 'prompt',
  env: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GEMINI_BASE_URL', 'GEMINI_MODEL', 'GEMINI_CLI_HOME'],
  home: [
    '.gemini/settings.json',
    '.gemini/oauth_creds.json',
    '.gemini/google_accounts.json',
    '.gemini/gemini-credentials.json',
    '.gemini/installation_id',
    '.gemini/.env',
    '.gemini/GEMINI.md',
  ],
  logins: ['.gemini/oauth_creds.json', '.gemini/gemini-credentials.json'],
  loggedOut: /set an auth method|please login|api key not valid/i,
} satisfies AgentPreset
