/** What a terminal adds (SGR and erase-line), only taken off where it colours a diff. */
const ANSI = /\u001b\[[0-9;]*[mK]/g
const THOUGHT = /^\s*<(think|thinking|reasoning|thought|scratchpad)>/i

const STRAY_END = /^(?![-+ ]).{0,2000}<\/(think|thinking|reasoning)>[ \t]*$/im

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

/** Takes off thoughts at the start of the reply; their opening tag may be missing, for some servers eat it. */
function withoutThoughts(text: string): string {
  const open = THOUGHT.exec(text)
  const name = open?.[1]?.toLowerCase() ?? STRAY_END.exec(text)?.[1]?.toLowerCase()
  if (name === undefined) return text
  const lower = text.toLowerCase()
  const end = lower.indexOf(`</${name}>`)
  if (end < 0 || (open === null && lower.lastIndexOf(`<${name}>`, end) >= 0)) return text
  const rest = text.slice(end + name.length + 3)
  return open === null ? rest : withoutThoughts(rest)
}

/** True: the reply is one thought that never ends. */
export function isUnendedThought(text: string): boolean {
  return THOUGHT.test(text)
}

/** A reply quoted as a whole, as mail programs do it: '> ' before every line. */
function unquoted(text: string): string {
  const lines = text.split('\n')
  const quoted = lines.filter((line) => line.startsWith('>')).length
  if (quoted < 3 || !/^> ?(@@|--- |\+\+\+ |diff --git |\*\*\* )/m.test(text)) return text
  return lines.map((line) => line.replace(/^> ?/, '')).join('\n')
}
