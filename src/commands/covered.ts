import * as Flags from '@oclif/core/flags'
import { covered, escapeLine, PpError } from '../engine/index.ts'
import { parseAge } from './option-values.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Covered extends Verb {
  static override description =
    'Says whether a job of CI on a pull request may be skipped, because a trusted signer proved the same command on the same tree. Runs nothing. The status is 0 if a proof covers the job, and 1 if it does not, so that the job has to run.'
  static override usage = ['covered --base REF [OPTIONS] [COMMAND]']
  static override examples = [
    'git pp covered --base origin/main "npm test"',
    'git pp covered --base origin/main --max-age 2d',
  ]
  static override words = {
    most: 1,
    command: true,
    about: { COMMAND: 'what the job would run, one line for sh; default: every target of the policy of the base' },
  }
  static override flags = {
    base: Flags.string({
      helpValue: 'REF',
      summary: 'the commit whose pp.yaml and .pp/allowed_signers count; never one of the change',
    }),
    'max-age': Flags.string({
      helpValue: 'AGE',
      summary: 'refuse proofs older than this: 45m, 12h, 7d, 2w',
      default: '7d',
    }),
  }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Covered, [...typed.options])
    if (flags.base === undefined)
      throw new PpError('USAGE', 'git pp covered needs --base REF, the commit that is trusted')
    const [command = null] = typed.words
    const maxAgeMs = parseAge('--max-age', flags['max-age'])
    const found = await covered(caller, { base: flags.base, command, maxAgeMs })
    return {
      status: found.covered ? 0 : 1,
      json: { verdict: found.covered ? 'COVERED' : 'NOT_COVERED', ...found },
      lines: () => [escapeLine(found.covered ? found.reason : `not covered: ${found.reason}`)],
    }
  }
}
