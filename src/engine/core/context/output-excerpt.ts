import { jsonReportIn } from '../locations/index.ts'
import { isNoise, unwrapped } from '../output/index.ts'
import { failureSummary, type ToldFailure } from './failure-summary.ts'

/** A line that says why something failed. */
const STRONG =
  /^E\s|(?:^|[\s:])(?:fatal )?error(?:\[\w+\]|:| TS\d+:| C\d+:)|^\s*(?:[\w$.]*[A-Z]\w*)?(?:Error|Exception|Failure)\b(?: \[\w+\])?:|\bpanic(?:ked)?\b|\bassert\w*\b.*(?:fail|==|!=)|\b(?:expected|actual|received|got|want|left|right|was)\b ?[:=<]|\b(?:expected|want)\b.*\b(?:got|actual|received|but|was|found|to)\b|^\s*[-+](?![-+=])\s*\S|^\s*>\s|^\s*not ok |[✖✗✘×]|^\s*●|^(?:--- )?FAIL(?:ED)?\b|^\s*\d+\) \S|[^=!]==?=? .*[!=]=|!==/i
const TELLING =
  /\b(?:error|errors|exception|fail\w*|fatal|traceback|mismatch|undefined|cannot|diff\w*|not found|no such|denied|undeclared|unexpected|timed? ?out)\b|!=/i
const AROUND = 2
/** Lines of one shape that occur more often than this are progress or logs. */
const REPEATED = 4
/** How many lines of one failure come before those of the next one, when not all fit. */
const OF_ONE = 4
/** How many lines at the end come first, since these usually sum up. */
const LAST = 3

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

/**
 * The output of a failing command in at most `most` characters: what each failing test says, then all of the output, or those
 * of its lines that say most and that were not said already.
 */
export function outputExcerpt(output: string, most: number, failures: readonly ToldFailure[] = []): string {
  const text = output.trimEnd().replace(/\n{3,}/g, '\n\n')
  // Where no line tells anything, the last ones are at least what the command said.
  if (failures.length === 0) return text.length <= most ? text : telling(text, most, '') || text.slice(-most)
  const summary = `Failing tests:\n${failureSummary(failures, most)}`
  // Where every failing test says what is wrong, the rest of the output adds little.
  const left = Math.min(most - summary.length - 2, failures.every(({ message }) => message) ? BESIDE : most)
  if (text.length <= left) return `${summary}\n\n${text}`
  const more = left < LEAST ? '' : telling(text, left, summary)
  return more === '' ? summary : `${summary}\n\n${more}`
}

/** In characters: with less room, no line of the output is worth its place. */
const LEAST = 80
/** In characters: what other lines of the output get beside messages of all failing tests. */
const BESIDE = 400

/** The most telling lines of a text in their order, without those that `said` holds. */
function telling(text: string, most: number, said: string): string {
  const lines = readable(text)
  const known = new Set(said.split('\n').map((line) => line.trim()))
  const shapes = new Map<string, number[]>()
  for (const [at, line] of lines.entries()) {
    const all = shapes.get(shapeOf(line))
    if (all) all.push(at)
    else shapes.set(shapeOf(line), [at])
  }
  const worth = lines.map((line, at) => {
    const all = shapes.get(shapeOf(line)) ?? []
    // Of many lines alike, the first one stands for all.
    return !isNoise(line) && !known.has(line.trim()) && (all.length <= REPEATED || all[0] === at)
  })
  const wanted = new Set<number>()
  // Room for the dots at the beginning and at the end.
  let left = most - 8
  for (const at of byWorth(lines, worth, said === '')) {
    const cost = (lines[at]?.length ?? 0) + 5
    if (!worth[at] || wanted.has(at) || cost > left) continue
    wanted.add(at)
    left -= cost
  }
  return gapped(lines, wanted)
}

/** The places of lines, the most telling first; a place may come several times. `rest`: those that tell nothing as well. */
function* byWorth(lines: readonly string[], worth: readonly boolean[], rest: boolean): Generator<number> {
  const last = [...lines.keys()].filter((at) => worth[at]).slice(-LAST)
  yield* last
  const strong = [...lines.keys()].filter((at) => worth[at] && STRONG.test(lines[at] ?? ''))
  yield* firstOfEach(strong)
  yield* strong
  for (const at of strong) yield* around(at, AROUND)
  for (const at of lines.keys()) if (worth[at] && TELLING.test(lines[at] ?? '')) yield* around(at, 1)
  if (rest) yield* lines.keys()
}

function around(at: number, lines: number): number[] {
  return Array.from({ length: 2 * lines + 1 }, (_, index) => at - lines + index)
}

/** The lines of an output without prefixes of wrappers; of reports in JSON the texts in them, of those in XML nothing. */
function readable(text: string): string[] {
  const plain = unwrapped(text).join('\n')
  const { texts } = jsonReportIn(plain)
  return texts
    .join('\n')
    .split('\n')
    .filter((line) => !/^\s*(?:<\/?\w+[^<>]*>|[{}[\]],?|"(?:[^"\\]|\\.)*": .*)$/.test(line))
    .map((line) => (line.length > 300 ? `${line.slice(0, 300)}...` : line.trimEnd()))
}

/** The first lines of each group of lines that stand together. */
function firstOfEach(places: readonly number[]): number[] {
  let count = 0
  return places.filter((at, nth) => {
    const last = places[nth - 1]
    count = last === undefined || at - last > 3 ? 1 : count + 1
    return count <= OF_ONE
  })
}

function shapeOf(line: string): string {
  return line.length < 12 ? `${line}` : line.replace(/\d+/g, '0')
}

function gapped(lines: readonly string[], wanted: ReadonlySet<number>): string {
  const shown: string[] = []
  let last = -1
  for (const at of [...wanted].sort((a, b) => a - b)) {
    if (at !== last + 1) shown.push('...')
    shown.push(lines[at] ?? '')
    last = at
  }
  if (last < lines.length - 1 && shown.length > 0) shown.push('...')
  return shown.join('\n')
}
