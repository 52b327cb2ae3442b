import { PpError } from '../model/error.ts'
import { PROPOSING_AGENTS } from '../model/kinds.ts'
import type { Caller, InitProposerOptions, InitProposerResult } from '../model/options.ts'
import { findProposerPlug, presetLine, withRepository } from '../wiring/index.ts'

const KEY = 'pp.command'

/**
 * Makes `git pp run --provider command` ask a coding agent, by git config of the repository or of the user, or takes that out
 * again. Nothing is started. Throws USAGE.
 */
export function initProposer(
  caller: Caller,
  { name, user, remove, dryRun }: InitProposerOptions,
): Promise<InitProposerResult> {
  const line = presetLine(name)
  if (line === null)
    throw new PpError('USAGE', `--proposer ${name}: no such agent is known; known: ${PROPOSING_AGENTS.join(', ')}`, {
      mend: 'git config pp.command "my-agent --flag" names any other program',
    })
  return withRepository(caller, async ({ repository }) => {
    const scope = user ? 'global' : 'local'
    const values = (await repository.config('pp.')).get(KEY) ?? []
    const was = values.findLast((one) => one.scope === scope)?.value ?? null
    const value = remove ? null : name
    if (remove && was !== null && was !== name)
      throw new PpError('USAGE', `${KEY} is not ${name}, but: ${was}`, {
        mend: `git config --${scope} --unset ${KEY}`,
      })
    const written = !dryRun && was !== value
    if (written) await repository.setConfig(KEY, value, scope)
    const found = remove ? null : await programOf(caller, name)
    return { key: KEY, was, value, scope, written, line: remove ? null : line, ...(found ?? NOTHING) }
  })
}

const NOTHING = { program: null, mend: null }

/** Whether the program of the agent is there. */
async function programOf({ env }: Caller, name: string): Promise<Pick<InitProposerResult, 'program' | 'mend'>> {
  const config = { command: name }
  const { plug, host } = await findProposerPlug('command', {
    kinds: [],
    named: [],
    env: { PATH: env['PATH'] },
    config,
    flags: {},
  })
  try {
    const finding = await plug.reach?.(host, () => {}, new AbortController().signal)
    return { program: finding?.text ?? null, mend: null }
  } catch (error) {
    if (!(error instanceof PpError) || error.code !== 'PROPOSER_FAILED') throw error
    return { program: error.message, mend: `install ${name} and log in to it` }
  }
}
