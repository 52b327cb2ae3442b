import type { Oid } from '../model/oid.ts'
import type { Remotes } from '../ports/remote.ts'
import type {
  CommitHistory,
  Notes,
  Objects,
  Patches,
  Refs,
  RepositoryPaths,
  Snapshots,
  VerifiedObjects,
} from '../ports/repository.ts'
import type { UserCheckout } from '../ports/user-checkout.ts'
import type { Workspaces } from '../ports/workspace.ts'
import { assertOwnSettings, type GitConfig } from './config.ts'
import { callersGit, discover, type RepositoryHost } from './discover.ts'
import { type GitContext, openGitContext } from './git-context.ts'
import { history } from './history.ts'
import { type GitIdentity, readIdent } from './identity.ts'
import { ignoredPaths } from './ignored.ts'
import { ignoredFiles } from './ignored-files.ts'
import { notes } from './notes.ts'
import { objects } from './objects.ts'
import { patches } from './patches.ts'
import { projectFiles } from './project-files.ts'
import { explainBlock, refs } from './refs.ts'
import { rehashedObjects } from './rehashed-objects.ts'
import { remotes } from './remote.ts'
import { type RepositoryFacts, repositoryFacts, sizeOf } from './repository-facts.ts'
import type { GitProgram } from './run-git.ts'
import { snapshots } from './snapshot.ts'
import { temporaryIndexes } from './temporary-indexes.ts'
import { wordsInTree } from './tree-words.ts'
import { userCheckout } from './user-checkout.ts'
import { readVisibleHistory, type VisibleDepth, type VisibleHistory } from './visible-history.ts'
import { type WorkspaceOptions, workspaces } from './workspaces.ts'

/** A ref that belongs to this work tree only, such as PP_HEAD. */
export interface PseudoRef {
  read(): Promise<Oid | null>
  write(to: Oid): Promise<void>
}

export interface Repository {
  readonly place: RepositoryPaths
  /** The version as git prints it: 'git version 2.39.5'. */
  readonly version: string
  readonly objects: Objects
  readonly rehashed: VerifiedObjects
  readonly patches: Patches
  readonly history: CommitHistory
  readonly refs: Refs
  readonly notes: Notes
  readonly snapshots: Snapshots
  readonly userCheckout: UserCheckout
  /** Other repositories; the only part of this that may reach the network. */
  readonly remotes: Remotes
  /** Checkouts below `stateDir` (absolute, created with mode 0700, not shared with another process). */
  workspaces(stateDir: string, asked?: WorkspaceOptions): Workspaces
  /** What commands may see of the history of a commit. */
  past(commit: Oid, depth: VisibleDepth): Promise<VisibleHistory>
  /**
   * Paths that git ignores and `patterns` (gitignore syntax) match; a directory is listed by its name if everything in it
   * matches.
   */
  ignored(patterns: Uint8Array): Promise<readonly string[]>
  /** Finds files of the checkout that git ignores, by the name in an output. */
  ignoredFiles(): Promise<(path: string) => string | null>
  /** Files below a directory of the work tree that git tracks, or would; relative to it. */
  files(prefix: string): Promise<readonly string[]>
  /** Those of `words` that stand as whole words in a file of a tree or in the path of one. */
  wordsIn(tree: Oid, words: readonly string[]): Promise<ReadonlySet<string>>
  facts(): Promise<RepositoryFacts>
  /** What a checkout of a tree needs. */
  sizeOf(tree: Oid): Promise<{ readonly files: number; readonly bytes: number }>
  /**
   * Git's whole configuration as the caller has it, including `-c`; or only the keys that start with `prefix`. If these are
   * our keys (`pp.`), throws USAGE if one of them comes from a file that a branch can bring.
   */
  config(prefix?: string): Promise<GitConfig>
  /**
   * Writes one of our keys into the git config of the repository or of the user, or takes it out (null). Throws GIT_FAILED if
   * the file cannot be written, or holds several values of the key.
   */
  setConfig(key: `pp.${string}`, value: string | null, scope: 'local' | 'global'): Promise<void>
  /** Stores the text of a commit object as it is; its id. Nothing names it yet. */
  keepCommit(text: string): Promise<Oid>
  /** Throws GIT_FAILED, with a way out, if another ref is in the way of these. */
  assertFree(refs: readonly string[]): Promise<void>
  /** The current commit of HEAD; null if a branch without commits was checked out in the meantime. */
  head(): Promise<Oid | null>
  /** The commit of the branch that HEAD follows; null if it follows none. */
  upstream(): Promise<Oid | null>
  /** `name`: capital letters and underscores. */
  pseudoRef(name: string): PseudoRef
  /** The user as author; git-pp <git-pp@invalid> if git knows no user. */
  ident(): Promise<GitIdentity>
  /** Ends running processes and removes our temporary files. */
  dispose(): Promise<void>
}

