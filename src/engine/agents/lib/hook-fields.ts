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
  return objectAnswer(reason === null ? {} : { decision: 'block', reason })
}

/** The same for those that show a person what stands under `systemMessage`. A refusal has nothing but its two keys. */
export function blockOrNotice(reason: string | null, notice: string | null): AgentAnswer {
  return reason === null && notice !== null ? objectAnswer({ systemMessage: notice }) : blockObject(reason)
}

/** An answer of one JSON object. */
export function objectAnswer(object: Readonly<Record<string, string>>): AgentAnswer {
  return { stdout: `${JSON.stringify(object)}\n`, stderr: '', status: 0 }
}

/** The answer for whoever reads the status and the text. */
export function plainAnswer(reason: string | null, notice: string | null): AgentAnswer {
  const line = (text: string | null) => (text === null ? '' : `${text}\n`)
  return { stdout: line(reason), stderr: line(notice), status: reason === null ? 0 : 1 }
}
