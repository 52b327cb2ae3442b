import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import type { UserCommitSettings } from '../ports/user-checkout.ts'
import type { GitConfig } from './config.ts'
import type { GitContext } from './git-context.ts'

/** Hooks that `git commit` runs, in its order. */
const HOOKS = ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit'] as const

/** What git would do to a commit of the user and git pp does not do: sign it, run hooks. */
export async function commitRules(gitContext: GitContext): Promise<UserCommitSettings> {
  const dir = await hooksDir(gitContext)
  const found = await Promise.all(HOOKS.map((name) => isProgram(path.join(dir, name))))
  return { signs: signs(gitContext.config), hooks: HOOKS.filter((_, at) => found[at]) }
}

/** The value as git reads a boolean. Values of scope `command` are ignored, because git pp sets one itself. */
function signs(config: GitConfig): boolean {
  const values = (config.get('commit.gpgsign') ?? []).filter(({ scope }) => scope !== 'command')
  return /^(?:true|yes|on|[1-9]\d*)$/i.test(values.at(-1)?.value ?? '')
}

/** `core.hooksPath` with `~` expanded by git, relative to the top; without it, the default directory of hooks. */
async function hooksDir({ user, place }: GitContext): Promise<string> {
  const asked = ['config', '--show-scope', '-z', '--type=path', '--get-all', 'core.hooksPath']
  const words = (await user.run(asked)).stdout.toString('utf8').split('\0')
  const values = words.filter((_, at) => at % 2 === 1 && words[at - 1] !== 'command')
  const last = values.at(-1)
  return last === undefined || last === '' ? path.join(place.commonDir, 'hooks') : path.resolve(place.top, last)
}

async function isProgram(file: string): Promise<boolean> {
  const facts = await fs.stat(file).catch(() => null)
  return facts?.isFile() === true && (facts.mode & 0o111) !== 0
}
