import { basename, dirname } from 'node:path'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { RejectedUpdate, Remote, Remotes, RemoteUpdate, SentObject } from '../ports/remote.ts'
import type { RepositoryHost } from './discover.ts'
import type { GitContext } from './git-context.ts'
import { NOTES_TEMP } from './notes.ts'
import { listRefs } from './refs.ts'
import {
  configuredRemotes,
  defaultRemote,
  looksLikeUrl,
  type RemoteTarget,
  remoteTargetOf,
  withoutUser,
} from './remote-target.ts'
import { type GitResult, gitMessage } from './run-git.ts'
import { runRemoteGit } from './run-remote-git.ts'

/** In bytes. Larger blobs are not searched for secrets. */
const MAX_READ = 256 << 20
/** Updates of one push: their names have to fit a command line. */
const MAX_UPDATES = 2_000

/** Fetching changes nothing but the refs that it is told to write: no tag, no FETCH_HEAD, no pruning, no hook, no filter. */
const FETCH = [
  ...['-c', 'core.hooksPath=/dev/null', '-c', 'fetch.writeCommitGraph=false'],
  ...['fetch', '--quiet', '--refmap=', '--no-tags', '--no-prune', '--no-prune-tags', '--no-filter'],
  ...['--no-write-fetch-head', '--no-auto-maintenance', '--no-recurse-submodules', '--no-show-forced-updates'],
]
const PUSH = ['push', '--porcelain', '--no-follow-tags', '--recurse-submodules=no']

export function remotes(host: RepositoryHost, gitContext: GitContext): Remotes {
  const { config } = gitContext
  return {
    names: configuredRemotes(config),
    knows: (word) => configuredRemotes(config).includes(word) || looksLikeUrl(word),
    async open(word, to) {
      const branch = (await gitContext.user.run(['symbolic-ref', '--quiet', '--short', 'HEAD'])).stdout
        .toString('utf8')
        .trim()
      const chosen = word ?? defaultRemote(config, branch || null, to)
      if (chosen === null)
        throw new PpError('USAGE', `there is no remote to ${to}; name one, or add one with git remote add origin URL`)
      return remote(host, gitContext, remoteTargetOf(config, chosen, host.cwd), to)
    },
    between: (tips, have) => between(gitContext, tips, have),
    async read({ oid, path }) {
      const header = await gitContext.cat.info(oid)
      return header !== null && header.size > MAX_READ
        ? null
        : gitContext.cat.read(oid, path === null ? 'commit' : 'blob')
    },
  }
}

async function remote(
  host: RepositoryHost,
  gitContext: GitContext,
  target: RemoteTarget,
  to: 'fetch' | 'push',
): Promise<Remote> {
  const ask = async (args: readonly string[]) => {
    const ran = await runRemoteGit(host, args)
    if (ran.status !== 0) throw refused(target, ran)
    return ran.stdout.toString('utf8')
  }
  const source = to === 'push' && target.configured ? await pushSource(ask, target) : target.word
  return {
    name: target.name,
    list: async () => parseList(await ask(['ls-remote', '--quiet', '--refs', '--', source])),
    async fetch(names, use) {
      const temp = privateRefs(gitContext)
      try {
        await ask([...FETCH, '--', source, ...names.map((name) => `+${name}:${temp}/${name}`)])
        const there = await listRefs(gitContext.user, `${temp}/`)
        return await use(new Map([...there].map(([ref, oid]) => [ref.slice(temp.length + 1), oid])))
      } finally {
        const left = await listRefs(gitContext.user, `${temp}/`)
        await gitContext.refs.attempt([...left.keys()].map((ref) => ({ ref, to: null })))
      }
    },
    async push(updates) {
      for (let at = 0; at < updates.length; at += MAX_UPDATES) {
        const some = await push(host, target, updates.slice(at, at + MAX_UPDATES))
        if (some.length > 0) return some
      }
      return []
    },
  }
}

