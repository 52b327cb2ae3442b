import { realpath, stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { DEPENDENCIES, INCLUDE_LIST, parentsOf } from '../core/paths/index.ts'
import type { Repository } from '../git/index.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { Policy } from '../model/policy.ts'
import type { IncludedDependency } from '../ports/workspace.ts'

const MAX_DEPTH = 3
const MOST = 500

/** The paths to include, and those that the policy names but this checkout does not have. */
export interface FoundIncludes {
  readonly includes: readonly IncludedDependency[]
  readonly absent: readonly string[]
}

/**
 * The paths outside of the tree that commands need: named paths, ignored files that .worktreeinclude of the base matches, and
 * the usual dependency directories, unless a setup command makes them. `typed`: paths from the top that the user typed; these
 * must exist, while a policy is written for several checkouts. `unasked` false: only named paths.
 */
export async function findIncludes(
  repository: Repository,
  tree: Oid,
  { include: named, setup }: Pick<Policy['worktree'], 'include' | 'setup'>,
  { typed, unasked }: { readonly typed: readonly string[]; readonly unasked: boolean },
): Promise<FoundIncludes> {
  const { top } = repository.place
  const entries = await repository.objects.list(tree)
  const files = new Set(entries.map(({ path }) => path))
  const directories = new Set([...files].flatMap(parentsOf))
  const tracked = (path: string) => files.has(path) || directories.has(path)
  const found = new Map<string, IncludedDependency>()
  const absent: string[] = []
  const byHand = new Set(typed.map(within))
  for (const path of named.map(within)) {
    const include = await includeAt(top, path)
    if (!include && byHand.has(path)) throw new PpError('USAGE', `cannot include ${path}: it does not exist in ${top}`)
    if (tracked(path)) throw new PpError('USAGE', `${path} is part of the tree, so you need not include it`)
    if (include) found.set(path, include)
    else absent.push(path)
  }
  if (!unasked) return { includes: outermost(found), absent }
  const listed = await listedBy(
    repository,
    entries.find(({ path, mode }) => path === INCLUDE_LIST && mode.startsWith('100'))?.oid,
  )
  const roots = ['', ...directories].filter((dir) => dir.split('/').length <= MAX_DEPTH)
  const usual = roots.flatMap((dir) => DEPENDENCIES.map((name) => (dir === '' ? name : `${dir}/${name}`)))
  for (const path of [...listed, ...(setup === null ? usual : [])]) {
    const include = found.has(path) || tracked(path) ? null : await includeAt(top, path)
    if (include && (include.directory || listed.includes(path))) found.set(path, include)
  }
  return { includes: outermost(found), absent }
}

function outermost(found: ReadonlyMap<string, IncludedDependency>): readonly IncludedDependency[] {
  return [...found.values()].filter(({ path }) => !parentsOf(path).some((dir) => found.has(dir)))
}

async function listedBy(repository: Repository, list: Oid | undefined): Promise<readonly string[]> {
  if (list === undefined) return []
  const listed = await repository.ignored(await repository.objects.read(list))
  if (listed.length <= MOST) return listed
  throw new PpError(
    'USAGE',
    `${INCLUDE_LIST} matches ${listed.length} paths, but only ${MOST} are included; name directories in it instead of files`,
  )
}

/** A path in its shortest spelling. Throws USAGE for one that is not below the top, or in git's own directory. */
function within(path: string): string {
  const short = posix.normalize(path).replace(/\/$/, '')
  const parts = short.split('/')
  if (posix.isAbsolute(path) || ['.', '..'].includes(parts[0] ?? '') || parts.includes('.git'))
    throw new PpError('USAGE', `cannot include ${path}: name a path inside the work tree`)
  return short
}

/** The content itself if the path is a symlink: through a copied link a command would write into the user's files. */
async function includeAt(top: string, path: string): Promise<IncludedDependency | null> {
  const facts = await stat(join(top, path)).catch(() => null)
  if (!facts?.isDirectory() && !facts?.isFile()) return null
  return { path, source: await realpath(join(top, path)), directory: facts.isDirectory() }
}
