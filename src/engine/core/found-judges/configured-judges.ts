import type { FoundJudge } from '../../model/found-judge.ts'
import { RUNNERS } from '../../model/kinds.generated.ts'
import { namesProduct, splitOption } from './interpreter-rules.ts'
import { bounded, trackedFileLookup } from './tracked-files.ts'

const MOST_TEXT = 200_000
/** Keys whose values are names of product, of directories or of results, and never of code that a runner loads. */
const NAMES_NO_CODE =
  /^(?:files|specs?|src|main|exports?|bin|types)$|(?:^|[_-])(?:map|alias|cov|collect|source|root|path|dir|include|exclude|omit|ignore|pattern|watch|entry|match|regex|ext|name|version|description|output|cache|junit|log)|(?:Map|Alias|Cov|Root|Path|Dir|Patterns?|Match|Regex|Ignore|Name|Extensions)|(?:paths?|dirs?)$/

/** The names of runners, as they stand in names of files and sections. */
const NAMES = new Set([
  ...RUNNERS.map(({ kind }) => kind.replace(/-.*$/, '')),
  'karma',
  'jasmine',
  'cypress',
  'playwright',
])
const RUNNER = new RegExp(`(?:^|[^a-z])(?:${[...NAMES].join('|')})(?:rc\\b|(?![a-z]))`, 'i')

/** Whether a file configures nothing but tests: its name is that of a test runner, or it is pytest's own. */
export function isTestConfiguration(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name === 'conftest.py' || (RUNNER.test(name) && /(?:rc|conf|config|setup|opts|ini|toml|preset)\b/i.test(name))
}

/**
 * The tracked files that the configuration of a test runner names as code or data to load: `pytest_plugins`, `setupFiles`,
 * `transform`, `-p plugin`. Of a file that also configures other tools, only the sections that are called like a runner
 * count. `configuration`: path → text; `paths`: the tracked files that may be named.
 */
export function configuredJudges(configuration: ReadonlyMap<string, string>, paths: readonly string[]): FoundJudge[] {
  const tracked = bounded(trackedFileLookup(paths))
  const found = new Map<string, FoundJudge>()
  for (const [from, text] of configuration) {
    const cwd = from.slice(0, Math.max(0, from.lastIndexOf('/')))
    const stand = { cwd, dir: '', guess: true }
    for (const word of loadedBy(from, text.slice(0, MOST_TEXT)))
      for (const path of [...tracked.find(word, stand), ...tracked.module(word, stand)])
        if (path !== from && !found.has(path)) found.set(path, { path, judge: 'test', why: `${from} names it` })
  }
  return [...found.values()]
}

/** The words that a configuration gives a runner to load. */
function loadedBy(path: string, text: string): readonly string[] {
  if (path.endsWith('conftest.py')) return words(/^pytest_plugins\s*[:=][^\n]*(?:\n(?![\w@]).*)*/gm, text)
  if (path.endsWith('.json') && !isTestConfiguration(path)) return jsonSections(text)
  if (isTestConfiguration(path)) return keyed(text)
  const sections = text.split(/^(?=\s*\[)/m).filter((part) => RUNNER.test(part.trimStart().split('\n', 1)[0] ?? ''))
  return sections.flatMap((part) => keyed(part.slice(part.indexOf('\n') + 1)))
}

function jsonSections(text: string): readonly string[] {
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read !== 'object' || read === null) return []
    return Object.entries(read).flatMap(([key, value]) => (NAMES.has(key) ? keyed(JSON.stringify(value)) : []))
  } catch {
    return []
  }
}

function words(pattern: RegExp, text: string): readonly string[] {
  return [...text.matchAll(pattern)].flatMap(([part]) =>
    [...part.matchAll(/['"]([^'"\n]+)['"]/g)].map(([, one = '']) => one),
  )
}

/** A key of JSON, JavaScript, YAML, TOML or INI; a bracket; or a value: a text in quotes or a plain word. */
const TOKEN =
  /(?:"([\w.-]+)"|'([\w.-]+)'|([\w.-]+))\s*(?::|=(?![=>]))|([[{}\]])|"([^"\n]*)"|'([^'\n]*)'|([^\s,[\]{}()"'=:]+)/g

/** The words that stand as values of keys that may name code to load. A key counts until the next one, with all inside of it. */
function keyed(text: string): readonly string[] {
  const found: string[] = []
  let depth = 0
  /** The depth at which a key without code began; what is deeper belongs to it. */
  let shut = Number.POSITIVE_INFINITY
  let isNamed = false
  for (const [, a, b, c, bracket, ...values] of text.replace(/^\s*(?:\/\/|#).*$/gm, '').matchAll(TOKEN)) {
    const key = a ?? b ?? c
    if (bracket !== undefined) depth += '[{'.includes(bracket) ? 1 : -1
    else if (key !== undefined && depth <= shut) {
      isNamed = !NAMES_NO_CODE.test(key)
      shut = isNamed ? Number.POSITIVE_INFINITY : depth
    } else if (key === undefined && isNamed) found.push(...wordsOf(values.find((value) => value !== undefined) ?? ''))
  }
  return found
}

/** '<rootDir>/setup.js' → 'setup.js'; options such as '-p plugin' and '--require=./x.js' are taken apart. */
function wordsOf(value: string): readonly string[] {
  return value
    .split(/\s+/)
    .flatMap((word) => {
      const [option, text] = splitOption(word)
      return text === null || namesProduct(option) ? [word] : [text]
    })
    .filter((word) => word !== '' && !word.startsWith('-'))
    .map((word) => word.replace(/^<rootDir>\//, ''))
}
