/** What a terminal adds (SGR and erase-line), only taken off where it colours a diff. */
const ANSI = /\u001b\[[0-9;]*[mK]/g
const THOUGHT = /^[ \t]*<(think|thinking|reasoning|thought|scratchpad)>[\s\S]*?<\/\1>[ \t]*$/gim
const OPEN_THOUGHT = /^\s*<(think|thinking|reasoning|thought|scratchpad)>/i

/** The reply without what never belongs to a diff: byte order mark, carriage returns, colours, thoughts, quoting. */
export function unwrap(reply: string): string {
  let text = reply
    .replace(/^\uFEFF/, '')
    .replace(/\r+\n/g, '\n')
    .replace(/\r$/, '')
  if (!text.includes('\n') && text.includes('\r')) text = text.replaceAll('\r', '\n')
  if (/^(\u001b\[[0-9;]*[mK])+([-+@ ]|diff |$)/m.test(text)) text = text.replace(ANSI, '')
  return unquoted(withoutThoughts(text))
}

function withoutThoughts(text: string): string {
  const stray = /<\/(think|thinking|reasoning)>[ \t]*\n?/i.exec(text)
  const without = text.replace(THOUGHT, '')
  if (without !== text || stray === null) return without
  const open = OPEN_THOUGHT.exec(text)
  const opensBefore = text
    .slice(0, stray.index)
    .toLowerCase()
    .includes(`<${(stray[1] ?? '').toLowerCase()}>`)
  return open !== null || !opensBefore ? text.slice(stray.index + stray[0].length) : text
}

/** True: the reply is one thought that never ends. */
export function isUnendedThought(text: string): boolean {
  return OPEN_THOUGHT.test(text)
}

/** A reply quoted as a whole, as mail programs do it: '> ' before every line. */
function unquoted(text: string): string {
  const lines = text.split('\n')
  const quoted = lines.filter((line) => line.startsWith('>')).length
  if (quoted < 3 || !/^> ?(@@|--- |\+\+\+ |diff --git |\*\*\* )/m.test(text)) return text
  return lines.map((line) => line.replace(/^> ?/, '')).join('\n')
}
