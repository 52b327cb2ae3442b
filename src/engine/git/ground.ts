import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { RUN_MARK } from '../core/environment/index.ts'
import type { Oid } from '../model/oid.ts'
import type { Place } from '../ports/repository.ts'
import { type CatFile, catFile } from './catfile.ts'
import { type Config, filterEnv, filterNames, lastOf, withoutFilters } from './config.ts'
import type { Found, Host } from './discover.ts'
import { type Git, gitEnvironment, gitWith, PINS } from './exec.ts'
import { weighing } from './weighing.ts'

/** What every file of this room stands on. */
export interface Ground {
  readonly place: Place
  readonly config: Config
  /**
   * Git over the repository's objects alone: no refs, no configuration of anybody, no attributes but those of the
   * index it is given, no filters, no promisor. For everything that must depend on content only. Its directory is empty.
   */
  readonly plain: Git
  /** Git in the user's git directory, filters neutralised. For refs, history, notes, status, worktrees. Its directory is empty too. */
  readonly user: Git
  readonly cat: CatFile
  /** Asked before git or we walk along the paths of a tree, see `weigher`. */
  readonly weigh: (tree: Oid) => Promise<void>
  /** A fresh path (nothing there yet) in our private temp directory. */
  temp(name: string): string
  dispose(): Promise<void>
}

export async function layGround(host: Host, found: Found): Promise<Ground> {
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
  const plain = gitWith({
    ...common,
    env: {
      ...plainEnvironment(host, await plainGitDir(own, found), path.join(found.place.commonDir, 'objects')),
      [RUN_MARK]: path.basename(host.scratch),
    },
    options: PINS,
  })
  const user = gitWith({
    ...common,
    env: gitEnvironment(host.env, {
      GIT_DIR: found.place.gitDir,
      [RUN_MARK]: path.basename(host.scratch),
      GIT_GRAFT_FILE: path.join(own, 'no-grafts'),
      ...filterEnv,
    }),
    options: [...PINS, ...withoutFilters(filterNames(found.config))],
  })
  const cat = catFile(plain, found.place.objectFormat)
  let made = 0
  return {
    place: found.place,
    config: found.config,
    plain,
    user,
    cat,
    weigh: weighing(cat, found.place),
    temp: (name) => path.join(own, `${name}-${made++}`),
    async dispose() {
      cat.dispose()
      await fs.rm(own, { recursive: true, force: true })
    },
  }
}

/** Settings that say how the file system and the object store behave, not what content means: those go along. */
const OF_THE_MACHINE = ['filemode', 'symlinks', 'ignorecase', 'precomposeunicode', 'sharedrepository', 'longpaths']

async function plainGitDir(own: string, found: Found): Promise<string> {
  const dir = path.join(own, 'plain')
  for (const sub of ['refs', 'objects']) await fs.mkdir(path.join(dir, sub), { recursive: true })
  await fs.writeFile(path.join(dir, 'HEAD'), 'ref: refs/heads/none\n')
  await fs.writeFile(path.join(dir, 'config'), plainConfig(found.place.objectFormat, found.config))
  return dir
}

/** The config file of a git directory that knows nothing but its object format and its machine. */
export function plainConfig(format: Place['objectFormat'], config: Config): string {
  const machine = OF_THE_MACHINE.flatMap((name) => {
    const value = lastOf(config, `core.${name}`)
    return value === null ? [] : [`\t${name} = ${JSON.stringify(value)}\n`]
  })
  const version = format === 'sha256' ? 1 : 0
  const extension = format === 'sha256' ? '[extensions]\n\tobjectFormat = sha256\n' : ''
  return `[core]\n\trepositoryFormatVersion = ${version}\n\tbare = false\n${machine.join('')}${extension}`
}

/** The environment of `plain`, over the objects of `objects`. */
export function plainEnvironment(host: Pick<Host, 'env'>, gitDir: string, objects: string): Record<string, string> {
  const kept = Object.fromEntries(Object.entries(host.env).filter(([name]) => !name.startsWith('GIT_')))
  return gitEnvironment(kept, {
    GIT_DIR: gitDir,
    GIT_OBJECT_DIRECTORY: objects,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
  })
}
