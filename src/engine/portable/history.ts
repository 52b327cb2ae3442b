import type { CommitFacts } from '../model/commit.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { CommitHistory } from '../ports/repository.ts'
import { commonAncestors } from './common-ancestors.ts'
import type { GitDirectories } from './git-directories.ts'
import type { RehashedStore } from './objects.ts'
import type { PortableRefs } from './refs.ts'

/** The limit for annotated tags of annotated tags. */
const PEELS = 10
/** The places where a short name is searched: git-rev-parse(1), SPECIFYING REVISIONS. */
const PLACES = ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/']

/** Resolves full ids, names of refs, and `~N` and `^N` after them. Abbreviated ids, dates and paths are not supported here. */
export function history(
  objects: RehashedStore,
  refs: PortableRefs,
  { shallow }: GitDirectories,
): Pick<CommitHistory, 'resolve' | 'mergeBase' | 'range'> {
  const commit = async (oid: Oid): Promise<CommitFacts> => {
    const facts = await objects.commit(oid)
    return shallow.has(oid) ? { ...facts, parents: [] } : facts
  }
  return {
    async resolve(rev) {
      const [, name = '', steps = ''] = /^(.+?)((?:~\d{0,6}|\^\d{0,2}|\^\{commit\})*)$/s.exec(rev) ?? []
      let oid = await peeled(objects, await named(refs, name === '@' ? 'HEAD' : name))
      for (const [step] of steps.matchAll(/~\d*|\^\d+|\^(?!\{)/g)) {
        const count = Number(step.slice(1) || 1)
        for (let n = 0; oid !== null && n < (step.startsWith('~') ? count : 1); n++) {
          const { parents } = await commit(oid)
          oid = step.startsWith('~') ? (parents[0] ?? null) : count === 0 ? oid : (parents[count - 1] ?? null)
        }
      }
      return oid
    },
    mergeBase: async (a, b) => (await commonAncestors(commit, a, b)).best[0] ?? null,
    range: async (from, to) => [...(await commonAncestors(commit, to, from)).onlyLeft].reverse(),
  }
}

async function named(refs: PortableRefs, name: string): Promise<Oid | null> {
  if (/^[0-9a-f]{40}$/.test(name)) return name
  for (const place of PLACES) {
    const oid = await refs.read(place + name)
    if (oid !== null) return oid
  }
  return refs.read(`refs/remotes/${name}/HEAD`)
}

/** The commit that an object is, or that a tag points to; null if there is none, or if it is not here. */
async function peeled(objects: RehashedStore, start: Oid | null): Promise<Oid | null> {
  let oid = start
  for (let peels = 0; oid !== null && peels < PEELS; peels++) {
    const found = await objects.object(oid).catch((error: unknown) => {
      if (error instanceof PpError && error.code === 'OBJECT_MISSING') return null
      throw error
    })
    if (found?.type === 'commit') return oid
    oid =
      found?.type === 'tag'
        ? (/^object ([0-9a-f]{40})\n/.exec(Buffer.from(found.bytes).toString('latin1'))?.[1] ?? null)
        : null
  }
  return null
}
