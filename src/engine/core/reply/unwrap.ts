import { withoutChannels } from './channels.ts'
import { unescapedDiff } from './json-reply.ts'
import { plainIndents } from './loose-keys.ts'

/** Escapes of a terminal (SGR and erase-line); removed only if they colour a diff. */
const ANSI = /\u001b\[[0-9;]*[mK]/g
const THOUGHT = /^\s*<(think|thinking|reasoning|thought|scratchpad|analysis|draft)>/i

const STRAY_END = /^(?![-+ ]).{0,2000}<\/(think|thinking|reasoning)>[ \t]*$/im

/** The reply without parts that never belong to a diff: byte order mark, carriage returns, colours, thoughts, quoting. */
export function unwrapReply(reply: string): string {
  let text = reply
    .replace(/^\uFEFF/, '')
    .replace(/\r+\n/g, '\n')
    .replace(/\r$/, '')
  if (!text.includes('\n') && text.includes('\r')) text = text.replaceAll('\r', '\n')
  text = quotedText(text)
  if (!/^\s*[{[]/.test(text)) text = unescapedDiff(text) ?? text
  text = plainIndents(withoutChannels(text).replace(/<end_of_turn>/g, ''))
  if (/^(\u001b\[[0-9;]*[mK])+([-+@ ]|diff |$)/m.test(text)) text = text.replace(ANSI, '')
  return unquoted(withoutThoughts(text))
}

/** The text of a reply that is a single JSON string. */
function quotedText(text: string): string {
  if (!/^\s*"(?:[^"\\]|\\.)*"\s*$/.test(text)) return text
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}

/** Removes thoughts at the start of the reply; their opening tag may be missing, because some servers remove it. */
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

/** True: the reply is one thought without an end. */
export function isUnendedThought(text: string): boolean {
  return THOUGHT.test(text)
}

const QUOTED_DIFF = /^> ?(@@|--- |\+\+\+ |diff --git |\*\*\* |<{3,12} ?SEARCH)/m
const OWN_CHANGE =
  /^(?:```|~~~|@@|--- \S|diff --git |\*\*\* ?(?:Begin Patch|Update File)|<{3,12} ?SEARCH|[^\S\n]*[{[]\s*["'{]|<\w)/m

/**
 * A reply quoted as mail programs do it, with '> ' before its lines: without these marks, or without the quoted lines if the
 * reply has a change of its own.
 */
function unquoted(text: string): string {
  const lines = text.split('\n')
  const isQuoted = (line: string): boolean => /^>(?!>)/.test(line)
  if (lines.filter(isQuoted).length < 3 || !QUOTED_DIFF.test(text)) return text
  const own = lines.map((line) => (isQuoted(line) ? '' : line)).join('\n')
  return OWN_CHANGE.test(own) ? own : lines.map((line) => line.replace(/^> ?/, '')).join('\n')
}
