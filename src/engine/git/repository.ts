import type { Oid } from '../model/oid.ts'
import type { Landing } from '../ports/landing.ts'
import type { Remotes } from '../ports/remote.ts'
import type { Evidential, History, Notes, Objects, Patches, Place, Refs, Snapshots } from '../ports/repository.ts'
import type { Workspaces } from '../ports/workspace.ts'
import { assertOwnSettings, type Config } from './config.ts'
import { callersGit, discover, type Host } from './discover.ts'
import { type Facts, facts, sizeOf } from './facts.ts'
import { files } from './files.ts'
import { layGround } from './ground.ts'
import { history } from './history.ts'
import { type Ident, readIdent } from './ident.ts'
import { ignored } from './ignored.ts'
import { ignoredFiles } from './ignored-files.ts'
import { indexes } from './indexes.ts'
import { landing } from './landing.ts'
import { notes } from './notes.ts'
import { objects } from './objects.ts'
import { patches } from './patches.ts'
import { explainBlock, refs } from './refs.ts'
import { rehashed } from './rehashed.ts'
import { remotes } from './remote.ts'
import { snapshots } from './snapshot.ts'
import { workspaces } from './worktree.ts'

/** A ref of this work tree alone, such as PP_HEAD. */
export interface PseudoRef {
  read(): Promise<Oid | null>
  write(to: Oid): Promise<void>
}

export interface Repository {
  readonly place: Place
  /** What git calls itself: 'git version 2.39.5'. */
  readonly version: string
  readonly objects: Objects
  readonly rehashed: Evidential
  readonly patches: Patches
  readonly history: History
  readonly refs: Refs
  readonly notes: Notes
  readonly snapshots: Snapshots
  readonly landing: Landing
  /** Other repositories; the only part of this that may reach the network. */
  readonly remotes: Remotes
  /** Checkouts under `stateDir` (absolute, made 0700, not shared with another process) of trees of at most `most` bytes. */
  workspaces(stateDir: string, most?: number | null): Workspaces
  /** What git ignores and `patterns` (gitignore syntax) match; a directory by its name where that holds for all of it. */
  ignored(patterns: Uint8Array): Promise<readonly string[]>
  /** Finds files of the checkout that git ignores, by the name that an output gives them. */
  ignoredFiles(): Promise<(path: string) => string | null>
  /** Files below a directory of the work tree that git tracks, or would; relative to it. */
  files(prefix: string): Promise<readonly string[]>
  facts(): Promise<Facts>
  /** What a checkout of a tree takes. */
  sizeOf(tree: Oid): Promise<{ readonly files: number; readonly bytes: number }>
  /**
   * Git's whole configuration as the caller has it, `-c` included; or only the keys that start with `prefix`. Asked for keys
   * of ours (`pp.`): throws USAGE where one comes from a file that a branch can bring.
   */
  config(prefix?: string): Promise<Config>
  /** Throws GIT_FAILED, with the way out, when another ref stands in the way of these. */
  assertFree(refs: readonly string[]): Promise<void>
  /** The commit of HEAD now; null when a branch without commits was checked out meanwhile. */
  head(): Promise<Oid | null>
  /** `name`: capitals and underscores. */
  pseudoRef(name: string): PseudoRef
  /** The user as author, or git-pp <git-pp@invalid> when git knows none. */
  ident(): Promise<Ident>
  /** Ends what runs and removes our temp files. */
  dispose(): Promise<void>
}

/**
 * Throws NOT_A_REPOSITORY, FOREIGN_REPOSITORY (another owner), UNSUPPORTED_REPOSITORY (bare, no commit yet),
 * GIT_FAILED (no git, or older than 2.36).
 */
export async function openRepository(host: Host): Promise<Repository> {
  const found = await discover(host)
  const ground = await layGround(host, found)
  let known: Promise<Ident> | undefined
  const ident = () => {
    known ??= readIdent(host, found.place.gitDir)
    return known
  }
  const temp = indexes(ground)
  const past = history(ground, ident)
  const ours = refs(ground)
  const trees = objects(ground, temp)
  return {
    place: found.place,
    version: found.version,
    objects: trees,
    rehashed: rehashed(ground),
    patches: patches(ground, temp),
    history: past,
    refs: ours,
    notes: notes(ground, ident),
    snapshots: snapshots(ground, found.index, past),
    remotes: remotes(host, ground),
    landing: landing(ground, found.index, trees, ident),
    workspaces: (stateDir, most) => workspaces(ground, temp, stateDir, most),
    ignored: (patterns) => ignored(ground, found.index, patterns),
    ignoredFiles: () => ignoredFiles(ground, found.index),
    files: (prefix) => files(ground, found.index, prefix),
    facts: () => facts(ground),
    sizeOf: (tree) => sizeOf(ground, tree),
    config: async (prefix = '') => {
      const keys = new Map([...found.config].filter(([key]) => key.startsWith(prefix)))
      if (prefix.startsWith('pp.') && [...keys.values()].flat().some(({ scope }) => /^(local|worktree)$/.test(scope)))
        await assertOwnSettings(callersGit(host).with({ env: { GIT_DIR: found.place.gitDir } }), found.place.top)
      return keys
    },
    assertFree: (names) =>
      explainBlock(
        ground,
        names.map((ref) => ({ ref, to: found.head })),
      ),
    head: () => past.resolve('HEAD'),
    pseudoRef: (name) => ({ read: () => past.resolve(name), write: (to) => ours.point(name, to) }),
    ident,
    dispose: () => ground.dispose(),
  }
}
