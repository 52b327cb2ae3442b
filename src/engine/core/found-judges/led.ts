import type { Target } from '../../model/command.ts'
import type { ClassifyByName } from '../judges/index.ts'
import { isSourceFile } from '../paths/index.ts'
import { callOf } from './calls.ts'
import { compiledFrom } from './compiled.ts'
import { comparesFiles, isShell, programNameOf } from './interpreter-rules.ts'
import { type CommandNamedFile, readingOf, type Started, simplesOf } from './named-by-command.ts'
import { simpleCommandsOf } from './shell-line.ts'
import { isTestName } from './test-name.ts'
import { bounded, type TrackedFileLookup, trackedFileLookup } from './tracked-files.ts'
import { offered, type Part, type Texts, type WhatCallRuns, whatCallRuns } from './what-call-runs.ts'

/** How many files may stand between the command and a file that it leads to. */
const DEEPEST = 3

/**
 * The tracked files that are judges because the targets lead to them through make recipes, package scripts or shell scripts:
 * files that are named like tests, files that are given to a test runner or compared with, and the files that contain these
 * commands. If there are none of these, the only program that is started without operands on the way. All other files are
 * product.
 */
export function ledTo(
  targets: readonly Target[],
  paths: Iterable<string>,
  texts: Texts,
  byName: ClassifyByName,
): CommandNamedFile[] {
  const tracked = bounded(trackedFileLookup(paths))
  const walk: Walk = { tracked, texts, byName, judges: new Map(), seen: new Set(), offers: new Map() }
  for (const target of targets) {
    const command: Part = { simples: simplesOf(target), cwd: target.cwd, made: null, why: '' }
    const { decided, alone } = read(walk, command, { depth: 0, goal: '', parts: [] })
    const [way = [], second] = alone
    if (decided || second !== undefined) continue
    const program = way.at(-1)
    for (const { path, why, how } of way) judge(walk, path, why, path === program?.path ? how : 'led')
  }
  return [...walk.judges.values()]
}

interface Walk {
  readonly tracked: TrackedFileLookup
  readonly texts: Texts
  readonly byName: ClassifyByName
  readonly judges: Map<string, CommandNamedFile>
  readonly seen: Set<string>
  /** The files that each package.json exports. */
  readonly offers: Map<string, readonly string[]>
}

interface Place {
  /**
   * How many files are between the command and these words. 0: they are the command's own words, which are classified
   * elsewhere.
   */
  readonly depth: number
  readonly goal: string
  /** All parts of the same file. */
  readonly parts: readonly Part[]
}

/** What one part shows about judges. */
interface Way {
  /** It leads to a judge, or it cannot be known what it leads to. */
  readonly decided: boolean
  /** Programs that may be the only judge, each with the files that lead to it. */
  readonly alone: readonly (readonly CommandNamedFile[])[]
}

const NOTHING: Way = { decided: false, alone: [] }
const DECIDED: Way = { decided: true, alone: [] }

function joined(ways: readonly Way[]): Way {
  return { decided: ways.some(({ decided }) => decided), alone: ways.flatMap(({ alone }) => alone) }
}

function judge({ judges, byName }: Walk, path: string, why: string, how: CommandNamedFile['how'] = 'led'): Way {
  if (byName(path) === null && !judges.has(path)) judges.set(path, { path, why, how })
  return DECIDED
}

function read(walk: Walk, part: Part, place: Place): Way {
  const reading = readingOf(part.simples, walk.tracked, part.cwd)
  const ran = new Set(reading.started.flatMap(({ paths }) => paths))
  const from = (part.made?.from ?? []).flatMap((word) => walk.tracked.find(word, { cwd: part.cwd, dir: '' }))
  const calls = reading.simples.filter((simple) => !simple.aside && callOf(simple.words) !== null)
  const own = reading.suites.filter((suite) => callOf(suite.words) === null)
  return joined([
    ...[...reading.decides.values()].flatMap((one) => (ran.has(one.path) ? [] : [given(walk, one, part, place)])),
    ...[...reading.mentions.keys(), ...from].map((path) => mentioned(walk, path, part, place)),
    ...reading.started.map((one) => started(walk, one, part, place)),
    ...calls.map((simple) => called(walk, simple, part, place)),
    own.length > 0 ? DECIDED : NOTHING,
  ])
}

function given(walk: Walk, { path, how }: CommandNamedFile, { why }: Part, { depth }: Place): Way {
  if (depth === 0 || (how === 'compared' && isSourceFile(path)) || isOffered(walk, path)) return DECIDED
  return judge(walk, path, `${why} ${how === 'compared' ? 'compares something with it' : 'hands it to a test runner'}`)
}

function mentioned(walk: Walk, path: string, { why }: Part, { depth, goal }: Place): Way {
  if (walk.byName(path) === 'test') return DECIDED
  if (depth === 0 || !isTestName(path, { runs: false, goal })) return NOTHING
  return judge(walk, path, `${why} names it`)
}

