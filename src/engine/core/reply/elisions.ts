import { ReplyRefusal } from './reply-outcome.ts'

const LEADERS = /^\s*(?:#|\/\/|\/\*+|\*|--|<!--|;|%|\{\/\*|"""|''')?\s*/
const TRAILERS = /\s*(?:\*\/\}?|-->|"""|''')?\s*$/
const ONLY_DOTS = /^[[(<]?\s*(?:\.{3,}|…)\s*[\])>]?$/
const DOTS_FIRST =
  /^[[(<]?\s*(?:\.{3,}|…).*\b(existing|rest|remaining|remainder|unchanged|previous|same|others?|omitted|elided|snip(?:ped)?|truncated|as before|here|keep|code)\b/i
const DOTS_LAST =
  /^[[(<]?\s*(?:the )?(existing|rest|remaining|remainder|unchanged|previous|same as|other|omitted|more|keep|your)\b.*(?:\.{3,}|…)\s*[\])>]?$/i
const NO_DOTS =
  /^(?:the )?(?:rest of|(?:existing|unchanged|remaining) (?:code|lines|methods|functions|implementation)\b).*(?:unchanged|here|same|omitted|code|file|class|function|method)s?\.?$/i

/** True for a line that replaces omitted lines, such as '# ... existing code ...'. */
export function isElision(line: string): boolean {
  if (line.length > 200) return false
  const leader = LEADERS.exec(line)?.[0].trim() ?? ''
  const inner = line.replace(LEADERS, '').replace(TRAILERS, '').trim()
  if (ONLY_DOTS.test(inner) || DOTS_FIRST.test(inner)) return true
  return leader !== '' && (DOTS_LAST.test(inner) || NO_DOTS.test(inner))
}

/** The first new line that replaces omitted lines. `old` = lines that may occur again; '...' is code in a Python body. */
export function elidedLine(lines: readonly string[], old: readonly string[], path: string): string | null {
  const known = new Set(old.map((line) => line.trim()))
  const documents = /\.(ya?ml|md|markdown|rst|txt)$/i.test(path)
  const found = lines.find((line, at) => {
    if (!isElision(line) || known.has(line.trim())) return false
    if (line.trim() !== '...') return true
    const body = /\.pyi?$/i.test(path) && (/:\s*$/.test(lines[at - 1] ?? '') || /"""\s*$/.test(lines[at - 1] ?? ''))
    return !documents && !body
  })
  return found ?? null
}

export function elisionRefusal(line: string, path: string): ReplyRefusal {
  const message = `The line ${JSON.stringify(line.trim())} stands for code that is left out; write it out.`
  return new ReplyRefusal('elision', message, path)
}

/** True where lines hold the marks of an unfinished merge. */
export function hasConflictMarkers(lines: readonly string[]): boolean {
  const opens = lines.some((line) => /^<{7}( |$)/.test(line))
  const closes = lines.some((line) => /^>{7}( |$)/.test(line))
  const halves = lines.some((line) => /^={7}$/.test(line))
  return (opens && (closes || halves)) || (closes && halves) || lines.some((line) => /^(<{7}|>{7}) \S/.test(line))
}
