/** A repository in memory: literals of the ports, with the ids that git would give to trees and files. */
import { createHash } from 'node:crypto'
import { applyPatch, parsePatch } from 'diff'
import { blobId, treeId } from '../../src/engine/core/gitobject/index.ts'
import { printPatch } from '../../src/engine/core/patch/index.ts'
import type { Change, TreeEntry } from '../../src/engine/model/change.ts'
import type { CommitFacts } from '../../src/engine/model/commit.ts'
import { PpError } from '../../src/engine/model/error.ts'
import type { Oid } from '../../src/engine/model/oid.ts'
import type { CommitHistory, Notes, Objects, Patches, Refs } from '../../src/engine/ports/repository.ts'

/** Path → text. */
export type Files = Readonly<Record<string, string>>

/** Everything that has an id; several repositories may share it, as if all had been fetched already. */
export interface Store {
  readonly blobs: Map<Oid, Uint8Array>
  readonly trees: Map<Oid, readonly TreeEntry[]>
  readonly commits: Map<Oid, CommitFacts>
  /** Commits of notes. */
  readonly notes: Map<Oid, ReadonlyMap<Oid, Uint8Array>>
}

export interface Repository {
  readonly store: Store
  readonly objects: Objects
  readonly patches: Patches
  readonly history: CommitHistory
  readonly refs: Refs
  readonly notes: Notes
  /** Every ref and pseudo-ref by its name; tests may set them. */
  readonly names: Map<string, Oid>
  /** The id of a tree of these files, which is kept. */
  tree(files: Files): Oid
  files(tree: Oid): Files
}

export function newStore(): Store {
  return { blobs: new Map(), trees: new Map(), commits: new Map(), notes: new Map() }
}

export function repositoryIn(store: Store = newStore()): Repository {
  const names = new Map<string, Oid>()
  const objects = objectsIn(store)
  const entriesOf = (files: Files): TreeEntry[] =>
    Object.entries(files).map(([path, text]) => ({ path, mode: '100644', oid: keepBlob(store, encode(text)) }))
  return {
    store,
    names,
    objects,
    patches: patchesIn(store, objects),
    history: historyIn(store, names),
    refs: refsIn(names),
    notes: notesIn(store, names, refsIn(names)),
    tree: (files) => keepTree(store, entriesOf(files)),
    files: (tree) =>
      Object.fromEntries(entries(store, tree).map(({ path, oid }) => [path, decode(store.blobs.get(oid))])),
  }
}

export const encode = (text: string) => new TextEncoder().encode(text)
export const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

function idOf(...parts: readonly unknown[]): Oid {
  return createHash('sha1').update(JSON.stringify(parts)).digest('hex')
}

function keepBlob({ blobs }: Store, bytes: Uint8Array): Oid {
  const oid = blobId(bytes, 'sha1')
  blobs.set(oid, bytes)
  return oid
}

function keepTree({ trees }: Store, all: readonly TreeEntry[]): Oid {
  const sorted = [...all].sort((a, b) => (a.path < b.path ? -1 : 1))
  const oid = treeId(sorted, 'sha1')
  trees.set(oid, sorted)
  return oid
}

function entries({ trees }: Store, tree: Oid): readonly TreeEntry[] {
  const found = trees.get(tree)
  if (!found) throw new PpError('OBJECT_MISSING', `no tree ${tree}`)
  return found
}

function objectsIn(store: Store): Objects {
  const changes = (from: Oid, to: Oid): Change[] => {
    const sides = [from, to].map((tree) => new Map(entries(store, tree).map((entry) => [entry.path, entry])))
    const [before, after] = sides
    const side = (one: TreeEntry | undefined) => (one ? { mode: one.mode, oid: one.oid } : null)
    return [...new Set(sides.flatMap((one) => [...one.keys()]))]
      .sort()
      .map((path) => ({ path, before: side(before?.get(path)), after: side(after?.get(path)) }))
      .filter((one) => one.before?.oid !== one.after?.oid || one.before?.mode !== one.after?.mode)
  }
  return {
    list: async (tree) => entries(store, tree),
    lacking: async () => [],
    async read(blob) {
      const bytes = store.blobs.get(blob)
      if (!bytes) throw new PpError('OBJECT_MISSING', `no blob ${blob}`)
      return bytes
    },
    changes: async (from, to) => changes(from, to),
    async patch(from, to) {
      const bytes = (one: Change['before']) => (one === null ? null : (store.blobs.get(one.oid) ?? null))
      const printed = printPatch(
        changes(from, to).map(({ path, before, after }) => ({ path, before: bytes(before), after: bytes(after) })),
      )
      return printed.ok ? printed.patch : encode(`binary ${printed.path}\n`)
    },
    async edit(tree, edits) {
      const files = new Map(entries(store, tree).map((entry) => [entry.path, entry]))
      for (const [path, edit] of edits) {
        if (edit === null) files.delete(path)
        else files.set(path, { path, mode: edit.mode, oid: 'oid' in edit ? edit.oid : keepBlob(store, edit.bytes) })
      }
      return keepTree(store, [...files.values()])
    },
  }
}

