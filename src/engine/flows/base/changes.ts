import { nearest } from '../../core/nearest/index.ts'
import type { Command } from '../../model/command.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { ProveOptions } from '../../model/options.ts'
import type { CommitHistory } from '../../ports/repository.ts'
import type { ExistingChange } from '../change/index.ts'
import type { SessionBase } from '../session/index.ts'
import type { ChangeSource } from './change-source.ts'
import { rangeIn } from './range-in.ts'
import { leftOutWarnings, takeSnapshot } from './take-snapshot.ts'

/** What `prove` was asked for: which of the typed words are the CHANGE and which are the COMMAND. */
export interface ProveRequest {
  readonly change: string | null
  readonly command: Command | null
}

/** Where a session starts, and the warnings that the user has to see about it. */
export interface SessionStart {
  readonly base: SessionBase
  readonly warnings: readonly string[]
}

/** A change and where it starts. */
export interface ChangeWithBase extends SessionStart {
  readonly existing: ExistingChange
}

/** A single word is the CHANGE if git resolves it, else the COMMAND; two words are the CHANGE and the COMMAND, in this order. */
export async function readProveWords(
  { history }: Pick<ChangeSource, 'history'>,
  options: ProveOptions,
): Promise<ProveRequest> {
  const { words, argv, patch } = options
  const typed: Command | null = argv ? { argv: [...argv] } : null
  const [first, second] = words
  if (first === undefined) return { change: null, command: typed }
  const resolves = patch === null && (await ends(history, first)) !== null
  if (second !== undefined || typed) {
    if (patch !== null)
      throw new PpError('USAGE', `--patch already names the change; leave out ${JSON.stringify(first)}`)
    if (second !== undefined && typed)
      throw new PpError('USAGE', 'there are two commands: a COMMAND and the words after --; leave one of them out')
    if (!resolves)
      throw new PpError(
        'USAGE',
        `there is no change ${JSON.stringify(first)}: it is neither a commit of this repository nor a range A..B`,
      )
    return { change: first, command: second === undefined ? typed : { shell: second } }
  }
  return resolves ? { change: first, command: null } : { change: null, command: { shell: first } }
}

/** The namespaces whose branches and tags are suggested; their names are shown without these prefixes, as people type them. */
const NAMED = ['refs/heads/', 'refs/tags/', 'refs/remotes/'] as const

/**
 * The hint for a COMMAND that may have been meant as a CHANGE: one plain word that is not the name of a program on this
 * machine. The command is run all the same, because a container may have a program of that name.
 */
export async function mistakenCommandHint(
  { refs }: ChangeSource,
  { words }: ProveOptions,
  { change, command }: ProveRequest,
  isProgram: (name: string) => boolean,
): Promise<readonly string[]> {
  const [word = ''] = words
  if (change !== null || command === null || words.length !== 1 || !/^[\w./@~^-]+$/.test(word) || isProgram(word))
    return []
  const lists = await Promise.all(
    NAMED.map(async (prefix) => [...(await refs.list(prefix)).keys()].map((ref) => ref.slice(prefix.length))),
  )
  const near = nearest(word, lists.flat())
  return [
    `${word} is neither a revision of this repository nor a program${near === null ? '' : `; did you mean ${near}?`}`,
  ]
}

/** Both ends of `A..B`, or a commit alone (`from` null); null when git resolves neither. */
async function ends(history: CommitHistory, word: string): Promise<{ from: Oid | null; to: Oid } | null> {
  const range = rangeIn(word)
  if (!range?.to) {
    const to = await history.resolve(word)
    return to ? { from: null, to } : null
  }
  const [from, to] = await Promise.all([history.resolve(range.from), history.resolve(range.to)])
  return from && to ? { from, to } : null
}

/** The last commit of the change that was asked for; null: it is no commit. */
export async function endOfChange({ history }: Pick<ChangeSource, 'history'>, { change }: ProveRequest) {
  return change === null ? null : ((await ends(history, change))?.to ?? null)
}

