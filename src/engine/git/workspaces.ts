import * as path from 'node:path'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import { removeAside, removeTree } from '../platform/index.ts'
import type { Layering } from '../ports/layering.ts'
import type { Objects } from '../ports/repository.ts'
import type { Workspace, Workspaces, WorktreeFacts } from '../ports/workspace.ts'
import { type WorkspaceGround, workspaceOn } from './checkout-workspace.ts'
import { lastValueOf } from './config.ts'
import type { GitContext } from './git-context.ts'
import { addLinked, type LinkedWorktree, linkByHand, removeLinked } from './linked-worktree.ts'
import { checkOutTree, type PreparedTree, prepareTree, readTreeContent, type TreeContent } from './prepared-tree.ts'
import { holderFor, stackedGround } from './stacked-ground.ts'
import { fillSubmodules } from './submodules.ts'
import { inSequence, objectStore, syntheticGit } from './synthetic-git.ts'
import type { TemporaryIndexes } from './temporary-indexes.ts'
import { type LayersOfTrees, layersOfTrees, type TreeLayers } from './tree-layers.ts'
import type { VisibleHistory } from './visible-history.ts'

/** Options for the workspaces of a session. */
export interface WorkspaceOptions {
  /** The largest size of one tree in bytes; null = no limit. */
  readonly most?: number | null
  /** The history that commands see; null = none. */
  readonly past?: VisibleHistory | null
  readonly layers?: LayerOptions
}

/** `bases`: the private directory for checkouts that sessions share. A reason: why every work tree is a checkout. */
export type LayerOptions =
  | { readonly layering: Layering; readonly bases: string }
  | { readonly layering: null; readonly reason: string | null }

/** A checkout with more files is removed by another process. */
const MANY = 2_000

const PLAIN: LayerOptions = { layering: null, reason: null }

