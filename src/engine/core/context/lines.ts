/** Lines of a file that are to be shown, 1-based, and those of them that are marked. */
export interface Shown {
  readonly lines: ReadonlySet<number>
  readonly marked: ReadonlySet<number>
}

/** The chosen lines with their numbers in a gutter, marked ones with '>', and one line for each gap; a gap of one line is filled. */
export function gutter(text: string, { lines, marked }: Shown): string {
  const all = textLines(text)
  const chosen = [...lines].filter((line) => line >= 1 && line <= all.length).sort((a, b) => a - b)
  const width = String(chosen.at(-1) ?? 1).length
  const rows: string[] = []
  let last = 0
  const row = (line: number) =>
    rows.push(`${marked.has(line) ? '>' : ' '}${String(line).padStart(width)}| ${all[line - 1] ?? ''}`)
  const gap = (until: number) => {
    if (until === last + 2) row(last + 1)
    else if (until > last + 2) rows.push(`${'.'.repeat(width + 1)}| ${until - last - 1} lines not shown`)
  }
  for (const line of chosen) {
    gap(line)
    row(line)
    last = line
  }
  gap(all.length + 1)
  return rows.join('\n')
}

export function textLines(text: string): readonly string[] {
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

export function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start + 1) }, (_, at) => start + at)
}

/** A function whole, or, when it is longer than `longest`, its head and what lies around the lines that matter. */
export function cut(
  { start, headEnd, end }: { readonly start: number; readonly headEnd: number; readonly end: number },
  matter: Iterable<number>,
  longest: number,
  around: number,
): readonly number[] {
  if (end - start < longest) return range(start, end)
  const near = [...matter].flatMap((line) => range(line - around, line + around))
  return [...new Set([...range(start, headEnd), ...near])].filter((line) => line >= start && line <= end)
}
