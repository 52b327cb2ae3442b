import { byteString, bytesOf, diffLines, isBinary, type Splice, splitLines } from './lines.ts'
import type { PatchFile, PatchHunk, PatchLine } from './patch.ts'
import { quotePath } from './quote.ts'

/** The change of one path. null = the file does not exist. `mode` is the mode of an added or deleted file; default 100644. */
export interface FileChange {
  readonly path: string
  readonly before: Uint8Array | null
  readonly after: Uint8Array | null
  readonly mode?: '100644' | '100755'
}

export type PrintedPatch =
  | { readonly ok: true; readonly patch: Uint8Array }
  | { readonly ok: false; readonly reason: 'binary'; readonly path: string }

const CONTEXT = 3

/**
 * The strict git patch of these changes: a/ and b/, three lines of context, right counts, sorted by path bytes, unchanged
 * files left out. Works on bytes, so line ends, BOM and encodings pass untouched. A NUL byte makes a content binary.
 */
export function printPatch(changes: readonly FileChange[]): PrintedPatch {
  const binary = changes.find((change) => isBinary(change.before ?? EMPTY) || isBinary(change.after ?? EMPTY))
  if (binary !== undefined) return { ok: false, reason: 'binary', path: binary.path }
  const files = changes.map(patchFile).filter((file) => file !== null)
  return { ok: true, patch: formatPatch(files.sort((a, b) => compare(nameOf(a), nameOf(b)))) }
}

const EMPTY = new Uint8Array(0)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const nameOf = (file: PatchFile): string => file.newPath ?? file.oldPath ?? ''

function patchFile(change: FileChange): PatchFile | null {
  const { before, after } = change
  if (before === null && after === null) return null
  const old = splitLines(byteString(before ?? EMPTY))
  const hunks = hunksOfLines(old, diffLines(old, splitLines(byteString(after ?? EMPTY))))
  if (before !== null && after !== null && hunks.length === 0) return null
  const path = byteString(new TextEncoder().encode(change.path))
  const mode = change.mode ?? '100644'
  return {
    oldPath: before === null ? null : path,
    newPath: after === null ? null : path,
    oldMode: after === null ? mode : null,
    newMode: before === null ? mode : null,
    hunks,
  }
}

/** Groups changed places with their context into hunks: places whose contexts would touch share one hunk, as in git. */
function hunksOfLines(old: readonly string[], changes: readonly Splice[]): PatchHunk[] {
  const hunks: PatchHunk[] = []
  let shift = 0
  for (const group of groupSplices(changes)) {
    const first = group[0]
    const last = group.at(-1)
    if (first === undefined || last === undefined) continue
    const from = Math.max(0, first.at - CONTEXT)
    const to = Math.min(old.length, last.at + last.removed + CONTEXT)
    const lines = hunkLines(old, group, from, to)
    const oldLines = to - from
    const newLines = lines.filter((line) => line.sign !== '-').length
    const start = (count: number, at: number): number => (count === 0 ? at : at + 1)
    hunks.push({
      oldStart: start(oldLines, from),
      oldLines,
      newStart: start(newLines, from + shift),
      newLines,
      section: '',
      lines,
    })
    shift += newLines - oldLines
  }
  return hunks
}

/** Splits ascending changes into groups that share a hunk: between two of them is at most twice the context. */
export function groupSplices(changes: readonly Splice[]): Splice[][] {
  const groups: Splice[][] = []
  let end = Number.NEGATIVE_INFINITY
  for (const change of changes) {
    if (change.at - end <= 2 * CONTEXT) groups.at(-1)?.push(change)
    else groups.push([change])
    end = change.at + change.removed
  }
  return groups
}

function hunkLines(old: readonly string[], group: readonly Splice[], from: number, to: number): PatchLine[] {
  const lines: PatchLine[] = []
  const push = (sign: PatchLine['sign'], line: string): void => {
    const bare = !line.endsWith('\n')
    lines.push({ sign, text: bare ? line : line.slice(0, -1), bare })
  }
  let at = from
  for (const change of group) {
    for (; at < change.at; at += 1) push(' ', old[at] ?? '')
    for (; at < change.at + change.removed; at += 1) push('-', old[at] ?? '')
    for (const line of change.added) push('+', line)
  }
  for (; at < to; at += 1) push(' ', old[at] ?? '')
  return lines
}

/** A strict patch as text. */
export function formatPatch(files: readonly PatchFile[]): Uint8Array {
  return bytesOf(files.map(formatFile).join(''))
}

function formatFile(file: PatchFile): string {
  const old = file.oldPath ?? file.newPath ?? ''
  const young = file.newPath ?? file.oldPath ?? ''
  let out = `diff --git ${quotePath(`a/${old}`)} ${quotePath(`b/${young}`)}\n`
  if (file.oldPath === null) out += `new file mode ${file.newMode ?? '100644'}\n`
  else if (file.newPath === null) out += `deleted file mode ${file.oldMode ?? '100644'}\n`
  else if (file.oldMode !== null && file.newMode !== null) out += `old mode ${file.oldMode}\nnew mode ${file.newMode}\n`
  if (file.hunks.length === 0) return out
  out += `--- ${side('a/', file.oldPath)}\n+++ ${side('b/', file.newPath)}\n`
  return out + file.hunks.map(formatHunk).join('')
}

/** Git puts a tab after a name that contains a blank, so that no reader takes the rest for a date. */
function side(prefix: string, path: string | null): string {
  if (path === null) return '/dev/null'
  const quoted = quotePath(prefix + path)
  return quoted.includes(' ') && !quoted.startsWith('"') ? `${quoted}\t` : quoted
}

function formatHunk(hunk: PatchHunk): string {
  const range = (start: number, count: number): string => (count === 1 ? `${start}` : `${start},${count}`)
  const section = hunk.section === '' ? '' : ` ${hunk.section}`
  const head = `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@${section}\n`
  return head + hunk.lines.map(formatLine).join('')
}

function formatLine(line: PatchLine): string {
  return `${line.sign}${line.text}\n${line.bare ? '\\ No newline at end of file\n' : ''}`
}
