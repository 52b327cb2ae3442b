import { Flags } from '@oclif/core'
import { verify } from '../engine/index.ts'
import { PROOF } from './replay.ts'
import { trustFlags, verifyOptions } from './trust-options.ts'
import { type Answer, type Call, loudness, Verb } from './verb.ts'
import { verified } from './verified.ts'

/** More words than anybody types. */
const MOST = 1000

export default class Verify extends Verb {
  static override description =
    'Checks everything that can be checked without running anything and without fetching: that the bundle belongs to the commit, that no file of it was changed, that the patch is the change of the trees, that the policy is that of the base and allows it, that it was red and green often enough, and who signed it.\nWhom to trust is said here or in global or system git config, never by the repository.'
  static override usage = ['verify [OPTIONS] [PROOF|RANGE]...']
  static override examples = [
    'git pp verify --key ~/keys/ci.pub',
    'git pp verify HEAD --trust ~/allowed_signers',
    'git pp verify main..topic --policy-from main --trust-from main',
  ]
  static override words = {
    most: MOST,
    command: false,
    about: { PROOF, RANGE: 'A..B: every commit of it, parents first' },
  }
  static override flags = {
    quiet: loudness.quiet,
    ...trustFlags,
    threshold: Flags.string({
      helpValue: 'N',
      description: 'so many different public keys must have signed; default: 1',
    }),
    'allow-weak': Flags.boolean({ description: 'accept red once and green once (--runs 0)' }),
    exact: Flags.boolean({ description: 'refuse proofs of another commit with the same trees' }),
    require: Flags.option({
      options: ['all', 'trailer'] as const,
      default: 'all' as const,
      helpValue: 'all|trailer',
      description: 'of a range: every commit, or those that announce a proof',
    })(),
    'policy-from': Flags.string({
      helpValue: 'REF',
      description: 'also hold command, base, judges, runs and paths against the policy of this commit',
    }),
    'max-age': Flags.string({ helpValue: 'AGE', description: 'refuse older proofs: 45m, 12h, 7d, 2w' }),
  }

  protected async answer({ typed, caller }: Call): Promise<Answer> {
    const { flags } = await this.parse(Verify, [...typed.options])
    return verified(await verify(caller, verifyOptions(typed.words, flags)))
  }
}
