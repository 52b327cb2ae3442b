import type { AgentPreset } from '../../ports/agent-preset.ts'

/** Copilot CLI may edit files and nothing else. It obeys no settings of a folder that it does not trust. */
export default {
  kind: 'copilot',
  title: 'Copilot CLI',
  command: 'copilot --silent --allow-tool write',
  input: 'prompt',
  env: [
    ...['COPILOT_GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN', 'COPILOT_HOME', 'COPILOT_MODEL', 'COPILOT_OFFLINE'],
    ...['COPILOT_PROVIDER_BASE_URL', 'COPILOT_PROVIDER_API_KEY', 'COPILOT_PROVIDER_TYPE'],
  ],
  home: ['.copilot/config.json', '.copilot/settings.json', '.copilot/mcp-config.json'],
  // Its login stands among its settings, which nobody but the user may change.
  logins: [],
  loggedOut: /not logged in|no authentication|copilot login|gh auth login|\/login/i,
} satisfies AgentPreset
