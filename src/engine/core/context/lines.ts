/** Lines of a file that are to be shown, 1-based, and those of them that are marked. */
export interface ShownLines {
  readonly lines: ReadonlySet<number>
  readonly marked: ReadonlySet<number>
}

/**
 * The chosen lines with their numbers in a gutter; marked lines have a '>'. One line stands for each gap after the first
 * chosen line; the gap is filled if that takes no more room.
 */
export function numberedLines(text: string, { lines, marked }: ShownLines): string {
  const all = textLines(text)
  const chosen = [...lines].filter((line) => line >= 1 && line <= all.length).sort((a, b) => a - b)
  const width = String(chosen.at(-1) ?? 1).length
  const rows: string[] = []
  let last = (chosen[0] ?? 1) - 1
  const row = (line: number) => `${marked.has(line) ? '>' : ' '}${String(line).padStart(width)}| ${all[line - 1] ?? ''}`
  const gap = (until: number) => {
    const filled = lineRange(last + 1, until - 1).map(row)
    const told = `${'.'.repeat(width + 1)}| ${filled.length} lines not shown`
    rows.push(...(filled.join('\n').length > told.length ? [told] : filled))
  }
  for (const line of chosen) {
    gap(line)
    rows.push(row(line))
    last = line
  }
  gap(all.length + 1)
  return rows.join('\n')
}

export function textLines(text: string): readonly string[] {
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

export function lineRange(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start + 1) }, (_, at) => start + at)
}

export function linesAround(text: string, line: number, lines: number): readonly number[] {
  return lineRange(Math.max(1, line - lines), Math.min(line + lines, textLines(text).length))
}

/**
 * The lines that represent a function: at most `longest` lines as a whole; if it is longer, its head and the lines around
 * those that matter. Only the first paragraph of its docstring is used.
 */
export function shortenedFunction(
  text: string,
  slice: { readonly start: number; readonly headEnd: number; readonly end: number },
  matter: Iterable<number>,
  longest: number,
  around: number,
): readonly number[] {
  const { start, headEnd, end } = slice
  if (2 * (end - start) < longest) return lineRange(start, end)
  const rest = new Set(docstringRest(text, slice))
  const told = lineRange(start, end).filter((line) => !rest.has(line))
  if (told.length <= longest) return told
  const lines = textLines(text)
  const near = new Set([...matter].flatMap((line) => lineRange(line - around, line + around)))
  for (const line of matter) for (const head of headsAbove(lines, line, headEnd)) near.add(head)
  return told.filter((line) => line <= headEnd || near.has(line))
}

/** The lines that a line is indented below, down to the head of the function: loops and conditions around it. */
function headsAbove(lines: readonly string[], line: number, headEnd: number): number[] {
  const depth = (at: number) => (lines[at - 1] ?? '').search(/\S/)
  const heads: number[] = []
  let inner = depth(line)
  for (let at = line - 1; at > headEnd && inner > 0; at--) {
    const own = depth(at)
    if (own < 0 || own >= inner || /^\s*[)\]}]+[,;]?\s*$/.test(lines[at - 1] ?? '')) continue
    heads.push(at)
    inner = own
  }
  return heads
}

/** The lines of a docstring below a head that are between its first paragraph and its last line. */
function docstringRest(text: string, { headEnd, end }: { readonly headEnd: number; readonly end: number }): number[] {
  const lines = textLines(text).slice(headEnd, end)
  const [opening, quotes] = /^\s*[rRuU]?("""|''')/.exec(lines[0] ?? '') ?? []
  if (opening === undefined || quotes === undefined || lines[0]?.slice(opening.length).includes(quotes)) return []
  const last = lines.findIndex((line, at) => at > 0 && line.includes(quotes))
  const blank = lines.findIndex((line, at) => at > 0 && line.trim() === '')
  return blank < 0 || blank > last ? [] : lineRange(headEnd + 1 + blank, headEnd + last)
}
