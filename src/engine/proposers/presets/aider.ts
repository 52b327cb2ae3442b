import type { AgentPreset } from '../../ports/agent-preset.ts'

/**
 * aider writes edits of the files that it asks for; it is answered yes for those, and runs no command, because a command needs
 * an answer of its own. Not tried with the real program.
 */
export default {
  kind: 'aider',
  title: 'aider',
  command:
    'aider --message-file "$PP_PROMPT_FILE" --yes-always --no-suggest-shell-commands --no-auto-commits --no-dirty-commits --no-gitignore --no-check-update --no-show-release-notes --no-pretty --no-stream',
  input: 'file',
  env: [
    ...[
      'OPENAI_API_KEY',
      'OPENAI_API_BASE',
      'ANTHROPIC_API_KEY',
      'DEEPSEEK_API_KEY',
      'GEMINI_API_KEY',
      'OPENROUTER_API_KEY',
    ],
    ...['AIDER_MODEL', 'AIDER_WEAK_MODEL', 'AIDER_EDITOR_MODEL', 'AIDER_EDIT_FORMAT', 'AIDER_OPENAI_API_BASE'],
  ],
  home: ['.aider.conf.yml', '.aider.model.settings.yml', '.aider.model.metadata.json', '.aider/oauth-keys.env'],
  logins: [],
  loggedOut:
    /no (?:llm )?model (?:was )?specified and no api keys?|no api key environment variables|authenticationerror|open the following url in your web browser to authorize/i,
} satisfies AgentPreset
