import { lstatSync, readdirSync, type Stats } from 'node:fs'
import * as path from 'node:path'
import type { Oid } from '../../model/oid.ts'
import type { RepositoryPaths } from '../../ports/repository.ts'
import { readFileUpTo } from './small-files.ts'

/** Refs that are stored as files (gitrepository-layout(5)). Undefined, everywhere: only git can tell. */
export interface RefFiles {
  /** The object that a full name (`HEAD`, `refs/…`) points to; null: there is no such ref. */
  read(name: string): Oid | null | undefined
  /** Full names and objects of all refs below a prefix that ends in a slash, sorted. */
  list(prefix: string): ReadonlyMap<string, Oid> | undefined
}

const NAME = /^(?:[A-Z][A-Z_]*|refs(?:\/(?!\.)[A-Za-z0-9._-]+)+)$/
/** Only these have the same place in every work tree: git-worktree(1), REFS. */
const SHARED = /^refs\/(?!bisect\/|worktree\/|rewritten\/)/
const OID = /^[0-9a-f]{40}$/
/** Symbolic refs that lead to symbolic refs. */
const HOPS = 5
const MOST_REF = 4096
const MOST_PACKED = 8 << 20
/** Refs and directories that are listed without git. */
const MOST_LISTED = 1000

export function refFiles({ gitDir, commonDir }: Pick<RepositoryPaths, 'gitDir' | 'commonDir'>): RefFiles {
  const packed = packedRefs(path.join(commonDir, 'packed-refs'))
  const read = (name: string, hops = 0): Oid | null | undefined => {
    if (hops > HOPS || !isName(name)) return undefined
    const file = path.join(SHARED.test(name) ? commonDir : gitDir, name)
    const facts = factsOf(file)
    if (facts === null || facts.isDirectory()) return SHARED.test(name) ? packed(name) : null
    if (!facts.isFile()) return undefined
    const text = readFileUpTo(file, MOST_REF)?.toString('latin1') ?? ''
    const target = /^ref: (\S+)\n$/.exec(text)?.[1]
    if (target !== undefined) return target.startsWith('refs/') ? read(target, hops + 1) : undefined
    return text.length === 41 && text.endsWith('\n') && OID.test(text.slice(0, 40)) ? text.slice(0, 40) : undefined
  }
  return {
    read: (name) => read(name),
    list(prefix) {
      if (!SHARED.test(prefix) || !isName(prefix.slice(0, -1))) return undefined
      const names = looseNames(commonDir, prefix)
      const all = packed(null)
      if (names === undefined || all === undefined) return undefined
      for (const name of all.keys()) if (name.startsWith(prefix)) names.add(name)
      const found = new Map<string, Oid>()
      for (const name of [...names].sort()) {
        const oid = read(name)
        if (oid === undefined || oid === null) return undefined
        found.set(name, oid)
      }
      return found
    },
  }
}

function isName(name: string): boolean {
  return NAME.test(name) && !name.includes('..') && !/\.(?:lock)?(?:\/|$)/.test(name)
}

/** Reads the file again whenever it is another one. */
function packedRefs(file: string) {
  let known: { readonly stamp: string; readonly refs: ReadonlyMap<string, Oid> | undefined } | null = null
  const all = () => {
    const facts = lstatSync(file, { throwIfNoEntry: false, bigint: true })
    const stamp = facts === undefined ? '' : `${facts.ino} ${facts.size} ${facts.mtimeNs} ${facts.ctimeNs}`
    if (known?.stamp !== stamp) known = { stamp, refs: facts === undefined ? new Map() : parsePacked(file) }
    return known.refs
  }
  function packed(name: string): Oid | null | undefined
  function packed(name: null): ReadonlyMap<string, Oid> | undefined
  function packed(name: string | null) {
    const refs = all()
    return name === null || refs === undefined ? refs : (refs.get(name) ?? null)
  }
  return packed
}

/** `<id> <name>` lines; a line that begins with ^ is the target of the annotated tag before it. */
function parsePacked(file: string): ReadonlyMap<string, Oid> | undefined {
  const text = readFileUpTo(file, MOST_PACKED)?.toString('latin1')
  if (text === undefined || (text !== '' && !text.endsWith('\n'))) return undefined
  const refs = new Map<string, Oid>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#') || line.startsWith('^')) continue
    if (line[40] !== ' ' || !OID.test(line.slice(0, 40))) return undefined
    refs.set(line.slice(41), line.slice(0, 40))
  }
  return refs
}

/** The names of all files below a directory of refs. */
function looseNames(commonDir: string, prefix: string): Set<string> | undefined {
  const names = new Set<string>()
  const directories = [prefix.slice(0, -1)]
  for (const directory of directories) {
    if (directories.length + names.size > MOST_LISTED) return undefined
    const facts = factsOf(path.join(commonDir, directory))
    if (facts !== null && !facts.isDirectory()) return undefined
    for (const entry of facts === null ? [] : readdirSync(path.join(commonDir, directory), { withFileTypes: true })) {
      const name = `${directory}/${entry.name}`
      if (entry.name.endsWith('.lock')) continue
      if (!isName(name)) return undefined
      if (entry.isDirectory()) directories.push(name)
      else if (entry.isFile()) names.add(name)
      else return undefined
    }
  }
  return names
}

/** Null: nothing is there. */
function factsOf(file: string): Stats | null {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    // A file stands where a directory would be.
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return null
    throw error
  }
}
