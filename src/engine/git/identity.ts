import { callersGit, type RepositoryHost } from './discover.ts'

export interface GitIdentity {
  readonly name: string
  readonly email: string
}

/** The committer if git knows no user. */
export const NOBODY: GitIdentity = { name: 'git-pp', email: 'git-pp@invalid' }

/**
 * The user as git would name them in a commit, but never made up from the host name of the machine. The committer's name is
 * used, because in a rebase or an `am` the author in the environment is somebody else.
 */
export async function readIdent(host: RepositoryHost, gitDir: string): Promise<GitIdentity> {
  const git = callersGit(host).with({ env: { GIT_DIR: gitDir } })
  const ran = await git.run(['-c', 'user.useConfigOnly=true', 'var', 'GIT_COMMITTER_IDENT'])
  const [, name, email] = /^(.*) <(.*)> \d+ [+-]\d+$/s.exec(ran.stdout.toString('utf8').trim()) ?? []
  return ran.status === 0 && name && email ? { name, email } : NOBODY
}

/** The environment under which git writes commits of this person at this moment (UTC); without `at`, now. */
export function identEnv(ident: GitIdentity, at?: Date): Record<string, string> {
  const date = at === undefined ? {} : { date: `@${Math.floor(at.getTime() / 1000)} +0000` }
  const role = (who: string) => ({
    [`GIT_${who}_NAME`]: ident.name,
    [`GIT_${who}_EMAIL`]: ident.email,
    ...('date' in date ? { [`GIT_${who}_DATE`]: date.date } : {}),
  })
  return { ...role('AUTHOR'), ...role('COMMITTER'), TZ: 'UTC0' }
}
