import { diffLines } from '../patch/index.ts'
import { testLines } from './lines-of-tests.ts'

/** A larger file is product as a whole. */
const MOST_BYTES = 2_000_000

/** What a change makes of the product lines and of the test lines of one file. */
export interface RegionSplit {
  /** The file with the product of the change and the tests of the base. */
  readonly withoutTests: Uint8Array
  /** The file with the product of the base and the tests of the change; null if they cannot be told apart well enough. */
  readonly testsOnly: Uint8Array | null
  /** The lines of tests that the change removes or adds, the latter counted in the changed file. Lines count from 1. */
  readonly lines: readonly number[]
}

/** Takes a change of a product file apart; null if it touches no test inside of the file, or if the file is not text. */
export function splitRegions(path: string, before: Uint8Array, after: Uint8Array): RegionSplit | null {
  if (before.length > MOST_BYTES || after.length > MOST_BYTES) return null
  const [old, young] = [linesOf(before), linesOf(after)]
  const [wasTest, isTest] = [old && testLines(path, old), young && testLines(path, young)]
  if (!old || !young || !wasTest || !isTest) return null
  const product: string[] = []
  const tests: string[] = []
  const lines: number[] = []
  let isMixed = false
  let [at, then] = [0, 0]
  const keep = (until: number) => {
    for (; at < until; at++, then++) {
      product.push(old[at] ?? '')
      tests.push(old[at] ?? '')
    }
  }
  for (const { at: start, removed, added } of diffLines(tagged(old, wasTest), tagged(young, isTest))) {
    keep(start)
    const gone = marked(old.slice(at, at + removed), wasTest.slice(at, at + removed))
    const come = marked(young.slice(then, then + added.length), isTest.slice(then, then + added.length))
    isMixed ||= new Set([...gone, ...come].flatMap(([line, test]) => (line.trim() === '' ? [] : test))).size > 1
    product.push(
      ...merged(
        gone.filter(([, test]) => test),
        come.filter(([, test]) => !test),
      ),
    )
    tests.push(
      ...merged(
        gone.filter(([, test]) => !test),
        come.filter(([, test]) => test),
      ),
    )
    if (gone.some(([, test]) => test)) lines.push(then + 1)
    lines.push(...come.flatMap(([, test], n) => (test ? [then + n + 1] : [])))
    at += removed
    then += added.length
  }
  keep(old.length)
  if (lines.length === 0) return null
  const bytes = (text: readonly string[]) => new TextEncoder().encode(text.join('\n'))
  return { withoutTests: bytes(product), testsOnly: isMixed ? null : bytes(tests), lines: [...new Set(lines)] }
}

/** Lines that are equal only if both or none of them belong to a test, so that no bracket of one is taken for that of another. */
function tagged(lines: readonly string[], marks: readonly boolean[]): readonly string[] {
  return lines.map((line, at) => `${marks[at] ? 't' : 'p'}${line}`)
}

type Marked = readonly (readonly [line: string, isTest: boolean])[]

function marked(lines: readonly string[], marks: readonly boolean[]): Marked {
  return lines.map((line, at) => [line, marks[at] === true])
}

function merged(gone: Marked, come: Marked): readonly string[] {
  return [...gone, ...come].map(([line]) => line)
}

function linesOf(bytes: Uint8Array): readonly string[] | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).split('\n')
  } catch {
    return null
  }
}
