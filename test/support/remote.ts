/** Another repository that shares the objects of the first: what `push`, `fetch` and `forget` talk to. */
import { redactor, type SecretValue } from '../../src/engine/core/redact/index.ts'
import type { PushTools } from '../../src/engine/flows/exchange/push.ts'
import type { Oid } from '../../src/engine/model/oid.ts'
import type { RejectedUpdate, Remote, Remotes, RemoteUpdate } from '../../src/engine/ports/remote.ts'
import type { Repository } from './repository.ts'

export interface FakeRemote extends Remote {
  /** Its refs, which tests may move as other writers do. */
  readonly names: Map<string, Oid>
  /** Every push that it was asked for. */
  readonly pushes: (readonly RemoteUpdate[])[]
  /** Called before a push is looked at. */
  before: (nth: number) => void | Promise<void>
  /** Says why it does not take a ref; null: it does. */
  refuses: (ref: string) => string | null
}

export function remoteOf({ history, notes }: Repository, name = 'origin'): FakeRemote {
  const names = new Map<string, Oid>()
  const pushes: (readonly RemoteUpdate[])[] = []
  /** Fast-forwards of notes are told by their lines: whoever has all of them stands on top. */
  const refusal = async ({ ref, to, lease }: RemoteUpdate): Promise<RejectedUpdate[]> => {
    const now = names.get(ref)
    const why = remote.refuses(ref)
    if (why !== null) return [{ ref, why }]
    if (lease !== undefined) return lease === now ? [] : [{ ref, why: 'stale info' }]
    if (now === undefined || to === null || now === to) return []
    const isNote = ref.startsWith('refs/notes/')
    const onTop = isNote ? (await ancestors(to)).has(now) : (await history.mergeBase(now, to)) === now
    return onTop ? [] : [{ ref, why: 'non-fast-forward' }]
  }
  const parents = new Map<Oid, Oid>()
  const ancestors = async (tip: Oid) => {
    const all = new Set<Oid>()
    for (let one: Oid | undefined = tip; one !== undefined && !all.has(one); one = parents.get(one)) all.add(one)
    return all
  }
  const commit = notes.commit
  notes.commit = async (tip, edits, past) => {
    const oid = await commit(tip, edits, past)
    if (tip !== null && past === 'kept') parents.set(oid, tip)
    return oid
  }
  const remote: FakeRemote = {
    ...{ name, names, pushes, before: () => {}, refuses: () => null },
    list: async () => new Map(names),
    async fetch(refs, use) {
      const patterns = refs.map((ref) => new RegExp(`^${ref.replace('*', '.*')}$`))
      const found = [...names].filter(([ref, oid]) => patterns.some((one) => one.test(ref) || one.test(oid)))
      return use(new Map(found))
    },
    async push(updates) {
      pushes.push(updates)
      await remote.before(pushes.length)
      const refused = (await Promise.all(updates.map(refusal))).flat()
      for (const { ref, to } of updates) {
        if (refused.some((one) => one.ref === ref)) continue
        if (to === null) names.delete(ref)
        else names.set(ref, to)
      }
      return refused
    },
  }
  return remote
}

/** What a push needs; `sends`: path → text of what would leave besides bundles. */
export function pushTools(
  repository: Repository,
  remote: Remote,
  sends: Readonly<Record<string, string>> = {},
  secrets: readonly SecretValue[] = [],
): PushTools {
  const remotes: Remotes = {
    names: [remote.name],
    knows: (word) => word === remote.name,
    open: async () => remote,
    between: async () => Object.keys(sends).map((path) => ({ oid: path, path })),
    read: async ({ oid }) => new TextEncoder().encode(sends[oid]),
  }
  return {
    proofStore: repository,
    remotes,
    remote,
    secretsOf: async () => redactor({ secrets }),
    pause: async () => {},
  }
}
