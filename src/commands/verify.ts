import * as Flags from '@oclif/core/flags'
import { verify } from '../engine/index.ts'
import { PROOF } from './proof-word.ts'
import { trustFlags, verifyOptions } from './trust-options.ts'
import { type CommandAnswer, type CommandInput, loudness, Verb } from './verb.ts'
import { verificationAnswer } from './verification-answer.ts'

/** More words than anybody types. */
const MOST = 1000

export default class Verify extends Verb {
  static override description =
    'Checks proofs without running anything and without fetching: that the bundle belongs to the commit, that none of its files was changed, that the patch is the difference between the trees, that the policy is the one of the base and allows the change, that the command was red and green often enough, and who signed the proof.\nYou say whom to trust, here or in global or system git config; the repository never does.'
  static override usage = ['verify [OPTIONS] [PROOF|RANGE]...']
  static override examples = [
    'git pp verify --key ~/keys/ci.pub',
    'git pp verify HEAD --trust ~/allowed_signers',
    'git pp verify main..topic --policy-from main --trust-from main',
  ]
  static override words = {
    most: MOST,
    command: false,
    about: { PROOF, RANGE: 'with A..B: every commit of the range, parents first' },
  }
  static override flags = {
    quiet: loudness.quiet,
    ...trustFlags,
    threshold: Flags.string({
      helpValue: 'N',
      summary: 'how many different trusted public keys must have signed; default: 1',
      description: 'A shared secret counts only for 1.',
    }),
    'allow-weak': Flags.boolean({ description: 'also accept a proof made with --runs 0: red once and green once' }),
    exact: Flags.boolean({ description: 'refuse a proof of another commit, even if it has the same trees' }),
    require: Flags.option({
      options: ['all', 'trailer'] as const,
      default: 'all' as const,
      helpValue: 'all|trailer',
      description: 'which commits of a range need a proof: all, or only those whose trailer announces one',
    })(),
    'policy-from': Flags.string({
      helpValue: 'REF',
      summary: 'also check command, base, judges, runs and paths against the policy of this commit',
      description:
        'The proof starts from the merge base or from a proved commit, runs a target of that policy, at least as often, under judges and rules at least as strict. Setup, included paths, variables, image and judges that may be changed have to be those that the policy states. A program that is its own command (see Judges in the reference) is POLICY_MISMATCH.',
    }),
    'max-age': Flags.string({
      helpValue: 'AGE',
      summary: 'refuse proofs older than this: 45m, 12h, 7d, 2w',
      description: 'Also those that are dated into the future. A number and s, m, h, d or w.',
    }),
  }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Verify, [...typed.options])
    return verificationAnswer(await verify(caller, verifyOptions(typed.words, flags)))
  }
}
