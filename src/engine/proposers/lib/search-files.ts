import { firstWords } from '../../core/context/index.ts'
import { type EditCandidate, familyOf, type SuspectedLine } from '../../core/search/index.ts'
import type { ProposalRequest } from '../../ports/proposer.ts'

const MAX_FILE = 512 * 1024
const MAX_FILES = 20

/** The suspects that can be searched; when there are none, the files of a small product. */
export function suspectsOf(request: ProposalRequest): readonly SuspectedLine[] {
  const product = request.files.list().filter((path) => request.files.isProduct(path) && familyOf(path) !== null)
  const named = request.suspects.filter(({ path }) => product.includes(path))
  if (named.length > 0 || product.length > MAX_FILES) return named
  return product.map((path) => ({ path, line: null, score: 1 }))
}

/** Path → text with one character for each byte, so that everything that is not edited stays the same byte for byte. */
export async function readSuspects(
  request: ProposalRequest,
  suspects: readonly SuspectedLine[],
): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const path of new Set(suspects.map((suspect) => suspect.path))) {
    if (files.size >= MAX_FILES) break
    const bytes = await request.files.read(path)
    if (bytes && bytes.length <= MAX_FILE && !bytes.includes(0)) files.set(path, Buffer.from(bytes).toString('latin1'))
  }
  return files
}

/** What the file of a candidate becomes. */
export function editsOf(files: ReadonlyMap<string, string>, one: EditCandidate): ReadonlyMap<string, Uint8Array> {
  const text = files.get(one.path) ?? ''
  const edited = text.slice(0, one.start) + one.text + text.slice(one.end)
  return new Map([[one.path, new Uint8Array(Buffer.from(edited, 'latin1'))]])
}

export function keyOf({ path, start, end, text }: EditCandidate): string {
  return JSON.stringify([path, start, end, text])
}

/** `calc.py line 3: < → <=`, for people. */
export function describeEdit(files: ReadonlyMap<string, string>, candidate: EditCandidate): string {
  const text = files.get(candidate.path) ?? ''
  const say = (part: string): string => firstWords(Buffer.from(part, 'latin1').toString('utf8'), 60) || '(nothing)'
  const change = `${say(text.slice(candidate.start, candidate.end))} → ${say(candidate.text)}`
  return `${candidate.path} line ${candidate.line}: ${change}`
}

const MOST_PLACES = 3

/** What these candidates, by their keys, were, for the next proposer; null: there were none. */
export function triedWords(keys: readonly string[]): string | null {
  const counts = new Map<string, number>()
  for (const key of new Set(keys)) {
    const [path] = JSON.parse(key) as [string]
    counts.set(path, (counts.get(path) ?? 0) + 1)
  }
  if (counts.size === 0) return null
  const places = [...counts].sort(([, a], [, b]) => b - a).slice(0, MOST_PLACES)
  const where = places.map(([path, count]) => `${count.toLocaleString('en')} of ${path}`).join(', ')
  return `Small edits were already tried and the tests stayed red: ${where}. Each changed one operator, constant, name, argument, condition or statement. The repair is probably larger, or in another place.`
}

export function countOf(count: number): string {
  return count === 1 ? '1 candidate' : `${count.toLocaleString('en')} candidates`
}