/** The changes to prove: one, or with `each` every commit of the range. */
export async function findChanges(
  source: ChangeSource,
  asked: ProveRequest,
  options: ProveOptions,
): Promise<readonly ChangeWithBase[]> {
  const { history } = source
  if (options.patch) return [await patchChange(source, options.patch, options.base)]
  if (options.base !== undefined) return [await changeSince(source, asked.change ?? 'HEAD', options.base)]
  if (asked.change === null) return [await uncommitted(source)]
  const found = await ends(history, asked.change)
  if (!found) throw new PpError('USAGE', `there is no change ${asked.change} in this repository`)
  if (found.from === null) return [await commitChange(source, found.to)]
  const base = await history.mergeBase(found.from, found.to)
  if (!base)
    throw new PpError(
      'USAGE',
      `${asked.change}: both ends have no common ancestor here; if this is a shallow clone, run git fetch --unshallow`,
    )
  const commits = await history.range(base, found.to)
  if (commits.length === 0) throw new PpError('USAGE', `the range ${asked.change} contains no commit`)
  const [only] = commits
  if (options.each) return Promise.all(commits.map((commit) => commitChange(source, commit)))
  if (commits.length === 1 && only) return [await commitChange(source, only)]
  const [from, to] = await Promise.all([history.commit(base), history.commit(found.to)])
  const start = { base: { commit: base, tree: from.tree, snapshot: false }, warnings: [] }
  return [{ ...start, existing: { tree: to.tree, commit: null } }]
}

/** A commit against a base that was named. The commit itself is annotated if that base is its first parent. */
async function changeSince({ history }: ChangeSource, word: string, rev: string): Promise<ChangeWithBase> {
  const found = await ends(history, word)
  if (found?.from) throw new PpError('USAGE', `${word} already says where the change starts; leave out --base`)
  const [base, to] = await Promise.all([history.resolve(rev), history.resolve(word)])
  if (!base || !to) throw new PpError('USAGE', `there is no commit ${base ? word : rev} in this repository`)
  const [from, commit] = await Promise.all([history.commit(base), history.commit(to)])
  const itself = commit.parents[0] === base ? to : null
  return {
    base: { commit: base, tree: from.tree, snapshot: false },
    warnings: [],
    existing: { tree: commit.tree, commit: itself },
  }
}

/** A commit against its first parent; a root commit against the empty tree. */
async function commitChange(source: ChangeSource, oid: Oid): Promise<ChangeWithBase> {
  const { history } = source
  const commit = await history.commit(oid)
  const [parent] = commit.parents
  const existing = { tree: commit.tree, commit: oid }
  const from = (base: Oid, tree: Oid): ChangeWithBase => ({
    base: { commit: base, tree, snapshot: false },
    warnings: [],
    existing,
  })
  if (parent) return from(parent, (await history.commit(parent)).tree)
  const entries = await source.objects.list(commit.tree)
  const empty = await source.objects.edit(commit.tree, new Map(entries.map(({ path }) => [path, null])))
  const root = await history.write({
    tree: empty,
    parents: [],
    message: 'git pp: the empty tree before a first commit\n',
    at: new Date(0),
  })
  return from(root, empty)
}

/** The uncommitted work against HEAD; without uncommitted work, the commit of HEAD itself. */
async function uncommitted(source: ChangeSource): Promise<ChangeWithBase> {
  const head = await source.head()
  if (!head) throw new PpError('UNSUPPORTED_REPOSITORY', 'this repository has no commit yet; commit something first')
  const taken = await takeSnapshot(source)
  const warnings = leftOutWarnings(taken)
  if (!taken.dirty) return { ...(await commitChange(source, head)), warnings }
  const { tree } = await source.history.commit(head)
  return { base: { commit: head, tree, snapshot: false }, warnings, existing: { tree: taken.tree, commit: null } }
}

async function patchChange(source: ChangeSource, patch: Uint8Array, rev: string | undefined): Promise<ChangeWithBase> {
  const start = await findBase(source, rev)
  const applied = await source.patches.apply(start.base.tree, patch)
  if (!applied.ok) throw new PpError('USAGE', `the patch does not apply to the base: ${applied.reason}`)
  return { ...start, existing: { tree: applied.tree, commit: null } }
}

/**
 * Where a session starts: the commit that was named, else HEAD. Uncommitted work, without the `denied` paths, is added to
 * HEAD as a snapshot.
 */
export async function findBase(
  source: ChangeSource,
  rev: string | undefined,
  denied?: (path: string) => boolean,
): Promise<SessionStart> {
  const { history } = source
  if (rev === undefined) {
    const taken = await takeSnapshot(source, denied)
    const { commit, tree, dirty } = taken
    return { base: { commit, tree, snapshot: dirty }, warnings: leftOutWarnings(taken) }
  }
  const commit = await history.resolve(rev)
  if (!commit) throw new PpError('USAGE', `there is no commit ${rev} in this repository`)
  return { base: { commit, tree: (await history.commit(commit)).tree, snapshot: false }, warnings: [] }
}
