import { untrusted } from './prompt/untrusted.ts'

/** A product file that a failure points to, and the line if it names one (1-based). Higher scores first. */
export interface Place {
  readonly path: string
  readonly line: number | null
  readonly score: number
}

export interface Sources {
  /** Tracked files, path → text; only what may be shown. */
  readonly files: ReadonlyMap<string, string>
  readonly isTest: (path: string) => boolean
}

/**
 * Product files that a failure points to: those that the output names (the deeper in a trace, the better), then those
 * that the named test files import, one step.
 */
export function rankPlaces(
  named: readonly { readonly path: string; readonly line: number | null }[],
  { files, isTest }: Sources,
): readonly Place[] {
  const places = new Map<string, Place>()
  const add = (path: string, line: number | null, score: number) => {
    const key = `${path}:${line ?? ''}`
    if (!isTest(path) && files.has(path) && (places.get(key)?.score ?? 0) < score)
      places.set(key, { path, line, score })
  }
  for (const [at, { path, line }] of named.entries()) add(path, line, 2 - at / (named.length + 1))
  const tests = [...new Set(named.map(({ path }) => path).filter(isTest))]
  const product = [...files.keys()].filter((path) => !isTest(path))
  for (const test of tests) for (const path of imported(files.get(test) ?? '', test, product)) add(path, null, 1)
  return [...places.values()].sort((a, b) => b.score - a.score)
}

/** Product files that a text's import lines name, by module path or relative file, whatever the language. */
function imported(text: string, from: string, product: readonly string[]): readonly string[] {
  const lines = text.split('\n').filter((line) => /\b(import|from|require|use|include|load)\b/.test(line))
  const words = new Set(
    lines.flatMap((line) => line.match(/[\w$./-]+/g) ?? []).map((word) => word.replace(/^(\.\.?\/)+/, '')),
  )
  const near = from.split('/').slice(0, -1).join('/')
  return product.filter((path) => {
    const stem = path.replace(/\.\w+$/, '').replace(/\/(index|__init__|mod)$/, '')
    const base = stem.split('/').at(-1) ?? stem
    const dotted = stem.replaceAll('/', '.')
    return [...words].some(
      (word) =>
        word === path ||
        word === stem ||
        dotted === word ||
        dotted.endsWith(`.${word}`) ||
        word.endsWith(`.${base}`) ||
        stem === `${near}/${word}` ||
        stem.endsWith(`/${word}`) ||
        path.endsWith(`/${word}`),
    )
  })
}

const CHARACTERS_PER_TOKEN = 3.6
const WINDOW = 40

/** The prompt's body: what the command printed at its end, the failing test, the files it points to. Budget in tokens. */
export function packContext(
  output: string,
  places: readonly Place[],
  tests: readonly { readonly path: string; readonly line: number | null }[],
  sources: Sources,
  tokens: number,
): string {
  let left = tokens * CHARACTERS_PER_TOKEN
  const parts: string[] = []
  const add = (part: string): boolean => {
    if (part.length > left) return false
    left -= part.length
    parts.push(part)
    return true
  }
  add(`What it printed (the end):\n${untrusted('OUTPUT', output.slice(-Math.min(6000, left / 3)))}`)
  const shown = new Set<string>()
  const show = ({ path, line }: { path: string; line: number | null }) => {
    const text = sources.files.get(path)
    if (text === undefined || shown.has(path)) return
    const whole = `File ${path}:\n${untrusted('FILE', text)}`
    if (add(whole) || add(`File ${path}, around line ${line ?? 1}:\n${untrusted('FILE', around(text, line ?? 1))}`))
      shown.add(path)
  }
  const [test] = tests.filter(({ path }) => sources.isTest(path))
  if (test)
    add(
      `Test ${test.path}${test.line ? `, around line ${test.line}` : ''}:\n${untrusted('TEST', around(sources.files.get(test.path) ?? '', test.line ?? 1))}`,
    )
  for (const place of places) show(place)
  return parts.join('\n\n')
}

function around(text: string, line: number): string {
  const lines = text.split('\n')
  return lines.slice(Math.max(0, line - 1 - WINDOW), line - 1 + WINDOW).join('\n')
}
