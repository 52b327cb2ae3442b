import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import { type GitProgram, gitEnvironment, gitProgram, PINNED_OPTIONS } from './run-git.ts'

/** Where a worker fetches from, and what. */
export interface ServedSource {
  /** An absolute directory; it is made. */
  readonly dir: string
  readonly url: string
  readonly refs: readonly string[]
}

/** A clone of a worker: nothing is checked out, and it shares no object with another clone. */
export interface ServedClone {
  readonly dir: string
  /** Fetches the listed refs, and forgets those that are gone. Throws GIT_FAILED. */
  fetch(): Promise<void>
  /** Those commits that no fetched ref contains. */
  unreachable(commits: readonly Oid[]): Promise<readonly Oid[]>
  /** The text of a commit object. */
  commitText(commit: Oid): Promise<string>
  /** Removes every proof, and what only they needed. */
  tidy(): Promise<void>
}

const FETCHED = 'refs/remotes/origin'

/** Opens the clone, or makes it. `env`: the environment of the worker; its own git configuration holds its credentials. */
export async function servedClone(
  { dir, url, refs }: ServedSource,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<ServedClone> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const git = clonesGit(dir, env, signal)
  await git.bytes(['init', '--quiet', '--initial-branch=unused', '--', dir])
  const fetching = git.with({ env: { GIT_ALLOW_PROTOCOL: protocolOf(url) } })
  return {
    dir,
    async fetch() {
      await fetching.bytes([
        ...FETCH,
        '--',
        url,
        ...refs.map((ref) => `+${ref}:${FETCHED}/${ref.slice('refs/'.length)}`),
      ])
      await standSomewhere(git)
    },
    async unreachable(commits) {
      const found = await Promise.all(commits.map((commit) => isReachable(git, commit)))
      return commits.filter((_, at) => !found[at])
    },
    commitText: async (commit) => (await git.bytes(['cat-file', 'commit', commit])).toString('utf8'),
    async tidy() {
      const ours = await git.text(['for-each-ref', '--format=delete %(refname)', 'refs/pp', 'refs/notes'])
      if (ours !== '') await git.bytes(['update-ref', '--stdin'], { input: `${ours}\n` })
      await git.bytes(['gc', '--quiet', '--prune=1.hour.ago'])
    },
  }
}

/** No hook, no filter, no redirect to another host, no submodule, and no ref but those that were named. */
const FETCH = [
  ...['-c', 'http.followRedirects=false', '-c', 'fetch.writeCommitGraph=false', '-c', 'credential.interactive=false'],
  ...['fetch', '--quiet', '--prune', '--refmap=', '--no-tags', '--no-filter', '--no-write-fetch-head'],
  ...['--no-auto-maintenance', '--no-recurse-submodules', '--no-show-forced-updates'],
]

function clonesGit(dir: string, env: Readonly<Record<string, string | undefined>>, signal: AbortSignal): GitProgram {
  return gitProgram({
    ...{ program: 'git', cwd: dir, signal, options: PINNED_OPTIONS },
    env: gitEnvironment(env, { GIT_DIR: join(dir, '.git') }),
  })
}

function protocolOf(url: string): string {
  return url.slice(0, url.indexOf(':'))
}

/** Git pp works in repositories with a commit; which one is checked out does not matter to a proof of commits. */
async function standSomewhere(git: GitProgram): Promise<void> {
  const stands = await git.run(['rev-parse', '--quiet', '--verify', 'HEAD^{commit}'])
  if (stands.status === 0) return
  const [commit] = (await git.text(['for-each-ref', '--count=1', '--format=%(objectname)', FETCHED])).split('\n')
  if (!commit) throw new PpError('GIT_FAILED', 'the repository has none of the refs that are fetched')
  await git.bytes(['update-ref', '--no-deref', 'HEAD', commit])
}

async function isReachable(git: GitProgram, commit: Oid): Promise<boolean> {
  const args = ['for-each-ref', '--count=1', '--format=%(refname)', `--contains=${commit}`, FETCHED]
  const found = await git.run(args)
  return found.status === 0 && found.stdout.length > 0
}