/**
 * Throws NOT_A_REPOSITORY, FOREIGN_REPOSITORY (another owner), UNSUPPORTED_REPOSITORY (bare, no commit yet),
 * GIT_FAILED (no git, or older than 2.36).
 */
export async function openRepository(host: RepositoryHost): Promise<Repository> {
  return (await openRepositoryAndContext(host)).repository
}

/** The same, with what the files of this room share. */
export async function openRepositoryAndContext(
  host: RepositoryHost,
): Promise<{ readonly repository: Repository; readonly gitContext: GitContext }> {
  const found = await discover(host)
  const gitContext = await openGitContext(host, found)
  let known: Promise<GitIdentity> | undefined
  const ident = () => {
    known ??= readIdent(host, found.place.gitDir, found.config)
    return known
  }
  const temp = temporaryIndexes(gitContext)
  const past = history(gitContext, ident)
  const ours = refs(gitContext)
  const trees = objects(gitContext, temp)
  const repository: Repository = {
    place: found.place,
    version: found.version,
    objects: trees,
    rehashed: rehashedObjects(gitContext),
    patches: patches(gitContext, temp, trees),
    history: past,
    refs: ours,
    notes: notes(gitContext, ident),
    snapshots: snapshots(gitContext, found.index, past),
    remotes: remotes(host, gitContext),
    userCheckout: userCheckout(gitContext, found.index, trees, ident),
    workspaces: (stateDir, asked) => workspaces(gitContext, { temp, list: trees.list }, stateDir, asked),
    past: (commit, depth) => readVisibleHistory(gitContext, commit, depth),
    ignored: (patterns) => ignoredPaths(gitContext, found.index, patterns),
    ignoredFiles: () => ignoredFiles(gitContext, found.index),
    files: (prefix) => projectFiles(gitContext, found.index, prefix),
    wordsIn: (tree, words) => wordsInTree(gitContext, trees, tree, words),
    facts: () => repositoryFacts(gitContext),
    sizeOf: (tree) => sizeOf(gitContext, tree),
    config: async (prefix = '') => {
      const keys = new Map([...found.config].filter(([key]) => key.startsWith(prefix)))
      if (prefix.startsWith('pp.') && [...keys.values()].flat().some(({ scope }) => /^(local|worktree)$/.test(scope)))
        await assertOwnSettings(callersGit(host).with({ env: { GIT_DIR: found.place.gitDir } }), found.place.top)
      return keys
    },
    setConfig: async (key, value, scope) => {
      await callersGit(host).text(['config', `--${scope}`, ...(value === null ? ['--unset', key] : [key, value])])
    },
    keepCommit: async (text) => {
      const [oid] = await gitContext.writer.write('commit', [Buffer.from(text)])
      return oid as Oid
    },
    assertFree: (names) =>
      explainBlock(
        gitContext,
        names.map((ref) => ({ ref, to: found.head })),
      ),
    head: () => past.resolve('HEAD'),
    upstream: () => upstreamOf(gitContext.user),
    pseudoRef: (name) => ({ read: () => past.resolve(name), write: (to) => ours.point(name, to) }),
    ident,
    dispose: () => gitContext.dispose(),
  }
  return { repository, gitContext }
}

async function upstreamOf(git: GitProgram): Promise<Oid | null> {
  const asked = await git.run(['rev-parse', '--verify', '--quiet', '@{upstream}^{commit}'])
  return asked.status === 0 ? (asked.stdout.toString().trim() as Oid) : null
}
