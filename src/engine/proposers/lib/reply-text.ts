import { withoutThoughts } from '../../core/context/index.ts'
import type { Completion, ToolCall } from './completion.ts'

/**
 * What a model answered: its text and the calls of tools in it, since some models send their patch in one. Where it only
 * thought, a fenced diff in the thoughts is the answer. Empty: there is none.
 */
export function replyText(said: Completion): string {
  const answered = withoutThoughts(said.text)
  const calls = said.calls.flatMap((call) => spelled(call) ?? [])
  if (answered !== '' || calls.length > 0)
    return [said.text, ...calls].filter((part) => part.trim() !== '').join('\n\n')
  return lastFencedDiff(`${said.reasoning}\n${said.text}`)
}

/** The last closed fence that is a diff by its name or by its first line; empty if there is none. */
function lastFencedDiff(text: string): string {
  const lines = text.split('\n')
  let open: { readonly fence: string; readonly at: number } | null = null
  let last = ''
  for (const [at, line] of lines.entries()) {
    const [, fence, name = ''] = /^(`{3,}|~{3,})([^`]*)$/.exec(line) ?? []
    if (fence === undefined) continue
    if (open === null) open = { fence, at }
    else if (fence === open.fence && name.trim() === '') {
      const isDiff =
        /^\W+(?:diff|patch)\b/.test(lines[open.at] ?? '') || /^(?:diff --git|---) /.test(lines[open.at + 1] ?? '')
      if (isDiff) last = lines.slice(open.at, at + 1).join('\n')
      open = null
    }
  }
  return last
}

/** A call in the form in which models write it into a text; null if its arguments are not whole. */
function spelled({ name, arguments: text }: ToolCall): string | null {
  try {
    return JSON.stringify({ name, arguments: JSON.parse(text) })
  } catch {
    return null
  }
}

/** What a model did in the place of an answer. */
export function insteadOfReply(said: Completion): string {
  const [call] = said.calls
  if (call) return `called the tool ${call.name || 'without a name'}, which git pp does not have`
  const isThought = said.reasoning.trim() !== '' || said.text.trim() !== ''
  return isThought ? 'answered with nothing: it only thought' : 'answered with nothing'
}
