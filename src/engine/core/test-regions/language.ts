/** How tests stand inside of the product files of one language. */
export interface RegionLanguage {
  /** The names of its files. */
  readonly files: RegExp
  /** What the command, a judge or the file itself must say, or else nothing runs these tests. Absent: they always run. */
  readonly runBy?: RegExp
  /** For each line whether it belongs to a test. */
  readonly mark: (lines: readonly string[]) => readonly boolean[]
}

/** Marks from each line that `begins` up to the line that `end` finds for it (inclusive). */
export function markFrom(
  lines: readonly string[],
  begins: (line: string, at: number) => boolean,
  end: (at: number) => number,
): boolean[] {
  const marks = lines.map(() => false)
  for (let at = 0; at < lines.length; at++) {
    if (!begins(lines[at] ?? '', at)) continue
    const last = Math.max(at, Math.min(end(at), lines.length - 1))
    marks.fill(true, at, last + 1)
    at = last
  }
  return marks
}
