import { allowMatcher } from '../paths/index.ts'

/**
 * The directory that a word is relative to: where the target starts, and where the line has moved to since then; null:
 * unknown.
 */
export interface StartDirectory {
  readonly cwd: string
  readonly dir: string | null
  /** Whether the extension of a script may be missing in the word. */
  readonly guess?: boolean
}

/** Finds tracked files by the words of a command. Paths are from the top. */
export interface TrackedFileLookup {
  readonly find: (word: string, stand: StartDirectory) => readonly string[]
  /** Finds a file by the dotted name of a Python module, or of something inside it. */
  readonly module: (name: string, stand: StartDirectory) => readonly string[]
}

const ENDINGS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.json', '/index.js', '/index.mjs', '/index.ts']
const HERE = /^(?:\$PWD|\$\{PWD\}|\$\(pwd\)|`pwd`)(?=\/)/
const SYSTEM = /^\/(?:usr|bin|sbin|opt|nix|etc|dev|proc)\//

export function trackedFileLookup(paths: Iterable<string>): TrackedFileLookup {
  const all = new Set(paths)
  const known = (path: string | null) => (path !== null && all.has(path) ? [path] : [])
  const find = (word: string, { cwd, dir, guess = false }: StartDirectory): readonly string[] => {
    const said = word.replace(HERE, '.').replace(/^file:\/\//, '')
    if (said === '' || said.length > 4096 || SYSTEM.test(said)) return []
    if (dir === null || /^\/|[$`]/.test(said)) return tail(said, all)
    const at = [cwd, dir].filter(Boolean).join('/')
    if (/[*?[{]/.test(said) && known(joined(at, said)).length === 0) return matching(at, said, all)
    const bare = said.replace(/(?:::.*|(?::\d+)+)$/s, '')
    const tries = [said, bare, ...(guess ? ENDINGS.map((ending) => bare + ending) : [])]
    return tries.map((one) => known(joined(at, one))).find((found) => found.length > 0) ?? []
  }
  const module = (name: string, { cwd, dir }: StartDirectory): readonly string[] => {
    if (!/^\w+(?:\.\w+)*$/.test(name)) return []
    const parts = name.split('.')
    const tops = [
      ...new Set([[cwd, dir ?? ''], [cwd, dir ?? '', 'src'], [cwd], []].map((one) => one.filter(Boolean).join('/'))),
    ]
    for (let length = parts.length; length > 0; length--) {
      const path = parts.slice(0, length).join('/')
      const found = tops.flatMap((top) => ['.py', '/__main__.py'].flatMap((end) => known(joined(top, path + end))))
      if (found.length > 0) return found.slice(0, 1)
    }
    return []
  }
  return { find, module }
}

/** 'a/./b/../c' below `base`; null: it leads out of the top. */
function joined(base: string, path: string): string | null {
  const parts: string[] = []
  for (const part of `${base}/${path}`.split('/')) {
    if (part === '..' && parts.pop() === undefined) return null
    if (part !== '..' && part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

/** The longest end of a path that is tracked; used if only a run could tell how the path begins. */
function tail(word: string, all: ReadonlySet<string>): readonly string[] {
  const parts = word.split('/').filter((part) => part !== '' && part !== '.')
  for (let at = 0; at < parts.length; at++) {
    const path = parts.slice(at).join('/')
    if (all.has(path)) return [path]
  }
  return []
}

/** A pattern names files only if it has a letter outside of its ending; '*.js' is like a directory. */
function matching(at: string, glob: string, all: ReadonlySet<string>): readonly string[] {
  const stem = glob
    .slice(glob.lastIndexOf('/') + 1)
    .replace(/\.\w+$/, '')
    .replace(/\[[^\]]*\]/g, '')
  if (!/\w/.test(stem)) return []
  const matches = allowMatcher([{ pattern: glob.replace(/^(?:\.\/)+/, ''), root: at, source: { from: 'default' } }])
  return [...all].filter((path) => matches(path) !== null)
}

const MOST_WORDS = 20_000
const MOST_GLOBS = 100

/**
 * The same lookup with limits, for words from untrusted files: each word is looked up once, and after too many words nothing
 * is found.
 */
export function bounded({ find, module }: TrackedFileLookup): TrackedFileLookup {
  const known = new Map<string, readonly string[]>()
  let globs = 0
  return {
    module,
    find: (word, stand) => {
      const key = [word, stand.cwd, stand.dir, stand.guess].join('\0')
      const before = known.get(key)
      if (before !== undefined) return before
      if (known.size >= MOST_WORDS || (/[*?[{]/.test(word) && ++globs > MOST_GLOBS)) return []
      const found = find(word, stand)
      known.set(key, found)
      return found
    },
  }
}
