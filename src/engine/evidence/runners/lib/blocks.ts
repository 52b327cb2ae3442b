/** A failure as runners print it at the end: the line with its title, and the lines below it. */
export interface FailureBlock {
  readonly title: RegExpExecArray
  readonly body: readonly string[]
}

/** In lines: what is longer is no longer about one failure. */
const MOST = 300

/** The blocks that begin with `title` and end before the next title or a line that `ends` fits. */
export function blocksOf(lines: readonly string[], title: RegExp, ends: RegExp): FailureBlock[] {
  const found: { title: RegExpExecArray; body: string[] }[] = []
  let open: string[] | null = null
  for (const line of lines) {
    const titled = title.exec(line)
    if (titled) {
      open = []
      found.push({ title: titled, body: open })
    } else if (ends.test(line)) open = null
    else if (open && open.length < MOST) open.push(line)
  }
  return found
}

/** The first line that is not blank, without its indentation. */
export function firstWords(body: readonly string[]): string | undefined {
  return body.find((line) => line.trim() !== '')?.trim()
}

/** The first place that a line of a body names by `pattern`: group 1 is the file, group 2 the line. */
export function placeBy(body: readonly string[], pattern: RegExp): { file: string; line: number } | undefined {
  for (const line of body) {
    const [, file, at] = pattern.exec(line) ?? []
    if (file !== undefined && at !== undefined && !/\/(?:gems|vendor|node_modules)\//.test(file))
      return { file: file.replace(/^\.\//, ''), line: Number(at) }
  }
  return undefined
}

/** A number of a sum like '3 examples, 1 failure'; 0 if the word is not in it. */
export function countIn(sum: string, word: string): number {
  return Number(new RegExp(`(\\d+) (?:${word})\\b`).exec(sum)?.[1] ?? 0)
}
