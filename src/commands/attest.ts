import * as Flags from '@oclif/core/flags'
import { type AttestOptions, attest, either, escapeLine, KEY_MODES, PpError, SIGN_MODES } from '../engine/index.ts'
import { variableName, withoutUndefined } from './option-values.ts'
import { PROOF } from './proof-word.ts'
import { signingKey } from './session-options.ts'
import { type CommandAnswer, type CommandInput, Verb } from './verb.ts'
import { verificationAnswer } from './verification-answer.ts'

export default class Attest extends Verb {
  static override description =
    'Checks a proof as git pp verify does, whoever signed it. Then it adds your signature as an endorser; earlier signatures stay. A proof that does not hold is not signed, and the answer is then that of git pp verify. An endorser says that these bytes were checked, not that anything was run; git pp replay runs the proof again.'
  static override usage = ['attest [OPTIONS] [PROOF]']
  static override examples = ['git pp attest --mode ssh', 'git pp attest HEAD --mode ed25519 --key ~/keys/me']
  static override words = { most: 1, command: false, about: { PROOF } }
  static override flags = {
    mode: Flags.option({
      options: SIGN_MODES,
      aliases: ['attestation-mode'],
      helpValue: 'MODE',
      summary: `how to sign: ${either(KEY_MODES)}; none: the statement without a signature`,
      description: 'Default: pp.attestation.mode of git config; without one it has to be said.',
    })(),
    ...signingKey,
  }

  protected async answer({ typed, caller }: CommandInput): Promise<CommandAnswer> {
    const { flags } = await this.parse(Attest, [...typed.options])
    const { 'key-env': keyEnv } = flags
    const said = { mode: flags.mode, keyFile: flags.key, keyEnv: keyEnv && variableName('--key-env', keyEnv) }
    const options: AttestOptions = { proof: typed.words[0] ?? null, ...withoutUndefined(said) }
    const { found, attestation } = await attest(caller, options)
    if (!attestation) return verificationAnswer([found])
    if (!found.commit) throw new PpError('INTERNAL', 'the signed proof belongs to no commit')
    const { commit, session, manifest } = found
    const by = attestation.fingerprint === null ? 'nobody' : `${attestation.mode}, key ${attestation.fingerprint}`
    const reason = `checked and signed (${by}) as endorser of session ${session} on ${commit}`
    return {
      status: 0,
      json: { verdict: 'OK', reason, commit, session, manifest, attestation },
      lines: () => [escapeLine(reason)],
    }
  }
}
