import type { DraftLine } from './draft.ts'

const WORDS =
  /\b(existing|rest|remaining|remainder|unchanged|previous|same|other|others|omitted|elided|snip(ped)?|truncated|as before|code here|implementation here|your code|keep)\b/i
const LEADERS = /^\s*(?:#|\/\/|\/\*+|\*|--|<!--|;|%|\{\/\*|"""|''')?\s*/
const TRAILERS = /\s*(?:\*\/\}?|-->|"""|''')?\s*$/

/** True for a line that stands for lines it leaves out, like '# ... existing code ...'. `path` tells Python's '...' apart. */
export function isElision(line: string, path: string): boolean {
  if (line.length > 200) return false
  const leader = LEADERS.exec(line)?.[0].trim() ?? ''
  const inner = line.replace(LEADERS, '').replace(TRAILERS, '').trim()
  const dots = /^[[(<]?\s*(\.{3,}|…)|(\.{3,}|…)\s*[\])>]?$/.test(inner)
  if (/^[[(<]?\s*(\.{3,}|…)\s*[\])>]?$/.test(inner)) return leader !== '' || !/\.(pyi?|ya?ml|md|rst|txt)$/i.test(path)
  if (dots) return WORDS.test(inner) && (leader !== '' || /^[[(<]?(\.{3}|…)/.test(inner))
  return (
    leader !== '' &&
    /^((the )?rest of|(existing|unchanged|remaining) (code|lines|methods|functions|implementation)\b)/i.test(inner) &&
    /(unchanged|here|same|omitted|code|file|class|function|method)s?\.?$/i.test(inner)
  )
}

/** The first added line that stands for lines it leaves out, unless the hunk removes the same line. */
export function elidedLine(lines: readonly DraftLine[], path: string): string | null {
  const old = new Set(lines.filter((line) => line.sign !== '+').map((line) => line.text.trim()))
  const found = lines.find((line) => line.sign === '+' && !old.has(line.text.trim()) && isElision(line.text, path))
  return found?.text ?? null
}

/** True where lines hold the marks of an unfinished merge. */
export function hasConflictMarkers(lines: readonly string[]): boolean {
  const opens = lines.some((line) => /^<{7}( |$)/.test(line))
  const closes = lines.some((line) => /^>{7}( |$)/.test(line))
  const halves = lines.some((line) => /^={7}$/.test(line))
  return (opens && (closes || halves)) || (closes && halves) || lines.some((line) => /^(<{7}|>{7}) \S/.test(line))
}
