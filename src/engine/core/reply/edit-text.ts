import { applySplices, type Splice, sameSplice } from '../patch/index.ts'
import type { DraftLine } from './file-draft.ts'
import { encodeText, hasFinalNewline, type TextFile } from './text-file.ts'

/** The edits in order, without duplicates; null if two of them change the same place. */
export function mergeEdits(edits: readonly Splice[]): Splice[] | null {
  const ordered = [...edits].sort((a, b) => a.at - b.at || a.removed - b.removed)
  const merged: Splice[] = []
  for (const edit of ordered) {
    const last = merged.at(-1)
    if (last !== undefined && sameSplice(last, edit)) continue
    if (last !== undefined && (edit.at < last.at + last.removed || edit.at === last.at)) return null
    merged.push(edit)
  }
  return merged
}

/**
 * What the hunk says about the last line end of the file: 'add' or 'drop' if the marker '\ No newline at end of file' differs
 * between the two sides, else null, and the file stays as it is. `touchesEnd`: the hunk reaches the last line.
 */
export function finalNewlineOf(
  lines: readonly DraftLine[],
  text: TextFile,
  touchesEnd: boolean,
): 'add' | 'drop' | null {
  if (!touchesEnd || lines.some((line) => line.sign === ' ' && line.marked)) return null
  const old = lines.some((line) => line.sign === '-' && line.marked)
  const young = lines.some((line) => line.sign === '+' && line.marked)
  if (old === young) return null
  const has = hasFinalNewline(text)
  if (old) return has || !lines.some((line) => line.sign === '+') ? null : 'add'
  return has ? 'drop' : null
}

/**
 * The content after these edits: untouched lines stay the same byte for byte, added lines get the line end of their
 * neighbour.
 */
export function editText(text: TextFile, edits: readonly Splice[], final: 'add' | 'drop' | null): Uint8Array | null {
  const whole = text.lines.map((line, at) => line + (text.ends[at] ?? ''))
  const ended = edits.map((edit) => ({ ...edit, added: edit.added.map((line) => line + endAt(text, edit)) }))
  const lines = applySplices(whole, ended)
  const end = text.end
  for (let at = 0; at < lines.length - 1; at += 1) if (!/\n$/.test(lines[at] ?? '')) lines[at] += end
  const last = lines.length - 1
  if (last >= 0) {
    const bare = (lines[last] ?? '').replace(/\r?\n$/, '')
    const keep = final === null ? hasFinalNewline(text) : final === 'add'
    if (!keep) lines[last] = bare
    else if (bare === lines[last]) lines[last] = bare + end
  }
  return encodeText(text.bom + lines.join(''), text.encoding)
}

function endAt(text: TextFile, edit: Splice): string {
  const beside = [edit.at, edit.at - 1, edit.at + 1].map((at) => text.ends[at])
  return (edit.removed > 0 ? beside : beside.slice(1)).find((end) => end !== undefined && end !== '') ?? text.end
}

/** A content of exactly these lines, with the line ends and encoding of the file that it replaces. */
export function writeLines(
  lines: readonly string[],
  before: TextFile | null,
  finalNewline: boolean,
): Uint8Array | null {
  const end = before?.end ?? '\n'
  const final = before === null || before.lines.length === 0 ? finalNewline : hasFinalNewline(before)
  const body = lines.join(end) + (final && lines.length > 0 ? end : '')
  return encodeText((before?.bom ?? '') + body, before?.encoding ?? 'utf-8')
}
