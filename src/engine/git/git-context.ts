import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { RUN_MARK } from '../core/environment/index.ts'
import { type ReadTreeObject, treeSizeCheck } from '../core/gitobject/index.ts'
import type { Oid } from '../model/oid.ts'
import type { RepositoryPaths } from '../ports/repository.ts'
import { type CatFile, catFile } from './cat-file.ts'
import { filterEnv, filterNames, type GitConfig, lastValueOf, withoutFilters } from './config.ts'
import type { DiscoveredRepository, RepositoryHost } from './discover.ts'
import { zeroId } from './object-format.ts'
import { type ObjectWriter, objectWriter } from './object-writer.ts'
import { type RefTransactions, refTransactions } from './ref-transactions.ts'
import { type GitProgram, gitEnvironment, gitProgram, PINNED_OPTIONS } from './run-git.ts'
import { treeReader } from './tree-reader.ts'

/** What reading single objects takes. */
export interface ObjectReading {
  readonly place: RepositoryPaths
  /** Reads objects by their id. */
  readonly cat: Pick<CatFile, 'info' | 'read'>
  /** Resolves names as the user's own git does. */
  readonly names: Pick<CatFile, 'find'>
}

/** What all files of this room share. */
export interface GitContext extends ObjectReading {
  readonly config: GitConfig
  /**
   * Git that sees only the repository's objects: no refs, no configuration of the user, no attributes except those of the
   * index it is given, no filters, no promisor. Used for everything that must depend only on content. Its working directory
   * is empty.
   */
  readonly plain: GitProgram
  /**
   * Git in the user's git directory, with filters disabled. Used for refs, history, notes, status, worktrees. Its working
   * directory is empty, too.
   */
  readonly user: GitProgram
  /** Reads through `plain`; `names` resolves through `user`. */
  readonly cat: CatFile
  readonly refs: RefTransactions
  /** Reads one tree object, see `treeReader`. */
  readonly tree: ReadTreeObject
  readonly writer: ObjectWriter
  /** Must be called before git or our code walks along the paths of a tree, see `treeSizeCheck`. */
  readonly weigh: (tree: Oid) => Promise<void>
  /** A new path in our private temporary directory; nothing exists there yet. */
  temp(name: string): string
  dispose(): Promise<void>
}

export async function openGitContext(host: RepositoryHost, found: DiscoveredRepository): Promise<GitContext> {
  await fs.mkdir(host.scratch, { recursive: true, mode: 0o700 })
  const own = await fs.realpath(await fs.mkdtemp(path.join(host.scratch, 'git-')))
  const empty = path.join(own, 'empty')
  await fs.mkdir(empty)
  const common = {
    program: host.git ?? 'git',
    cwd: empty,
    signal: host.signal,
    stop: host.stop,
    trace: host.trace,
  }
  const plain = gitProgram({
    ...common,
    env: {
      ...plainEnvironment(host, await plainGitDir(own, found), path.join(found.place.commonDir, 'objects')),
      [RUN_MARK]: path.basename(host.scratch),
    },
    options: PINNED_OPTIONS,
  })
  const user = gitProgram({
    ...common,
    env: gitEnvironment(host.env, {
      GIT_DIR: found.place.gitDir,
      [RUN_MARK]: path.basename(host.scratch),
      GIT_GRAFT_FILE: path.join(own, 'no-grafts'),
      ...filterEnv,
    }),
    options: [...PINNED_OPTIONS, ...withoutFilters(filterNames(found.config))],
  })
  const cat = catFile(plain, found.place.objectFormat)
  const names = catFile(user, found.place.objectFormat)
  const refs = refTransactions(user, zeroId(found.place))
  const tree = treeReader(cat, found.place)
  let made = 0
  const temp = (name: string) => path.join(own, `${name}-${made++}`)
  return {
    place: found.place,
    config: found.config,
    plain,
    user,
    cat,
    names,
    refs,
    tree,
    writer: objectWriter({ place: found.place, config: found.config, plain, cat, temp }),
    weigh: treeSizeCheck(tree),
    temp,
    async dispose() {
      for (const one of [cat, names, refs]) one.dispose()
      await fs.rm(own, { recursive: true, force: true })
    },
  }
}

/** Settings that are copied because they describe the file system and the object store, not the meaning of content. */
const OF_THE_MACHINE = ['filemode', 'symlinks', 'ignorecase', 'precomposeunicode', 'sharedrepository', 'longpaths']

async function plainGitDir(own: string, found: DiscoveredRepository): Promise<string> {
  const dir = path.join(own, 'plain')
  for (const sub of ['refs', 'objects']) await fs.mkdir(path.join(dir, sub), { recursive: true })
  await fs.writeFile(path.join(dir, 'HEAD'), 'ref: refs/heads/none\n')
  await fs.writeFile(path.join(dir, 'config'), plainConfig(found.place.objectFormat, found.config))
  return dir
}

/** The config file of a git directory, with only its object format and the settings of the machine. */
export function plainConfig(format: RepositoryPaths['objectFormat'], config: GitConfig): string {
  const machine = OF_THE_MACHINE.flatMap((name) => {
    const value = lastValueOf(config, `core.${name}`)
    return value === null ? [] : [`\t${name} = ${JSON.stringify(value)}\n`]
  })
  const version = format === 'sha256' ? 1 : 0
  const extension = format === 'sha256' ? '[extensions]\n\tobjectFormat = sha256\n' : ''
  return `[core]\n\trepositoryFormatVersion = ${version}\n\tbare = false\n${machine.join('')}${extension}`
}

/** The environment of `plain`, which reads the objects in `objects`. */
export function plainEnvironment(
  host: Pick<RepositoryHost, 'env'>,
  gitDir: string,
  objects: string,
): Record<string, string> {
  const kept = Object.fromEntries(Object.entries(host.env).filter(([name]) => !name.startsWith('GIT_')))
  return gitEnvironment(kept, {
    GIT_DIR: gitDir,
    GIT_OBJECT_DIRECTORY: objects,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
  })
}
