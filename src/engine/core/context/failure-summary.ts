/** A failing test as its runner tells of it: its id, its whole message, and where it failed. */
export interface ToldFailure {
  readonly id: string
  readonly message?: string | undefined
  readonly file?: string | undefined
  readonly line?: number | undefined
}

/** More failures are only counted. */
const MOST_FAILURES = 40
/** In characters: what a line is worth at least, and how much of a long one is shown at most. */
const SHORTEST = 60
const LONGEST = 300

/** One side of a comparison: a line of a difference, or a line that names what was expected or found. */
const SIDE =
  /^\s*[-+](?![-+])\s*\S|\b(?:expected|actual|received|got|want(?:ed)?|left|right|was|found|but|values|matches?|identical)\b|[!=]==?|≠/i
/** A heading of what follows, or the legend of a difference: it has no value in it. */
const LEGEND =
  /:$|[|>]-?$|^\s*(?:[-+]+ ?(?:expected|received|actual)\b\W*(?:[-+] \d+|actual|expected)?$|@@ |--- |\+\+\+ |diff: \||compare: )|^expect\(.*\/\/ |^Diff|^should |full diff|-vv? to (?:show|get)|^Omitting |^Use -v/i

interface SummarisedFailure {
  readonly head: string
  readonly lines: readonly string[]
  /** The lines of the message in the order of their worth, as indices. */
  readonly worth: readonly number[]
  readonly taken: Set<number>
}

/**
 * Every failing test with what it says, in at most `most` characters: first all of their ids and places, then of each the line
 * that says most, then of each the next one, so that no failure takes the room of another.
 */
export function failureSummary(failures: readonly ToldFailure[], most: number): string {
  const shown = failures.slice(0, MOST_FAILURES)
  const entries = shown.map((one, at) => entryOf(one, shown[at - 1]))
  const heads: string[] = []
  let left = most - 18
  const share = Math.max(SHORTEST, Math.floor(left / Math.max(1, entries.length)))
  for (const { head } of entries) {
    const cut = shortened(head, share)
    if (cut.length + 1 > left) break
    heads.push(cut)
    left -= cut.length + 1
  }
  const open = entries.slice(0, heads.length)
  const longest = Math.min(LONGEST, Math.max(SHORTEST, Math.floor(left / Math.max(1, open.length)) - 3))
  for (let round = 0, more = true; more; round++) {
    more = false
    for (const { lines, worth, taken } of open) {
      const at = worth[round]
      if (at === undefined) continue
      more = true
      const cost = shortened(lines[at] ?? '', longest).length + 3
      if (cost > left) continue
      taken.add(at)
      left -= cost
    }
  }
  const text = open.flatMap(({ lines, taken }, nth) => [
    heads[nth] ?? '',
    ...lines.flatMap((line, at) => (taken.has(at) ? [`  ${shortened(line, longest)}`] : [])),
  ])
  const rest = failures.length - heads.length
  return [...text, ...(rest > 0 ? [`${rest} more`] : [])].join('\n')
}

function entryOf(one: ToldFailure, before: ToldFailure | undefined): SummarisedFailure {
  const lines = one.message?.split('\n') ?? []
  const rank = (at: number) => {
    const line = lines[at] ?? ''
    if (LEGEND.test(line)) return 3
    return SIDE.test(line) ? 0 : at === 0 ? 1 : 2
  }
  const worth = [...lines.keys()].sort((a, b) => rank(a) - rank(b) || a - b)
  return { head: headOf(one, before), lines, worth, taken: new Set() }
}

/** The id and the place, 'file:line title' if the id begins with the same file; what the failure before has, too, is left out. */
function headOf({ id, file, line }: ToldFailure, before: ToldFailure | undefined): string {
  const place = file === undefined || line === undefined ? null : `${file}:${line}`
  const [, path = '', title = ''] = /^(\S+?\.\w+)(?: > |::| › )(.*)$/s.exec(id) ?? []
  const same = place !== null && path !== '' && (file === path || file?.endsWith(`/${path}`))
  if (same)
    return `- ${path}:${line} ${withoutShared(title, before?.id.startsWith(path) ? before.id.slice(id.length - title.length) : '')}`
  const short = withoutShared(id, before?.id ?? '')
  return place === null ? `- ${short}` : `- ${short} (${place})`
}

/** 'suite > test' as '… > test' after another test of the suite. */
function withoutShared(title: string, before: string): string {
  const at = title.lastIndexOf(' > ')
  return at > 3 && before.startsWith(title.slice(0, at + 3)) ? `… > ${title.slice(at + 3)}` : title
}

function shortened(line: string, longest: number): string {
  return line.length <= longest ? line : `${line.slice(0, longest - 3)}...`
}