function started(walk: Walk, one: Started, part: Part, place: Place): Way {
  const [path] = one.paths
  if (path === undefined) return one.alone ? built(walk, one, part, place) : NOTHING
  const isTest = walk.byName(path) === 'test' || isTestName(path, { runs: true, goal: place.goal })
  const why = place.depth === 0 ? 'the command runs it' : `${part.why} runs it`
  const inside = script(walk, path, one, part, place)
  if (place.depth === 0) return inside === null || isTest ? DECIDED : inside.checks ? DECIDED : inside.way
  if (isTest || inside?.way.decided) return judge(walk, path, why)
  if (!one.alone || isOffered(walk, path)) return NOTHING
  const [only, second] = inside === null || inside.checks ? [] : inside.way.alone
  return { decided: false, alone: [[{ path, why, how: 'run' }, ...(second === undefined ? (only ?? []) : [])]] }
}

/**
 * What a shell script leads to; null: the file is not a shell script, or it is too far away. `checks`: the script itself
 * compares something.
 */
function script(
  walk: Walk,
  path: string,
  { shell, simple }: Started,
  { cwd }: Part,
  { depth, goal }: Place,
): { readonly way: Way; readonly checks: boolean } | null {
  if (depth >= DEEPEST || walk.seen.has(path)) return null
  if (!shell && /\.\w+$/.test(programNameOf(path)) && !/\.\w*sh$/.test(path)) return null
  const text = walk.texts.of(path)
  if (text === null || !(shell || /\.\w*sh$/.test(path) || isShell(interpreterOf(text)))) return null
  walk.seen.add(path)
  const simples = simpleCommandsOf(text, simple.dir)
  const part: Part = { simples, cwd, made: null, why: path }
  return { way: read(walk, part, { depth: depth + 1, goal, parts: [part] }), checks: checksItself(part) }
}

/** The interpreter in the first line of a script; '' if the line names none. */
function interpreterOf(text: string): string {
  const [first = ''] = text.slice(0, 200).split('\n', 1)
  const words = first.split(/\s+/).filter((word) => !word.startsWith('-'))
  return first.startsWith('#!') ? (words.at(-1) ?? '').replace(/^#!/, '') : ''
}

function checksItself({ simples }: Part): boolean {
  return simples.some(({ words: [first = ''] }) => comparesFiles(first) || first === 'exit' || first === 'return')
}

/** What a make target or package scripts lead to. */
function called(walk: Walk, simple: Part['simples'][number], { cwd }: Part, { depth }: Place): Way {
  const call = callOf(simple.words)
  const inside = call && depth < DEEPEST ? whatCallRuns(call, { cwd, dir: simple.dir }, walk.tracked, walk.texts) : null
  if (inside === null) return DECIDED
  const key = `${inside.files[0]} ${inside.goals.join(' ')}`
  if (walk.seen.has(key)) return NOTHING
  walk.seen.add(key)
  for (const path of inside.files) judge(walk, path, 'it defines what the command runs')
  const way = within(walk, inside, depth + 1)
  return call?.is === 'ctest' ? DECIDED : way
}

function within(walk: Walk, { parts, goals }: WhatCallRuns, depth: number): Way {
  const way = joined(parts.map((part) => read(walk, part, { depth, goal: goals[0] ?? '', parts })))
  return parts.some(checksItself) ? DECIDED : way
}

/** The source of a program that was built on the way: the only source file with a main function. */
function built(walk: Walk, { word, simple }: Started, { cwd, why }: Part, { depth, parts }: Place): Way {
  if (depth === 0) return NOTHING
  const sources = compiledFrom([simple.dir, word].filter(Boolean).join('/'), parts, walk.tracked, cwd)
  const begins = sources.filter((path) => /\bmain\s*\(/.test(walk.texts.of(path) ?? ''))
  const [path, second] = begins
  if (path === undefined || second !== undefined) return NOTHING
  return { decided: false, alone: [[{ path, why: `${why} runs a program that is built from it`, how: 'only' }]] }
}

/** Whether a package exports the file: then the file is what is tested. */
function isOffered(walk: Walk, path: string): boolean {
  const parts = path.split('/').slice(0, -1)
  const tops = [parts.join('/'), ...parts.map((_, at) => parts.slice(0, at).join('/'))]
  const find = (word: string, cwd: string) => walk.tracked.find(word, { cwd, dir: '', guess: true })
  return [...new Set(tops)].some((cwd) =>
    find('package.json', cwd).some((found) => offers(walk, found).some((one) => find(one, cwd).includes(path))),
  )
}

function offers({ offers: known, texts }: Walk, path: string): readonly string[] {
  const text = texts.of(path)
  const found = known.get(path) ?? offered(text ?? '').slice(0, 100)
  known.set(path, found)
  return found
}
