import {
  commitOf,
  parentsFirst,
  parentsIn,
  tagOf,
  type VisibleHistoryFacts,
  visibleHistoryFacts,
} from '../core/history/index.ts'
import type { Oid } from '../model/oid.ts'
import type { GitContext } from './git-context.ts'
import { idOf, type RawObject } from './pack.ts'

/** How much of the history commands see: back to the nearest tags, or this many commits. */
export type VisibleDepth = 'tags' | number

const MOST_COMMITS = 100_000
const MOST_TAGS = 10_000

/** The HEAD in the synthetic git directory of one tree: a commit with this tree and the history of the base. */
export interface SyntheticHead {
  readonly commit: Oid
  readonly objects: readonly RawObject[]
  /** Lines of `packed-refs`. */
  readonly refs: readonly string[]
  /** Commits whose parents are missing. */
  readonly shallow: readonly Oid[]
}

export interface VisibleHistory {
  readonly facts: VisibleHistoryFacts
  /** The ancestors and their tags, the same for every tree. */
  readonly objects: readonly RawObject[]
  head(tree: Oid): SyntheticHead
}

/**
 * The history of a commit without people, trees and files. Of each ancestor, only message and dates are kept, so that tools
 * work that derive versions from tags and commit counts. Every tree on top of it has the same ancestors, message, dates and
 * tags.
 */
export async function readVisibleHistory(
  gitContext: GitContext,
  base: Oid,
  depth: VisibleDepth,
): Promise<VisibleHistory> {
  const format = gitContext.place.objectFormat
  const all = await tagsOf(gitContext)
  const chosen = new Set(await commitsOf(gitContext, base, depth, all))
  const raws = await rawsOf(gitContext, [...chosen])
  const parentsOf = (commit: Oid) => parentsIn(raws.get(commit) ?? '')
  const order = parentsFirst(chosen, (commit) => parentsOf(commit).filter((parent) => chosen.has(parent)))
  const now = new Map<Oid, Oid>()
  const objects: RawObject[] = []
  const shallow: Oid[] = []
  const keep = (raw: RawObject) => {
    objects.push(raw)
    return idOf(raw, format)
  }
  /** If all parents are missing, they are still named, and the commit is marked as shallow. */
  const kept = (commit: Oid) => {
    const parents = parentsOf(commit)
    const here = parents.flatMap((parent) => now.get(parent) ?? [])
    return { parents: here.length > 0 ? here : parents, isShallow: parents.length > 0 && here.length === 0 }
  }
  for (const commit of order.filter((one) => one !== base)) {
    const { parents, isShallow } = kept(commit)
    const raw = raws.get(commit) ?? ''
    // The commit names its tree, but the tree is not in the store.
    const id = keep({ type: 'commit', bytes: latin1(commitOf(raw, treeIn(raw), parents)) })
    now.set(commit, id)
    if (isShallow) shallow.push(id)
  }
  const tags = all.filter(({ commit }) => chosen.has(commit)).slice(0, MOST_TAGS)
  const texts = await rawsOf(
    gitContext,
    tags.flatMap(({ id, commit }) => (id === commit ? [] : [id])),
  )
  const placed = (tag: VisibleTag, commit: Oid, add: (raw: RawObject) => Oid) => {
    const text = texts.get(tag.id)
    return text === undefined ? commit : add({ type: 'tag', bytes: latin1(tagOf(text, commit)) })
  }
  const refs = tags.flatMap((tag) => {
    const commit = now.get(tag.commit)
    return commit === undefined ? [] : [`${placed(tag, commit, keep)} refs/tags/${tag.name}`]
  })
  return {
    facts: visibleHistoryFacts(chosen.size, tags),
    objects,
    head(tree) {
      const { parents, isShallow } = kept(base)
      const own: RawObject[] = [{ type: 'commit', bytes: latin1(commitOf(raws.get(base) ?? '', tree, parents)) }]
      const commit = own.map((raw) => idOf(raw, format))[0] ?? base
      const add = (raw: RawObject) => {
        own.push(raw)
        return idOf(raw, format)
      }
      const here = tags
        .filter((tag) => tag.commit === base)
        .map((tag) => `${placed(tag, commit, add)} refs/tags/${tag.name}`)
      return { commit, objects: own, refs: [...refs, ...here], shallow: isShallow ? [...shallow, commit] : shallow }
    },
  }
}

interface VisibleTag {
  readonly name: string
  /** The id of the tag object, or of the commit for a tag without an object. */
  readonly id: Oid
  readonly commit: Oid
}

/** Tags of commits whose names every git accepts. */
async function tagsOf({ user }: GitContext): Promise<readonly VisibleTag[]> {
  const format = '%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname:strip=2)'
  const text = await user.text(['for-each-ref', `--format=${format}`, 'refs/tags'])
  return text.split('\n').flatMap((line) => {
    const [, id = '', type, peeled = '', inner, name = ''] = /^(\S+) (\S+) (\S*) (\S*) (\S{1,255})$/.exec(line) ?? []
    if (type === 'commit') return [{ name, id, commit: id }]
    return inner === 'commit' ? [{ name, id, commit: peeled }] : []
  })
}

/** Any tag; annotated tags; tags with a number: tools differ in which of these they look for. */
const NEAREST = [['--tags'], [], ['--tags', '--match=*[0-9]*']]

async function commitsOf(
  gitContext: GitContext,
  base: Oid,
  depth: VisibleDepth,
  tags: readonly VisibleTag[],
): Promise<readonly Oid[]> {
  const { user } = gitContext
  const listed = async (args: readonly string[], most = MOST_COMMITS) =>
    (await user.text(['rev-list', `--max-count=${most}`, base, ...args])).split('\n').filter(Boolean)
  if (depth !== 'tags') return listed([], Math.min(depth, MOST_COMMITS))
  const found = await Promise.all(NEAREST.map((how) => user.run(['describe', '--abbrev=0', ...how, base])))
  const names = new Set(found.flatMap(({ status, stdout }) => (status === 0 ? [stdout.toString('utf8').trim()] : [])))
  const nearest = new Set(tags.flatMap(({ name, commit }) => (names.has(name) ? [commit] : [])))
  if (nearest.size === 0) return listed([])
  const lists = await Promise.all([...nearest].map((commit) => listed(['--not', `${commit}^@`])))
  return [...new Set(lists.flat())]
}

/** Reads objects with one git process, as latin1. */
async function rawsOf({ plain }: GitContext, ids: readonly Oid[]): Promise<ReadonlyMap<Oid, string>> {
  const raws = new Map<Oid, string>()
  if (ids.length === 0) return raws
  const bytes = await plain.bytes(['cat-file', '--batch'], { input: ids.map((id) => `${id}\n`).join('') })
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at)
    const [id = '', , size] = bytes.toString('latin1', at, end).split(' ')
    if (size === undefined) at = end + 1
    else {
      raws.set(id, bytes.toString('latin1', end + 1, end + 1 + Number(size)))
      at = end + 2 + Number(size)
    }
  }
  return raws
}

function treeIn(raw: string): Oid {
  return /^tree ([0-9a-f]+)$/m.exec(raw)?.[1] ?? ''
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
