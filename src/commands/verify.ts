import { verify } from '../engine/index.ts'
import { PROOF } from './proof-word.ts'
import { gateFlags, trustFlags, verifyOptions } from './trust-options.ts'
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
    ...gateFlags,
  }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Verify, [...typed.options])
    return verificationAnswer(await verify(caller, verifyOptions(typed.words, flags)))
  }
}