function patchesIn(store: Store, objects: Objects): Patches {
  return {
    async apply(tree, patch) {
      const texts = new Map(entries(store, tree).map(({ path, oid }) => [path, decode(store.blobs.get(oid))]))
      const edits = new Map<string, { bytes: Uint8Array; mode: '100644' } | null>()
      for (const one of parsePatch(decode(patch))) {
        const [old, now] = [one.oldFileName, one.newFileName].map((name) => name?.replace(/^[ab]\//, '') ?? '')
        const path = now === '/dev/null' ? (old ?? '') : (now ?? '')
        const text = applyPatch(texts.get(path) ?? '', one)
        if (text === false) return { ok: false, reason: `patch does not apply: ${path}` }
        edits.set(path, now === '/dev/null' ? null : { bytes: encode(text), mode: '100644' })
      }
      return { ok: true, tree: await objects.edit(tree, edits) }
    },
    id: async (patch) => (patch.length === 0 ? null : idOf('patch', decode(patch))),
  }
}

function historyIn({ commits }: Store, names: ReadonlyMap<string, Oid>): CommitHistory {
  const commit = (oid: Oid): CommitFacts => {
    const found = commits.get(oid)
    if (!found) throw new PpError('OBJECT_MISSING', `no commit ${oid}`)
    return found
  }
  /** The commit and all before it, itself first. */
  const past = (oid: Oid): Oid[] => [...new Set([oid, ...commit(oid).parents.flatMap(past)])]
  return {
    resolve: async (rev) => names.get(rev) ?? names.get(`refs/heads/${rev}`) ?? (commits.has(rev) ? rev : null),
    commit: async (oid) => commit(oid),
    mergeBase: async (a, b) => past(a).find((one) => past(b).includes(one)) ?? null,
    range: async (from, to) =>
      past(to)
        .filter((one) => !past(from).includes(one))
        .reverse(),
    contained: async (tip, among) => past(tip).filter((one) => among.has(one)),
    async write({ tree, parents, message, at }) {
      const oid = idOf('commit', tree, parents, message, at)
      const seconds = Math.floor(at.getTime() / 1000)
      const [subject = ''] = message.split('\n')
      commits.set(oid, { oid, tree, parents, subject, message, author: 'A <a@example.org>', at: seconds })
      return oid
    },
  }
}

function refsIn(names: Map<string, Oid>): Refs {
  return {
    list: async (prefix) => new Map([...names].filter(([ref]) => ref.startsWith(prefix))),
    async update(updates) {
      const moved = updates.find(({ ref, from }) => from !== undefined && (names.get(ref) ?? null) !== from)
      if (moved) throw new PpError('GIT_FAILED', `${moved.ref} is not what it was`)
      for (const { ref, to } of updates) {
        if (to === null) names.delete(ref)
        else names.set(ref, to)
      }
    },
    async point(name, to) {
      names.set(name, to)
    },
  }
}

function notesIn({ notes }: Store, names: Map<string, Oid>, refs: Refs): Notes {
  const at = (root: string): ReadonlyMap<Oid, Uint8Array> => notes.get(names.get(root) ?? root) ?? new Map()
  const keep = (all: ReadonlyMap<Oid, Uint8Array>): Oid => {
    const oid = idOf(
      'notes',
      [...all].map(([commit, bytes]) => [commit, decode(bytes)]),
    )
    notes.set(oid, all)
    return oid
  }
  const set = (ref: string, commit: Oid, text: string) =>
    names.set(ref, keep(new Map(at(ref)).set(commit, encode(text))))
  const addLine = (ref: string, commit: Oid, line: string) => {
    const text = decode(at(ref).get(commit))
    if (!text.split('\n').includes(line)) set(ref, commit, `${text}${line}\n`)
  }
  return {
    read: async (ref, commit) => at(ref).get(commit) ?? null,
    append: async (ref, commit, line) => addLine(ref, commit, line),
    async publish(writes, updates) {
      await refs.update(updates)
      for (const write of writes) {
        if ('line' in write) addLine(write.ref, write.commit, write.line)
        else set(write.ref, write.commit, write.text)
      }
    },
    list: async (ref) => [...at(ref).keys()],
    async *each(root, { only, changedSince } = {}) {
      const others = changedSince === undefined ? new Map<Oid, Uint8Array>() : at(changedSince)
      for (const [commit, bytes] of at(root))
        if (only?.has(commit) !== false && decode(others.get(commit)) !== decode(bytes)) yield [commit, bytes]
    },
    async commit(tip, edits) {
      const all = new Map(tip === null ? [] : at(tip))
      for (const [commit, bytes] of edits) {
        if (bytes === null) all.delete(commit)
        else all.set(commit, bytes)
      }
      return keep(all)
    },
  }
}
