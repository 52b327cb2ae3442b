import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatBytes, KEY_OF_BOUND } from '../core/bounds/index.ts'
import type { Edits, TreeEntry } from '../model/change.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import { removeTree } from '../platform/index.ts'
import type { SyntheticGit, Workspace, Workspaces } from '../ports/workspace.ts'
import { attributesOf, type TreeAttributes } from './attributes.ts'
import type { GitContext } from './git-context.ts'
import { identEnv, NOBODY } from './identity.ts'
import { parseTree, sizeOfTree } from './parse-output.ts'
import { pathOnDisk, writeEdits } from './paths-on-disk.ts'
import { gitError, gitMessage } from './run-git.ts'
import { fillSubmodules } from './submodules.ts'
import { inSequence, type ObjectStore, objectStore, syntheticGit } from './synthetic-git.ts'
import type { TemporaryIndexes } from './temporary-indexes.ts'
import {
  digestAt,
  type ExpectedFile,
  isUntouched,
  layoutOf,
  leftoversOf,
  restoreFiles,
  stampOf,
  type TreeLayout,
  withFreshCheckout,
} from './tree-layout.ts'
import { notIgnored, untrackedFiles } from './untracked-files.ts'
import type { SyntheticHead, VisibleHistory } from './visible-history.ts'
import { watchReads } from './watch-reads.ts'

/** A linked worktree: its directory, and git's record of it below `worktrees/` of the common directory. */
interface LinkedWorktree {
  readonly dir: string
  readonly admin: string
}

/** Fixed, so that a tree always gives the same commit; late enough for tools that accept no date before 1980. */
const COMMIT_DATE = new Date('2000-01-01T00:00:00Z')

/** What is known about a tree; computed once for all its workspaces. */
interface PreparedTree {
  readonly tree: Oid
  readonly commit: Oid
  /** What HEAD is for commands in the workspace. */
  readonly head: Pick<SyntheticHead, 'commit' | 'refs' | 'shallow'>
  readonly entries: readonly TreeEntry[]
  readonly layout: TreeLayout
  readonly attributes: TreeAttributes
}

/** Options for the workspaces of a session. */
export interface WorkspaceOptions {
  /** The largest size of one tree in bytes; null = no limit. */
  readonly most?: number | null
  /** The history that commands see; null = none. */
  readonly past?: VisibleHistory | null
}

export function workspaces(
  gitContext: GitContext,
  temp: TemporaryIndexes,
  stateDir: string,
  { most = null, past = null }: WorkspaceOptions = {},
): Workspaces {
  const known = new Map<Oid, Promise<PreparedTree>>()
  const store = objectStore(gitContext, path.join(stateDir, 'objects'))
  const ancestors = past === null ? Promise.resolve() : store.write(past.objects)
  // A failure is reported when a workspace is opened.
  ancestors.catch(() => {})
  const facts = new Set<string>()
  const skipped = new Map<string, readonly string[]>()
  const adding = inSequence()
  const reason = `git pp uses it, ${path.basename(stateDir)}; git pp gc removes it when that session is dead`
  let opened = 0
  const learn = (tree: Oid): Promise<PreparedTree> => {
    const found = known.get(tree) ?? learnTree(gitContext, temp, { store, past, ancestors }, tree, most)
    known.set(tree, found)
    found.catch(() => known.delete(tree))
    return found
  }
  const fill = async (about: PreparedTree, { dir, admin }: LinkedWorktree, holder: string) => {
    const index = path.join(admin, 'index')
    await checkOut(gitContext, about, dir, index)
    for (const fact of await fillSubmodules(gitContext, about.entries, dir)) facts.add(fact)
    for (const [name, files] of about.attributes.filtered)
      if (files.length > (skipped.get(name)?.length ?? 0)) skipped.set(name, files)
    return syntheticGit(gitContext, store, { dir: `${holder}.git`, head: about.head, index })
  }
  return {
    async open(tree) {
      const about = await learn(tree)
      const holder = path.join(stateDir, String(++opened))
      await fs.mkdir(holder, { recursive: true, mode: 0o700 })
      const dir = path.join(await fs.realpath(holder), path.basename(gitContext.place.top))
      const linked = await adding(() => addLinked(gitContext, { dir, commit: about.commit, reason })).catch(
        async (cause: unknown) => {
          await removeTree(holder)
          throw cause
        },
      )
      let disposed: Promise<void> | undefined
      const dispose = () => {
        disposed ??= disposeOf(linked, holder)
        return disposed
      }
      try {
        return workspace(gitContext, temp, about, dir, await fill(about, linked, holder), dispose)
      } catch (cause) {
        await dispose()
        throw cause
      }
    },
    unfiltered: () => skipped,
    facts: () => [
      ...[...skipped].map(
        ([name, files]) => `the filter '${name}' was not run for ${files.length} file${files.length === 1 ? '' : 's'}`,
      ),
      ...facts,
    ],
  }
}