/** The place that a push goes to, as something to read from, because a remote may have another URL for pushes. */
async function pushSource(ask: (args: readonly string[]) => Promise<string>, { word }: RemoteTarget): Promise<string> {
  const [read, write] = await Promise.all([
    ask(['remote', 'get-url', '--', word]),
    ask(['remote', 'get-url', '--push', '--', word]),
  ])
  return read === write ? word : (write.split('\n')[0] ?? word)
}

/** Refs that hold what was fetched until it is stored; leftovers of a killed command are removed with its directory. */
function privateRefs(gitContext: GitContext): string {
  const scratch = gitContext.temp('remote')
  return `${NOTES_TEMP}/${basename(dirname(scratch))}-${basename(scratch)}`
}

/**
 * After a push, git updates the local refs that the remote is fetched into. If somebody fetches notes directly into their own
 * notes, this would replace them, so our refs are excluded from the remote's fetch refspecs.
 */
async function push(host: RepositoryHost, { word, configured, name }: RemoteTarget, updates: readonly RemoteUpdate[]) {
  const own = ['mirror=false', 'fetch=^refs/pp/*', 'fetch=^refs/notes/pp/*'].flatMap((pin) => [
    '-c',
    `remote.${word}.${pin}`,
  ])
  const leases = updates.flatMap(({ ref, lease }) =>
    lease === undefined ? [] : [`--force-with-lease=${ref}:${lease}`],
  )
  const specs = updates.map(({ ref, to }) => `${to ?? ''}:${ref}`)
  const ran = await runRemoteGit(host, [...(configured ? own : []), ...PUSH, ...leases, '--', word, ...specs])
  const refusals = parsePush(ran.stdout.toString('utf8'))
  if (ran.status !== 0 && refusals.length === 0) throw refused({ word, configured, name }, ran)
  return refusals
}

function refused({ word }: RemoteTarget, ran: GitResult): PpError {
  return new PpError('GIT_FAILED', withoutUser(`${word}: ${gitMessage(ran.stderr)}`))
}

/** `<oid>\t<ref>` on each line; names that are not valid refs are left out. */
export function parseList(output: string): ReadonlyMap<string, Oid> {
  const rows = output.split('\n').flatMap((line) => {
    const [, oid = '', ref] = /^([0-9a-f]{40,64})\t(refs\/[^\s\p{Cc}]+)$/u.exec(line) ?? []
    return ref === undefined ? [] : [[ref, oid] as const]
  })
  return new Map(rows)
}

/** `!\t<from>:<to>\t<summary>` on each line of `git push --porcelain`. */
export function parsePush(output: string): readonly RejectedUpdate[] {
  return output.split('\n').flatMap((line) => {
    const [flag, names, ...why] = line.split('\t')
    if (flag !== '!' || names === undefined) return []
    return [{ ref: names.slice(names.indexOf(':') + 1), why: why.join(' ') }]
  })
}

async function between(
  gitContext: GitContext,
  tips: readonly Oid[],
  have: readonly Oid[],
): Promise<readonly SentObject[]> {
  const input = [...tips, ...have.map((oid) => `^${oid}`), ''].join('\n')
  // Objects that a partial clone lacks came from its remote, so they are not sent.
  const args = ['rev-list', '--ignore-missing', '--exclude-promisor-objects', '--stdin']
  const blobs = ['--objects', '--filter=object:type=blob', '--filter-provided-objects']
  const [commits, files] = await Promise.all([
    gitContext.user.text(args, { input }),
    gitContext.user.text([...args, ...blobs], { input }),
  ])
  const lines = (text: string) => (text === '' ? [] : text.split('\n'))
  return [
    ...lines(commits).map((oid) => ({ oid, path: null })),
    ...lines(files).map((line) => {
      const cut = line.indexOf(' ')
      return cut === -1 ? { oid: line, path: '' } : { oid: line.slice(0, cut), path: line.slice(cut + 1) }
    }),
  ]
}
