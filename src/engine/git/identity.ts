import { type GitConfig, lastValueOf } from './config.ts'
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
export async function readIdent(host: RepositoryHost, gitDir: string, config: GitConfig): Promise<GitIdentity> {
  const plain = plainIdent(host, config)
  if (plain !== null) return plain
  const git = callersGit(host).with({ env: { GIT_DIR: gitDir } })
  const ran = await git.run(['-c', 'user.useConfigOnly=true', 'var', 'GIT_COMMITTER_IDENT'])
  const [, name, email] = /^(.*) <(.*)> \d+ [+-]\d+$/s.exec(ran.stdout.toString('utf8').trim()) ?? []
  return ran.status === 0 && name && email ? { name, email } : NOBODY
}

/** Begins and ends with nothing that git would take away (git, ident.c, crud), and has nothing inside that it would. */
const PLAIN = /^(?:[^\p{C}\s<>.,:;"\\']|(?![ .,:;"\\'])[^\p{C}<>\n]*[^\p{C}\s<>.,:;"\\'])$/u

/** The identity of the configuration, if nothing else has a say in it, and git would use it as it is; else null. */
function plainIdent({ env }: RepositoryHost, config: GitConfig): GitIdentity | null {
  const asked = ['GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL'].some((name) => env[name] !== undefined)
  if (asked || ['committer.name', 'committer.email'].some((key) => config.has(key))) return null
  const name = lastValueOf(config, 'user.name') ?? ''
  const email = lastValueOf(config, 'user.email') ?? ''
  return PLAIN.test(name) && PLAIN.test(email) ? { name, email } : null
}

/** The environment under which git writes commits of this person, now (UTC). */
export function identEnv(ident: GitIdentity): Record<string, string> {
  const role = (who: string) => ({ [`GIT_${who}_NAME`]: ident.name, [`GIT_${who}_EMAIL`]: ident.email })
  return { ...role('AUTHOR'), ...role('COMMITTER'), TZ: 'UTC0' }
}
