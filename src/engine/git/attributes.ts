import { posix } from 'node:path'
import type { TreeEntry } from '../model/change.ts'
import type { Oid } from '../model/oid.ts'
import { type GitConfig, lastValueOf } from './config.ts'
import type { GitContext } from './git-context.ts'
import { nulEnded, nulRecords } from './parse-output.ts'
import type { GitProgram } from './run-git.ts'
import type { TemporaryIndexes } from './temporary-indexes.ts'

/** Values of a filter attribute that are not names of filters. */
const UNNAMED = new Set(['unspecified', 'set', 'unset', ''])

/**
 * path → the filter that attributes assign to it. `source`: `--cached` for the attributes in git's index, [] for those of the
 * work tree.
 */
export async function filtersOf(
  git: GitProgram,
  paths: readonly string[],
  source: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map()
  const input = nulEnded(paths)
  const fields = nulRecords(await git.bytes(['check-attr', ...source, '-z', '--stdin', 'filter'], { input }))
  const named = new Map<string, string>()
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', , value = ''] = fields.slice(at, at + 3)
    if (!UNNAMED.has(value)) named.set(path, value)
  }
  return named
}

/**
 * path → what git may change in a file of the work tree when it stores it, for those where it may change something: line
 * ends, or anything.
 */
export async function conversionsOf(
  git: GitProgram,
  config: GitConfig,
  paths: readonly string[],
): Promise<ReadonlyMap<string, 'line ends' | 'always'>> {
  const found = new Map<string, 'line ends' | 'always'>()
  if (paths.length === 0) return found
  if (/^(?:true|yes|on|1|input)$/i.test(lastValueOf(config, 'core.autocrlf') ?? ''))
    for (const path of paths) found.set(path, 'line ends')
  const asked = [...LINE_ENDS, ...ANYTHING]
  const fields = nulRecords(await git.bytes(['check-attr', '-z', '--stdin', ...asked], { input: nulEnded(paths) }))
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', name = '', value = ''] = fields.slice(at, at + 3)
    if (value === 'unspecified' || value === 'unset') continue
    if (ANYTHING.includes(name)) found.set(path, 'always')
    else if (!found.has(path)) found.set(path, 'line ends')
  }
  return found
}

const LINE_ENDS = ['text', 'eol', 'crlf']
const ANYTHING = ['ident', 'working-tree-encoding']

/** What the attributes of a tree do to its files when they are checked out. */
export interface TreeAttributes {
  /**
   * Some file may differ on disk from its blob: line ends, encoding, $Id$. These are conversions by git itself, without
   * programs.
   */
  readonly convert: boolean
  /** Filter → the files that it would have changed, had it been run. */
  readonly filtered: ReadonlyMap<string, readonly string[]>
}

export async function attributesOf(
  gitContext: GitContext,
  temp: TemporaryIndexes,
  tree: Oid,
  entries: readonly TreeEntry[],
) {
  const sources = entries.filter(
    ({ path, mode }) => posix.basename(path) === '.gitattributes' && mode.startsWith('100'),
  )
  const texts = await Promise.all(sources.map(({ oid }) => gitContext.cat.read(oid, 'blob')))
  const says = (words: RegExp) => texts.some((text) => words.test(text.toString('latin1')))
  const filtered = new Map<string, string[]>()
  if (says(/filter=/)) {
    const files = entries.filter(({ mode }) => mode.startsWith('100')).map(({ path }) => path)
    const named = await temp.with(tree, (git) => filtersOf(git, files, ['--cached']))
    for (const [path, name] of named) {
      const same = filtered.get(name)
      if (same) same.push(path)
      else filtered.set(name, [path])
    }
  }
  return { convert: says(/eol=crlf|ident|working-tree-encoding/), filtered }
}
