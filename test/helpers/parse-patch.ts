import {
  byteString,
  type PatchFile,
  type PatchHunk,
  type PatchLine,
  samePath,
  splitLines,
  unquotePath,
} from '../../src/engine/core/patch/index.ts'

export type Parsed =
  | { readonly ok: true; readonly files: readonly PatchFile[] }
  | { readonly ok: false; readonly line: number; readonly message: string }

class Malformed extends Error {}

/**
 * Reads a strict git patch without renames, as `printPatch` and `git diff --no-renames` write it. Index lines are skipped.
 * Anything else (wrong counts, binary, a line that belongs nowhere) is an error with its 1-based line.
 */
export function parsePatch(bytes: Uint8Array): Parsed {
  const lines = splitLines(byteString(bytes)).map((line) => line.replace(/\n$/, ''))
  const reader = { lines, at: 0 }
  const files: PatchFile[] = []
  try {
    while (reader.at < lines.length) files.push(readFile(reader))
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, line: reader.at + 1, message: error.message }
    throw error
  }
  return { ok: true, files }
}

interface Reader {
  readonly lines: readonly string[]
  at: number
}

function take(reader: Reader, prefix: string): string | null {
  const line = reader.lines[reader.at]
  if (line === undefined || !line.startsWith(prefix)) return null
  reader.at += 1
  return line.slice(prefix.length)
}

function readFile(reader: Reader): PatchFile {
  const names = take(reader, 'diff --git ')
  if (names === null) throw new Malformed("a file must start with 'diff --git'")
  const path = samePath(names)
  if (path === null) throw new Malformed('the two names must be one path with a/ and b/')
  const created = take(reader, 'new file mode ')
  const deleted = created === null ? take(reader, 'deleted file mode ') : null
  const oldMode = deleted ?? take(reader, 'old mode ')
  const newMode = created ?? (deleted === null ? take(reader, 'new mode ') : null)
  take(reader, 'index ')
  const file = {
    oldPath: created === null ? path : null,
    newPath: deleted === null ? path : null,
    oldMode,
    newMode,
  }
  return { ...file, hunks: readHunks(reader, file) }
}

function readHunks(reader: Reader, file: Omit<PatchFile, 'hunks'>): PatchHunk[] {
  if (reader.lines[reader.at]?.startsWith('--- ') !== true) return []
  readSide(reader, '--- ', 'a/', file.oldPath)
  readSide(reader, '+++ ', 'b/', file.newPath)
  const hunks: PatchHunk[] = []
  while (reader.lines[reader.at]?.startsWith('@@ ') === true) hunks.push(readHunk(reader))
  if (hunks.length === 0) throw new Malformed('a hunk must follow')
  return hunks
}

function readSide(reader: Reader, mark: string, prefix: string, path: string | null): void {
  const text = take(reader, mark)
  const name = text?.startsWith('"') === true ? unquotePath(text) : text?.replace(/\t$/, '')
  const wanted = path === null ? '/dev/null' : prefix + path
  if (name !== wanted) throw new Malformed(`'${mark}' must name ${wanted}`)
}

function readHunk(reader: Reader): PatchHunk {
  const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(?: (.*))?$/s.exec(reader.lines[reader.at] ?? '')
  if (head === null) throw new Malformed('a hunk header must read @@ -l,n +l,n @@')
  reader.at += 1
  const oldLines = Number(head[2] ?? '1')
  const newLines = Number(head[4] ?? '1')
  const lines = readBody(reader, oldLines, newLines)
  return { oldStart: Number(head[1]), oldLines, newStart: Number(head[3]), newLines, section: head[5] ?? '', lines }
}

function readBody(reader: Reader, oldLines: number, newLines: number): PatchLine[] {
  const lines: PatchLine[] = []
  let old = oldLines
  let young = newLines
  while (old > 0 || young > 0) {
    const line = reader.lines[reader.at] ?? ''
    const sign = line.charAt(0)
    if (sign !== ' ' && sign !== '+' && sign !== '-')
      throw new Malformed('the hunk has fewer lines than its header says')
    if (sign !== '+') old -= 1
    if (sign !== '-') young -= 1
    if (old < 0 || young < 0) throw new Malformed('the hunk has other counts than its header says')
    reader.at += 1
    const bare = reader.lines[reader.at]?.startsWith('\\ ') === true
    if (bare) reader.at += 1
    lines.push({ sign, text: line.slice(1), bare })
  }
  return lines
}
