import { type GitConfig, readConfig } from './config.ts'
import { gitEnvironment, gitProgram, PINNED_OPTIONS } from './run-git.ts'

/** Git's configuration of the user and of the machine, for commands that need no repository. */
export async function userConfig(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<GitConfig> {
  const git = gitProgram({
    ...{ program: 'git', cwd: '/', signal, options: PINNED_OPTIONS },
    // No directory is one of git, so that none is found above.
    env: gitEnvironment(env, { GIT_CEILING_DIRECTORIES: '/', GIT_DIR: '/nonexistent' }),
  })
  const all = await readConfig(git)
  return new Map(
    [...all].map(([key, values]) => [key, values.filter(({ scope }) => scope === 'global' || scope === 'system')]),
  )
}
