import * as z from 'zod'
import type { Oid } from '../../model/oid.ts'
import { HistoryDepth } from '../../model/policy-values.ts'
import { FILES } from '../bundle-layout/index.ts'
import { parseJson, sha256 } from '../bytes/index.ts'

/** A tag as it stands in the user's repository: its name and the id that its ref holds. */
const TagId = z.object({ name: z.string(), id: z.string() })
type TagId = z.infer<typeof TagId>

/** At most this many tags are listed one by one. */
const NAMED = 200

/** What environment.json says about the history that commands saw. */
export const VisibleHistoryFacts = z.looseObject({
  commits: z.int(),
  digest: z.string(),
  tags: z.array(TagId),
})
export type VisibleHistoryFacts = z.infer<typeof VisibleHistoryFacts>

export function visibleHistoryFacts(commits: number, tags: readonly TagId[]): VisibleHistoryFacts {
  const sorted = [...tags].sort((a, b) => (a.name < b.name ? -1 : 1))
  const text = sorted.map(({ name, id }) => `${name} ${id}\n`).join('')
  const told = sorted.slice(0, NAMED).map(({ name, id }) => ({ name, id }))
  return { commits, digest: sha256(new TextEncoder().encode(text)), tags: told }
}

/** The history that the commands saw when a bundle was made; null: none. */
export function recordedHistoryFacts(files: ReadonlyMap<string, Uint8Array>): VisibleHistoryFacts | null {
  return Environment.safeParse(parsed(files.get(FILES.environment))).data?.history ?? null
}

/** How much history was asked for; null: unknown. */
export function recordedHistory(files: ReadonlyMap<string, Uint8Array>): HistoryDepth | null {
  return Recorded.safeParse(parsed(files.get(FILES.policy))).data?.worktree.history ?? null
}

const Environment = z.looseObject({ history: VisibleHistoryFacts.optional() })
const Recorded = z.looseObject({ worktree: z.looseObject({ history: HistoryDepth.optional() }) })

function parsed(bytes: Uint8Array | undefined): unknown {
  return bytes ? parseJson(new TextDecoder().decode(bytes)) : null
}

/** How the history of a replay differs from the recorded one, one sentence for each difference. */
export function historyDifference(was: VisibleHistoryFacts | null, now: VisibleHistoryFacts | null): string[] {
  if (was === null) return []
  if (now === null)
    return [
      'the commands saw history when the change was proved, but see none now; add --history tags, or --history with a number of commits',
    ]
  if (was.digest === now.digest)
    return was.commits === now.commits
      ? []
      : [`the commands saw ${was.commits} commits when the change was proved, but ${now.commits} now`]
  const [then, here] = [idsOf(was), idsOf(now)]
  const names = [...new Set([...then.keys(), ...here.keys()])].sort()
  const differing = names.filter((name) => then.get(name) !== here.get(name))
  if (differing.length === 0) return ['the tags differ from those that the commands saw when the change was proved']
  return differing.map((name) => {
    if (!here.has(name)) return `the commands saw the tag ${name} when the change was proved, but it is not here`
    return then.has(name)
      ? `the tag ${name} is not the same as when the change was proved`
      : `the tag ${name} did not exist when the change was proved`
  })
}

function idsOf({ tags }: VisibleHistoryFacts): ReadonlyMap<string, string> {
  return new Map(tags.map(({ name, id }) => [name, id]))
}

/** The identity that replaces all authors, committers and taggers. */
const SOMEBODY = 'git-pp <git-pp@invalid>'

/**
 * A raw commit object (bytes as latin1) with another tree and other parents. Message, dates and encoding stay; people are
 * replaced and signatures removed.
 */
export function commitOf(raw: string, tree: Oid, parents: readonly Oid[]): string {
  const { header, message } = parted(raw)
  const people = header.flatMap(
    (line) => /^(author|committer) .*?( \d+ [+-]\d+)$/.exec(line)?.slice(1, 3).join(` ${SOMEBODY}`) ?? [],
  )
  const encoding = header.filter((line) => line.startsWith('encoding '))
  const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), ...people, ...encoding]
  return `${lines.join('\n')}\n\n${message}`
}

/** The parents that a raw commit object names. */
export function parentsIn(raw: string): readonly Oid[] {
  return parted(raw).header.flatMap((line) => /^parent ([0-9a-f]+)$/.exec(line)?.[1] ?? [])
}

const SIGNATURE = /^-----BEGIN [A-Z ]*(?:SIGNATURE|MESSAGE)-----$[\s\S]*/m

/** A raw tag object on another commit; its tagger and its signature are removed. */
export function tagOf(raw: string, commit: Oid): string {
  const { header, message } = parted(raw)
  const name = header.find((line) => line.startsWith('tag ')) ?? 'tag unnamed'
  const at = /( \d+ [+-]\d+)$/.exec(header.find((line) => line.startsWith('tagger ')) ?? '')?.[1]
  const lines = [`object ${commit}`, 'type commit', name, ...(at === undefined ? [] : [`tagger ${SOMEBODY}${at}`])]
  return `${lines.join('\n')}\n\n${message.replace(SIGNATURE, '')}`
}

function parted(raw: string): { readonly header: readonly string[]; readonly message: string } {
  const cut = raw.indexOf('\n\n')
  return cut === -1
    ? { header: raw.split('\n'), message: '' }
    : { header: raw.slice(0, cut).split('\n'), message: raw.slice(cut + 2) }
}

/** Commits in an order in which parents come before children. `parents`: the parents of a commit that are to be included. */
export function parentsFirst(commits: Iterable<Oid>, parents: (commit: Oid) => readonly Oid[]): readonly Oid[] {
  const done = new Set<Oid>()
  for (const start of commits) {
    const waiting = [start]
    for (let commit = waiting.at(-1); commit !== undefined; commit = waiting.at(-1)) {
      const before = done.has(commit) ? [] : parents(commit).filter((parent) => !done.has(parent))
      if (before.length > 0) waiting.push(...before)
      else {
        done.add(commit)
        waiting.pop()
      }
    }
  }
  return [...done]
}
