import { applySplices, diffLines, type Splice } from '../../src/engine/core/patch/lines.ts'

/** A seeded stream of numbers in [0, 1): mulberry32, public domain, by Tommy Ettinger. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A line of a hunk; `at` = its line in the file (0-based), null for an added one. */
interface Line {
  readonly sign: ' ' | '+' | '-'
  readonly text: string
  readonly at: number | null
}

interface Hunk {
  readonly lines: readonly Line[]
  readonly start: number
  /** What was done to its lines that a reader has to undo to find its place. */
  readonly shifted: boolean
  readonly dropped: boolean
  /** False: lines were dropped where only they told the place of an added line. */
  readonly placed: boolean
}

export interface Malformed {
  readonly reply: string
  readonly expected: string
  /** True: undoing the malformation leaves one place for every hunk; see docs/diffs.md. */
  readonly unique: boolean
  readonly applied: readonly string[]
}

type Random = () => number
const below = (random: Random, n: number): number => Math.floor(random() * n)
const skippable = (line: string): boolean => /^\s*(#|$)/.test(line)

/** One random edit of a file and a reply that writes it down badly. Null when the edit came out empty. */
export function malformed(random: Random, path: string, lines: readonly string[]): Malformed | null {
  const after = applySplices(lines, randomEdits(random, lines))
  const changes = diffLines(lines, after)
  if (changes.length === 0) return null
  const applied: string[] = []
  const chance = (name: string, p: number): boolean => {
    const hit = random() < p
    if (hit) applied.push(name)
    return hit
  }
  const cut = chance('cut context', 0.4)
  const drop = chance('dropped comments and blanks', 0.35)
  const outdent = chance('outdent', 0.3)
  const tabs = !outdent && chance('tabs for blanks', 0.08)
  const hunks = hunksAround(lines, changes).map((hunk) => {
    let now = hunk
    if (cut) now = cutContext(random, now)
    if (drop) now = dropLines(random, now)
    if (outdent) now = outdented(random, now)
    if (tabs) now = { ...now, shifted: true, lines: now.lines.map((line) => ({ ...line, text: tabbed(line.text) })) }
    return now
  })
  const unique = hunks.every((hunk) => hunk.placed && tabsAreTold(hunk) && places(lines, hunk) === 1)
  return {
    reply: written(random, path, hunks, chance),
    expected: after.map((line) => `${line}\n`).join(''),
    unique,
    applied,
  }
}

function randomEdits(random: Random, lines: readonly string[]): Splice[] {
  const edits: Splice[] = []
  const count = 1 + below(random, 3)
  for (let n = 0; n < count; n += 1) {
    const at = 1 + below(random, lines.length - 2)
    if (edits.some((edit) => Math.abs(edit.at - at) < 12) || (lines[at] ?? '').trim() === '') continue
    const lead = /^\s*/.exec(lines[at] ?? '')?.[0] ?? ''
    const fresh = (): string => `${lead}value_${below(random, 1000)} = compute(${below(random, 100)})`
    const kind = below(random, 3)
    if (kind === 0) edits.push({ at, removed: 1, added: [mutated(random, lines[at] ?? '')] })
    else if (kind === 1) edits.push({ at, removed: 0, added: Array.from({ length: 1 + below(random, 3) }, fresh) })
    else
      edits.push({
        at,
        removed: 1 + below(random, 2),
        added: random() < 0.5 ? [] : [fresh(), `${lead}    ${fresh().trim()}`],
      })
  }
  return edits.sort((a, b) => a.at - b.at)
}

function mutated(random: Random, line: string): string {
  const words = [...line.matchAll(/\w+/g)]
  const word = words[below(random, words.length)]
  if (word === undefined) return `${line}  # changed`
  return `${line.slice(0, word.index)}${word[0]}_${below(random, 100)}${line.slice(word.index + word[0].length)}`
}

function hunksAround(lines: readonly string[], changes: readonly Splice[]): Hunk[] {
  const hunks: { lines: Line[]; end: number }[] = []
  for (const change of changes) {
    const last = hunks.at(-1)
    const joins = last !== undefined && change.at - last.end <= 6
    const hunk = joins ? last : { lines: [], end: Math.max(0, change.at - 3) }
    if (!joins) hunks.push(hunk)
    for (let at = hunk.end; at < change.at; at += 1) hunk.lines.push({ sign: ' ', text: lines[at] ?? '', at })
    for (let at = change.at; at < change.at + change.removed; at += 1)
      hunk.lines.push({ sign: '-', text: lines[at] ?? '', at })
    for (const text of change.added) hunk.lines.push({ sign: '+', text, at: null })
    hunk.end = change.at + change.removed
  }
  return hunks.map((hunk, n) => {
    const to = Math.min(lines.length, hunk.end + 3, hunks[n + 1]?.lines[0]?.at ?? lines.length)
    for (let at = hunk.end; at < to; at += 1) hunk.lines.push({ sign: ' ', text: lines[at] ?? '', at })
    return { lines: hunk.lines, start: hunk.lines[0]?.at ?? 0, shifted: false, dropped: false, placed: true }
  })
}

/** Leaves 0 to 2 lines of context on either side. */
function cutContext(random: Random, hunk: Hunk): Hunk {
  const first = hunk.lines.findIndex((line) => line.sign !== ' ')
  const last = hunk.lines.findLastIndex((line) => line.sign !== ' ')
  const lines = hunk.lines.slice(Math.max(0, first - below(random, 3)), last + 1 + below(random, 3))
  return { ...hunk, lines, placed: lines.some((line) => line.sign !== '+') }
}

/** Forgets blank and comment lines between lines it quotes, each with probability 1/2, at most two in a row. */
function dropLines(random: Random, hunk: Hunk): Hunk {
  const gone = new Set<number>()
  const quoted = [...hunk.lines.keys()].filter((n) => hunk.lines[n]?.sign !== '+')
  for (const n of quoted.slice(1, -1)) {
    const line = hunk.lines[n]
    if (line === undefined) continue
    const run = gone.has(n - 1) && gone.has(n - 2)
    if (line.sign === ' ' && skippable(line.text) && !run && random() < 0.5) gone.add(n)
  }
  const lines = hunk.lines.filter((_, n) => !gone.has(n))
  return { ...hunk, lines, dropped: gone.size > 0, placed: hunk.placed && keepsPlaces(hunk.lines, gone) }
}

/** False where nothing but blank and comment lines lies between a dropped line and added ones that no removed line holds in place. */
function keepsPlaces(lines: readonly Line[], gone: ReadonlySet<number>): boolean {
  for (const n of gone) {
    for (const step of [1, -1]) {
      let at = n
      while (gone.has(at) || (lines[at]?.sign === ' ' && skippable(lines[at]?.text ?? 'x'))) at += step
      if (lines[at]?.sign !== '+') continue
      while (lines[at]?.sign === '+') at += step
      if (lines[at]?.sign !== '-') return false
    }
  }
  return lines.some((line, n) => line.sign !== '+' && !gone.has(n))
}

function outdented(random: Random, hunk: Hunk): Hunk {
  const leads = hunk.lines
    .filter((line) => line.text.trim() !== '')
    .map((line) => /^ */.exec(line.text)?.[0].length ?? 0)
  const most = Math.min(...leads)
  if (!Number.isFinite(most) || most === 0) return hunk
  const by = random() < 0.5 ? most : 1 + below(random, most)
  return { ...hunk, shifted: true, lines: hunk.lines.map((line) => ({ ...line, text: line.text.slice(by) })) }
}

/** False where added lines have tabs for blanks and no line of the file that is quoted shows what a tab stands for. */
function tabsAreTold(hunk: Hunk): boolean {
  const tabs = (old: boolean): boolean =>
    hunk.lines.some((line) => (line.sign !== '+') === old && line.text.startsWith('\t') && line.text.trim() !== '')
  return !tabs(false) || tabs(true)
}

function tabbed(text: string): string {
  return text.replace(/^(?: {4})+/, (lead) => '\t'.repeat(lead.length / 4))
}

/** In how many places of the file the old side lies, read as the malformation allows: a brute-force count of its own. */
function places(file: readonly string[], hunk: Hunk): number {
  const old = hunk.lines.filter((line) => line.sign !== '+')
  const plain = (text: string): string => text.replaceAll('\t', '    ')
  const match = (n: number, at: number, shift: number | null): boolean => {
    const line = old[n]
    if (line === undefined) return true
    for (let skip = 0; skip <= (hunk.dropped && n > 0 ? 2 : 0); skip += 1) {
      if (skip > 0 && !skippable(file[at + skip - 1] ?? 'x')) break
      const shiftHere = shiftOf(plain(line.text), file[at + skip], hunk.shifted)
      if (shiftHere === null || (shift !== null && shiftHere !== 'any' && shiftHere !== shift)) continue
      if (match(n + 1, at + skip + 1, shiftHere === 'any' ? shift : shiftHere)) return true
    }
    return false
  }
  return file.filter((_, at) => match(0, at, null)).length
}

function shiftOf(patch: string, file: string | undefined, shifted: boolean): number | 'any' | null {
  if (file === undefined) return null
  if (patch.trim() === '') return file.trim() === '' ? 'any' : null
  const shift = file.length - file.trimStart().length - (patch.length - patch.trimStart().length)
  return file.trim() === patch.trim() && (shifted || shift === 0) && file.trimEnd() === file && (shift === 0 || shifted)
    ? shift
    : null
}

type Chance = (name: string, p: number) => boolean

function written(random: Random, path: string, hunks: readonly Hunk[], chance: Chance): string {
  const prefix = chance('no a/ and b/', 0.3) ? ['', ''] : ['a/', 'b/']
  const bare = chance('bare @@', 0.3)
  const starts = !bare && chance('wrong starts', 0.4)
  const counts = !bare && chance('wrong counts', 0.4)
  const lost = chance('lost blanks', 0.35)
  const unsigned = chance('unsigned context', 0.08)
  const trailing = chance('trailing blanks', 0.15)
  let shift = 0
  let text = `--- ${prefix[0]}${path}\n+++ ${prefix[1]}${path}\n`
  for (const hunk of hunks) {
    const size = (sign: string): number => hunk.lines.filter((line) => line.sign !== sign).length
    const off = (by: boolean, span: number): number => (by ? below(random, span) - Math.floor(span / 4) : 0)
    const first = hunk.lines.find((line) => line.at !== null)?.at ?? hunk.start
    const at = Math.max(1, first + 1 + off(starts, 60))
    const [old, young] = [size('+') + off(counts, 6), size('-') + off(counts, 6)].map((n) => Math.max(0, n))
    text += bare ? '@@\n' : `@@ -${at},${old} +${at + shift},${young} @@\n`
    shift += size('-') - size('+')
    for (const line of hunk.lines) text += `${spelled(random, line, { lost, unsigned, trailing })}\n`
  }
  const crlf = chance('CRLF', 0.15)
  const fenced = chance('fence and talk', 0.5)
  const whole = fenced ? `The value is wrong here:\n\n\`\`\`diff\n${text}\`\`\`\n\nThis mends it.\n` : text
  return crlf ? whole.replaceAll('\n', '\r\n') : whole
}

interface Spelling {
  readonly lost: boolean
  readonly unsigned: boolean
  readonly trailing: boolean
}

function spelled(random: Random, line: Line, how: Spelling): string {
  if (line.sign !== ' ') return line.sign + line.text
  if (how.lost && line.text === '') return ''
  const tail = how.trailing && random() < 0.3 ? '  ' : ''
  return (how.unsigned ? '' : ' ') + line.text + tail
}
