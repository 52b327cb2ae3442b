import type { AgentAnswer, HookCall } from '../../ports/agent.ts'

/** The text of a field of a hook's object; null where it is missing or no text. */
export function textOf(said: HookCall['said'], name: string): string | null {
  const value = said?.[name]
  return typeof value === 'string' && value !== '' ? value : null
}

/**
 * The answer that Claude Code, Codex, Gemini CLI and Copilot CLI understand: an object of these two keys alone, and status 0.
 * Codex lets the agent go when there is another key.
 */
export function blockObject(reason: string | null): AgentAnswer {
  const object = reason === null ? {} : { decision: 'block', reason }
  return { stdout: `${JSON.stringify(object)}\n`, stderr: '', status: 0 }
}
