import * as Flags from '@oclif/core/flags'
import { PpError, replay, replayText } from '../engine/index.ts'
import { variableName, withoutUndefined } from './option-values.ts'
import { PROOF } from './proof-word.ts'
import { historyFlag, parseHistory, sandboxFlag } from './session-options.ts'
import { trustFlags, verifyOptions } from './trust-options.ts'
import { type CommandAnswer, type CommandInput, loudness, Verb } from './verb.ts'
import { verificationAnswer } from './verification-answer.ts'

const STATUS = { REPRODUCED: 0, REFUTED: 1, INCONCLUSIVE: 6 } as const

/** `git bisect run` reads 0 as good, 1 as bad, 125 as skip, and stops at 128 and above. */
const SKIP = 125

export default class Replay extends Verb {
  static override description =
    'Runs the recorded commands again in fresh worktrees. REPRODUCED: every target is red and green as recorded. REFUTED: a target is green without the patch, or fails as recorded with it. INCONCLUSIVE: anything else; the answer lists what differs.\nA proof that this machine did not make is run in a sandbox, without network and without setup. It sees none of your ignored files and variables, except those that you name here.'
  static override usage = ['replay [OPTIONS] [PROOF]']
  static override examples = [
    'git pp replay',
    'git pp replay HEAD --json',
    'git bisect run git pp replay --bisect SESSION',
  ]
  static override words = { most: 1, command: false, about: { PROOF } }
  static override flags = {
    ...loudness,
    'verify-attestation': Flags.boolean({ description: 'verify the proof first, and run nothing if it does not hold' }),
    ...trustFlags,
    bisect: Flags.boolean({
      description: 'for git bisect run: exit status 0 if reproduced, 1 if refuted, 125 otherwise',
    }),
    sandbox: sandboxFlag,
    network: Flags.option({
      options: ['deny', 'allow'] as const,
      helpValue: 'deny|allow',
      description: 'whether commands may use the network: deny (default) or allow',
    })(),
    history: historyFlag,
    include: Flags.string({
      multiple: true,
      helpValue: 'PATH',
      description: 'an ignored file or directory of yours that commands may read; may be repeated',
    }),
    env: Flags.string({
      multiple: true,
      helpValue: 'NAME',
      description: 'an environment variable of yours that commands may read; may be repeated',
    }),
  }

  protected async answer({ typed, caller, reporter }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Replay, [...typed.options])
    const checks = flags['verify-attestation']
    const proofs = typed.words.slice(0, 1)
    const idle = Object.keys(trustFlags).find(
      (name) => !checks && typed.options.some((one) => one.startsWith(`--${name}`)),
    )
    if (idle !== undefined)
      throw new PpError('USAGE', `--${idle} has no effect without --verify-attestation; add that, or leave it out`)
    const options = {
      proof: typed.words[0] ?? null,
      ...withoutUndefined({ sandbox: flags.sandbox, network: flags.network, history: parseHistory(flags.history) }),
      include: flags.include ?? [],
      env: (flags.env ?? []).map((name) => variableName('--env', name)),
      ...(checks ? { verify: verifyOptions(proofs, flags) } : {}),
    }
    const result = await replay(caller, options, reporter)
    if ('checks' in result) return verificationAnswer([result])
    return { status: STATUS[result.verdict], json: result, lines: (paint) => replayText(result, paint) }
  }

  /**
   * A fault never marks a commit as bad: everything but REFUTED is skipped, and a status that stops the tool stops the
   * bisection.
   */
  protected override status(status: number, answered: boolean): number {
    if (!this.argv.includes('--bisect') || status === 0 || status >= 128) return status
    return answered && status === STATUS.REFUTED ? status : SKIP
  }
}
