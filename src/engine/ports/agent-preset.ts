/** How a known coding agent is asked for edits; a file of the presets room: `export default` one of these. */
export interface AgentPreset {
  /** The name that `pp.command` gives it. */
  readonly kind: string
  /** What people call it. */
  readonly title: string
  /** For `sh -c`. It ignores settings of the project where the agent can, and never skips permissions or a sandbox. */
  readonly command: string
  readonly input: ProgramInput
  /** The variables that this agent needs: its keys, its model and its own home. */
  readonly env: readonly string[]
  /** Its settings and its login below home, of which a private home has copies. */
  readonly home: readonly string[]
  /** Those of them that hold its login: what it renews there is kept. */
  readonly logins: readonly string[]
  /** What it says when nobody is logged in. */
  readonly loggedOut: RegExp
}

/** What a program reads: the request as JSON, a prompt that asks for edits, or that prompt in the file PP_PROMPT_FILE. */
export type ProgramInput = 'json' | 'prompt' | 'file'
