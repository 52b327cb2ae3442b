const TELLING =
  /^E\s|\b(?:assert\w*|error|errors|exception|panic\w*|expected|actual|received|fail\w*|fatal|traceback|not ok|mismatch|undefined|cannot|want|got|diff\w*)\b|!=|^\s*[-+]\s|^\s*>\s|✖|✗|●/i
const AROUND = 2

/** In characters. */
const END = 1_000_000

/** What excerpts are taken from: the whole output, or of a very long one the beginning and the end, in whole lines. */
export function outputEnds(output: string): string {
  if (output.length <= 2 * END) return output
  const head = output.slice(0, output.lastIndexOf('\n', END) + 1 || END)
  const from = output.length - END
  const tail = output.slice(output.indexOf('\n', from - 1) + 1 || from)
  return `${head}[... ${output.length - head.length - tail.length} characters cut ...]\n${tail}`
}

/** The output of a failing command in at most `most` characters: all of it, or its first informative lines and its last lines. */
export function outputExcerpt(output: string, most: number): string {
  const text = output.trimEnd().replace(/\n{3,}/g, '\n\n')
  if (text.length <= most) return text
  const lines = text.split('\n').map((line) => (line.length > 300 ? `${line.slice(0, 300)}...` : line))
  const wanted = new Set<number>()
  let left = most
  const take = (at: number) => {
    const cost = (lines[at]?.length ?? 0) + 1
    if (wanted.has(at) || lines[at] === undefined || cost > left) return
    wanted.add(at)
    left -= cost
  }
  // The last lines usually sum up, so they get a quarter of the room.
  for (let at = lines.length - 1; at >= 0 && left > most * 0.75; at--) take(at)
  for (const [at, line] of lines.entries()) {
    if (left < 40) break
    if (TELLING.test(line)) for (let near = at - AROUND; near <= at + AROUND; near++) take(near)
  }
  return gapped(lines, wanted)
}

function gapped(lines: readonly string[], wanted: ReadonlySet<number>): string {
  const shown: string[] = []
  let last = -1
  for (const at of [...wanted].sort((a, b) => a - b)) {
    if (at !== last + 1) shown.push('...')
    shown.push(lines[at] ?? '')
    last = at
  }
  if (last < lines.length - 1) shown.push('...')
  return shown.join('\n')
}