async function learnTree(
  gitContext: GitContext,
  temp: TemporaryIndexes,
  {
    store,
    past,
    ancestors,
  }: { readonly store: ObjectStore; readonly past: VisibleHistory | null; readonly ancestors: Promise<void> },
  tree: Oid,
  most: number | null,
): Promise<PreparedTree> {
  const { plain } = gitContext
  await gitContext.weigh(tree)
  const [commit, listing] = await Promise.all([
    plain.text(['commit-tree', '-F', '-', tree], {
      input: 'The tree under test\n',
      env: identEnv(NOBODY, COMMIT_DATE),
    }),
    plain.bytes(['ls-tree', '-r', '-l', '-z', '--full-tree', tree]),
  ])
  const bytes = sizeOfTree(listing)
  if (most !== null && bytes > most)
    throw new PpError('TREE_TOO_LARGE', `the tree ${tree} has ${formatBytes(bytes)}, so it is not checked out`, {
      mend: `raise ${KEY_OF_BOUND.disk}, which is ${formatBytes(most)}`,
    })
  const entries = parseTree(listing)
  await store.add(commit, tree)
  await ancestors
  const head = past?.head(tree) ?? { commit, objects: [], refs: [], shallow: [] }
  await store.write(head.objects)
  return {
    tree,
    commit,
    head,
    entries,
    layout: layoutOf(entries),
    attributes: await attributesOf(gitContext, temp, tree, entries),
  }
}

/**
 * `git worktree add` fails if it finds the unfinished record of another worktree (failed to read …/commondir). So our own
 * calls run one after the other, and a call that met another program's record is repeated.
 */
async function addLinked(
  gitContext: GitContext,
  wanted: { readonly dir: string; readonly commit: Oid; readonly reason: string },
  tries = 8,
): Promise<LinkedWorktree> {
  const { dir, commit, reason } = wanted
  const args = ['worktree', 'add', '--quiet', '--lock', '--reason', reason, '--detach', '--no-checkout', dir, commit]
  const ran = await gitContext.user.run(args)
  if (ran.status !== 0) {
    if (tries <= 1) throw gitError(args, ran)
    await removeTree(dir)
    await sleep(20)
    return addLinked(gitContext, wanted, tries - 1)
  }
  // Read now, before any command has run there; afterwards this file is not trusted.
  const [, admin = ''] = /^gitdir: (.+)\n$/.exec(await fs.readFile(path.join(dir, '.git'), 'utf8')) ?? []
  return { dir, admin: path.resolve(dir, admin) }
}

async function checkOut(gitContext: GitContext, about: PreparedTree, dir: string, index: string): Promise<void> {
  const env = { GIT_WORK_TREE: dir, GIT_INDEX_FILE: index }
  const ran = await gitContext.plain.run(['read-tree', '--reset', '-u', about.tree], { env })
  if (ran.status === 0) return
  const hint = `perhaps the disk of ${path.dirname(dir)} is full`
  throw new PpError(
    'DISK_FAILED',
    `the tree ${about.tree} could not be checked out: ${gitMessage(ran.stderr)}; ${hint}`,
  )
}

function workspace(
  gitContext: GitContext,
  temp: TemporaryIndexes,
  { tree, layout, attributes }: PreparedTree,
  dir: string,
  git: SyntheticGit,
  dispose: () => Promise<void>,
): Workspace {
  const written = new Map<string, ExpectedFile>()
  const expected = (name: string) => (written.has(name) ? written.get(name) : layout.files.get(name)) ?? null
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  return {
    tree,
    dir,
    git,
    async write(edits: Edits) {
      await writeEdits(dir, edits)
      for (const [name, edit] of edits) written.set(name, edit === null ? null : { sha256: sha256(edit.bytes) })
    },
    async touched(paths) {
      const compare = async (fresh: string | null) => {
        const found = new Map<string, string>()
        for (const name of paths) {
          if (!(await isUntouched(gitContext, { dir, fresh }, name, expected(name))))
            found.set(name, await digestAt(pathOnDisk(dir, name)))
        }
        return found
      }
      const isFile = (name: string) => !written.has(name) && layout.files.get(name)?.mode.startsWith('100')
      return attributes.convert
        ? withFreshCheckout(gitContext, temp, { tree, names: paths.filter(isFile) }, compare)
        : compare(null)
    },
    stamps: async (paths) =>
      new Map(await Promise.all(paths.map(async (name) => [name, await stampOf(pathOnDisk(dir, name))] as const))),
    watchReads: () => watchReads(dir, [...layout.files.values()], `${path.dirname(dir)}.probe`),
    restore: (paths) => restoreFiles(gitContext, temp, { tree, dir, layout }, paths),
    leftovers: () => leftoversOf(dir, layout, new Set(written.keys())),
    async untracked(wanted, rules) {
      const files = await untrackedFiles(dir, (name) => layout.files.has(name) || written.has(name))
      return notIgnored(gitContext, rules, files.filter(wanted))
    },
    dispose,
  }
}

/** Removes a worktree by the paths that we remember, never by what its files say. It may be gone already. */
async function disposeOf({ dir, admin }: LinkedWorktree, holder: string): Promise<void> {
  await removeTree(dir)
  // Without `gitdir` git ignores the record, so nobody finds it half removed. `locked` names the owner, so it is removed last.
  await fs.rm(path.join(admin, 'gitdir'), { force: true })
  const others = (await fs.readdir(admin).catch(() => [])).filter((name) => name !== 'locked')
  for (const name of others) await removeTree(path.join(admin, name))
  await removeTree(admin)
  await removeTree(holder)
  await removeTree(`${holder}.git`)
  await fs.rm(`${holder}.probe`, { force: true })
}
