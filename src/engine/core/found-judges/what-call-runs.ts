import type { Call } from './calls.ts'
import { cmakeTests } from './cmake.ts'
import { madeFor } from './make-goals.ts'
import { makefile } from './makefile.ts'
import { type SimpleCommand, simpleCommandsOf } from './shell-line.ts'
import type { StartDirectory, TrackedFileLookup } from './tracked-files.ts'

/** Commands that are written in a file and run when a caller uses one word, such as a make target. */
export interface Part {
  readonly simples: readonly SimpleCommand[]
  /** The directory in which they start, from the top. */
  readonly cwd: string
  /** Make's target and its prerequisites; null: the commands are not from a makefile. */
  readonly made: { readonly target: string; readonly from: readonly string[] } | null
  /** A clause for people: where these commands come from. */
  readonly why: string
}

export interface WhatCallRuns {
  /** The files that contain the commands. */
  readonly files: readonly string[]
  readonly parts: readonly Part[]
  readonly goals: readonly string[]
}

/** The texts of a tree's files, as far as they were read. A file that is asked for and was not read yet is noted. */
export interface Texts {
  readonly of: (path: string) => string | null
  readonly all: () => Iterable<string>
}

const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile']
const MOST_INCLUDED = 20

/** What a call runs; null: it cannot be followed. The start directory is where the call is made. */
export function whatCallRuns(
  call: Call,
  { cwd, dir }: StartDirectory,
  tracked: TrackedFileLookup,
  texts: Texts,
): WhatCallRuns | null {
  // The build directory does not show where the sources are.
  if (call.is === 'ctest') return openCmake(cwd, tracked, texts)
  const plain = dir !== null && !/[$`~]|^\//.test(`${dir} ${call.dir}`)
  if (!plain) return null
  const at = [cwd, dir, call.dir].filter((part) => part !== '' && part !== '.').join('/')
  return call.is === 'make' ? openMake(call, at, tracked, texts) : openScripts(call, at, tracked, texts)
}

function openMake(
  { file, goals }: Call & { is: 'make' },
  cwd: string,
  tracked: TrackedFileLookup,
  texts: Texts,
): WhatCallRuns | null {
  const find = (word: string) => tracked.find(word, { cwd, dir: '' })
  const [path] = file === null ? MAKEFILES.flatMap(find) : find(file)
  if (path === undefined) return null
  const files = [path]
  const read: string[] = []
  for (let at = 0; at < files.length && at < MOST_INCLUDED; at++) {
    const text = texts.of(files[at] ?? '') ?? ''
    read.push(text)
    for (const found of makefile(text).includes.flatMap(find)) if (!files.includes(found)) files.push(found)
  }
  const made = madeFor(goals, read, (word) => find(word).length > 0)
  const parts = made.map(({ target, prerequisites, lines }) => ({
    simples: lines.flatMap((line) => simpleCommandsOf(line)),
    cwd,
    made: { target, from: prerequisites },
    why: `the rule of ${target} in ${path}`,
  }))
  const says = parts.some(({ simples, made: { from } }) => simples.length + from.length > 0)
  return says ? { files, parts, goals } : null
}

function openCmake(cwd: string, tracked: TrackedFileLookup, texts: Texts): WhatCallRuns | null {
  const files = tracked.find('CMakeLists.txt', { cwd, dir: '' }).slice(0, 1)
  const dirs = [cwd]
  const parts: Part[] = []
  for (let at = 0; at < files.length && at < MOST_INCLUDED; at++) {
    const path = files[at] ?? ''
    const here = dirs[at] ?? ''
    const { tests, below } = cmakeTests(texts.of(path) ?? '')
    const found = tests.map(({ target, from }) => ({ made: { target, from }, why: `the test ${target} in ${path}` }))
    parts.push(...found.map((one) => ({ ...one, simples: [], cwd: here })))
    for (const dir of below) {
      const [next] = tracked.find(`${dir}/CMakeLists.txt`, { cwd: here, dir: '' })
      if (next === undefined || files.includes(next)) continue
      files.push(next)
      dirs.push(next.slice(0, Math.max(0, next.lastIndexOf('/'))))
    }
  }
  return files.length === 0 ? null : { files, parts, goals: [] }
}

function openScripts(
  { names, rest }: Call & { is: 'scripts' },
  cwd: string,
  tracked: TrackedFileLookup,
  texts: Texts,
): WhatCallRuns | null {
  const [path] = tracked.find('package.json', { cwd, dir: '' })
  const scripts = path === undefined ? {} : scriptsOf(texts.of(path) ?? '')
  const called = names.flatMap((name) => Object.keys(scripts).filter((one) => fits(one, name)))
  const all = called.flatMap((name) => [`pre${name}`, name, `post${name}`])
  const parts = all.flatMap((name) => {
    const line = scripts[name]
    if (line === undefined) return []
    const more = called.includes(name) ? rest.map((word) => ` '${word.replaceAll("'", "'\\''")}'`).join('') : ''
    return [{ simples: simpleCommandsOf(line + more), cwd, made: null, why: `the script ${name} of ${path}` }]
  })
  return path === undefined || parts.length === 0 ? null : { files: [path], parts, goals: called }
}

function fits(name: string, wanted: string): boolean {
  const [front = '', end] = wanted.split(/\*+/, 2)
  return end === undefined ? name === wanted : name.startsWith(front) && name.endsWith(end)
}

/** The scripts of a package.json by name; {} for a text that is none. */
export function scriptsOf(text: string): Readonly<Record<string, string>> {
  const scripts = packageOf(text)['scripts']
  if (typeof scripts !== 'object' || scripts === null) return {}
  return Object.fromEntries(
    Object.entries(scripts).filter((one): one is [string, string] => typeof one[1] === 'string'),
  )
}

function packageOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null ? { ...read } : {}
  } catch {
    return {}
  }
}

/** The files of its own that a package.json exports. */
export function offered(text: string): readonly string[] {
  const { main, bin, exports, module, browser } = packageOf(text)
  return strings([main, bin, exports, module, browser], 0)
}

function strings(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value.replace(/^\.\//, '')]
  return typeof value === 'object' && value !== null && depth < 8
    ? Object.values(value).flatMap((one) => strings(one, depth + 1))
    : []
}