export function workspaces(
  gitContext: GitContext,
  { temp, list }: { readonly temp: TemporaryIndexes; readonly list: Objects['list'] },
  stateDir: string,
  { most = null, past = null, layers: asked = PLAIN }: WorkspaceOptions = {},
): Workspaces {
  const contents = new Map<Oid, Promise<TreeContent>>()
  const prepared = new Map<Oid, Promise<PreparedTree>>()
  const store = objectStore(gitContext, path.join(stateDir, 'objects'))
  const ancestors = past === null ? Promise.resolve() : store.write(past.objects)
  // A failure is reported when a workspace is opened.
  ancestors.catch(() => {})
  const facts = new Set<string>()
  const skipped = new Map<string, readonly string[]>()
  const adding = inSequence()
  const session = path.basename(stateDir)
  const reason = `git pp uses it, ${session}; git pp gc removes it when that session is dead`
  let opened = 0
  const read = (tree: Oid) => {
    const [first] = contents.values()
    const content = async () =>
      readTreeContent(gitContext, temp, tree, { most, list, known: (await first?.catch(() => null)) ?? null })
    return once(contents, tree, content)
  }
  const prepare = (tree: Oid) =>
    once(prepared, tree, async () => prepareTree(gitContext, { store, past, ancestors }, await read(tree)))
  let layering = asked.layering !== null && keepsLinksAndModes(gitContext) ? asked.layering : null
  let whyPlain = asked.layering === null ? asked.reason : 'this repository keeps no links or no modes'
  let stacked: LayersOfTrees | null = null
  if (asked.layering !== null && layering !== null) {
    const baseStore = { layering, bases: asked.bases, session: stateDir }
    stacked = layersOfTrees(gitContext, temp, baseStore, { read, tell: (fact) => facts.add(fact) })
  }

  const useCheckouts = (why: string) => {
    if (layering !== null) whyPlain = why
    layering = null
  }
  const noteFilters = ({ attributes }: TreeContent) => {
    for (const [name, files] of attributes.filtered)
      if (files.length > (skipped.get(name)?.length ?? 0)) skipped.set(name, files)
  }

  async function layersFor(about: TreeContent): Promise<TreeLayers | null> {
    if (layering === null || stacked === null) return null
    return stacked.of(about).catch((cause: unknown) => {
      if (cause instanceof PpError && cause.code === 'INTERRUPTED') throw cause
      useCheckouts('no shared checkout could be made')
      return null
    })
  }

  /** A work tree on layers; null: they cannot be stacked. */
  async function onLayers(about: PreparedTree, layers: TreeLayers, n: number): Promise<WorkspaceGround | null> {
    if (layering === null) return null
    const holder = await holderFor(stateDir, n)
    const dir = path.join(holder, path.basename(gitContext.place.top))
    const linked = await linkByHand(gitContext, { dir, name: `${session}-${n}`, commit: about.commit, reason })
    if (linked === null) return null
    const dispose = () => removeLinked(linked, holder)
    try {
      const { head } = about
      const git = await syntheticGit(gitContext, store, { dir: `${holder}.git`, head, index: layers.index })
      return await stackedGround(layering, layers, { place: `${holder}.layers`, top: dir, git, dispose })
    } catch (cause) {
      await dispose()
      if (!(cause instanceof PpError)) throw cause
      useCheckouts('a work tree could not be mounted')
      return null
    }
  }

  async function checkedOut(about: PreparedTree, n: number): Promise<WorkspaceGround> {
    const holder = await holderFor(stateDir, n)
    const dir = path.join(holder, path.basename(gitContext.place.top))
    const linked: LinkedWorktree = await adding(() =>
      addLinked(gitContext, { dir, commit: about.commit, reason }),
    ).catch(async (cause: unknown) => {
      await removeTree(holder)
      throw cause
    })
    // Beside the directory of the session, where the sweep of the next session looks.
    const aside = (top: string) => removeAside(top, `${stateDir}~gone-${n}`)
    const isLarge = about.entries.length > MANY
    const dispose = () => removeLinked(linked, holder, isLarge ? aside : undefined)
    try {
      const index = path.join(linked.admin, 'index')
      await checkOutTree(gitContext, about, dir, index)
      for (const fact of await fillSubmodules(gitContext, about.entries, dir)) facts.add(fact)
      const git = await syntheticGit(gitContext, store, { dir: `${holder}.git`, head: about.head, index })
      return { dir, stack: null, git, suspects: async (names) => names, dispose }
    } catch (cause) {
      await dispose()
      throw cause
    }
  }

  async function open(tree: Oid, kind: 'checkout' | 'any' = 'any'): Promise<Workspace> {
    const about = await prepare(tree)
    noteFilters(about)
    const layers = kind === 'any' ? await layersFor(about) : null
    const n = ++opened
    const ground = (layers && (await onLayers(about, layers, n))) ?? (await checkedOut(about, layers ? ++opened : n))
    let disposed: Promise<void> | undefined
    return workspaceOn(gitContext, temp, about, { ...ground, dispose: () => (disposed ??= ground.dispose()) })
  }

  return {
    open,
    useCheckouts,
    worktrees: (): WorktreeFacts =>
      layering === null ? { kind: 'checkout', reason: whyPlain } : { kind: 'overlay', ...layering.facts },
    unfiltered: () => skipped,
    facts: () => [
      ...[...skipped].map(
        ([name, files]) => `the filter '${name}' was not run for ${files.length} file${files.length === 1 ? '' : 's'}`,
      ),
      ...facts,
    ],
  }
}

/** The promise under a key, made once; a failure is not kept. */
function once<T>(all: Map<Oid, Promise<T>>, key: Oid, make: () => Promise<T>): Promise<T> {
  const found = all.get(key) ?? make()
  all.set(key, found)
  found.catch(() => all.delete(key))
  return found
}

/** Otherwise a checkout does not look as its tree says, and a shared one could not be compared with the tree. */
function keepsLinksAndModes({ config }: GitContext): boolean {
  return ['core.symlinks', 'core.filemode'].every((key) => lastValueOf(config, key) !== 'false')
}
