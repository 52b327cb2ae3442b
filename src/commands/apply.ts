import * as Flags from '@oclif/core/flags'
import { type ApplyResult, apply, escapeLine } from '../engine/index.ts'
import { PROOF } from './proof-word.ts'
import { trustFlags, verifyOptions } from './trust-options.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'

export default class Apply extends Verb {
  static override description =
    'Puts the proved change into your files and index. With --commit it changes your branch instead: by a fast-forward if the parent of the proved commit is HEAD, else by a new commit. It never overwrites work of yours that the proof did not start from: it then changes nothing and names the files in the way. The proof is verified first; a proof that somebody else made needs a trusted signature or --allow-unsigned.'
  static override usage = ['apply [OPTIONS] [PROOF]']
  static override examples = ['git pp apply', 'git pp apply --commit 01jd3x5k9q']
  static override words = { most: 1, command: false, about: { PROOF } }
  static override flags = {
    commit: Flags.boolean({ description: 'commit the change on the branch instead of leaving it in the files' }),
    ...trustFlags,
  }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Apply, [...typed.options])
    const options = { commit: flags.commit, trust: verifyOptions([], flags) }
    const { reason, ...applied } = await apply(caller, { proof: typed.words[0] ?? null, ...options })
    return {
      status: applied.applied ? 0 : 1,
      json: { verdict: applied.applied ? 'OK' : 'DENIED', reason, ...applied },
      lines: () => appliedText({ reason, ...applied }),
    }
  }
}

/** What was written, or what was in the way. */
export function appliedText({ applied, reason, files, inTheWay, warnings }: ApplyResult): string[] {
  return [
    `${applied ? 'applied' : 'not applied'}: ${reason}`,
    ...files.map((path) => `file:      ${path}`),
    ...inTheWay.map(({ path, why }) => `kept:      ${path}: ${why}`),
    ...warnings.map((text) => `warning:   ${text}`),
  ].map(escapeLine)
}
