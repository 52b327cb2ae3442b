import { Flags } from '@oclif/core'
import { type AttestOptions, attest, escapeLine, PpError } from '../engine/index.ts'
import { PROOF } from './replay.ts'
import { present, variable } from './session-options.ts'
import { type Answer, type Call, Verb } from './verb.ts'
import { verified } from './verified.ts'

export default class Attest extends Verb {
  static override description =
    'Checks a proof as git pp verify does, whoever signed it. Then it adds your signature as an endorser; earlier signatures stay. An endorser says that these bytes were checked, not that anything was run; git pp replay runs the proof again.'
  static override usage = ['attest [OPTIONS] [PROOF]']
  static override examples = ['git pp attest --mode ssh', 'git pp attest HEAD --mode ed25519 --key ~/keys/me']
  static override words = { most: 1, command: false, about: { PROOF } }
  static override flags = {
    mode: Flags.option({
      options: ['hmac-sha256', 'ed25519', 'ssh', 'none'] as const,
      aliases: ['attestation-mode'],
      helpValue: 'MODE',
      description: 'how to sign: hmac-sha256, ed25519 or ssh; none adds the statement without a signature',
    })(),
    key: Flags.string({
      helpValue: 'FILE',
      description: 'the key to sign with; for ssh also a .pub file whose private key is in your ssh-agent',
    }),
    'key-env': Flags.string({
      aliases: ['attestation-key-env'],
      helpValue: 'NAME',
      description: 'the variable that holds the key to sign with',
    }),
  }

  protected async answer({ typed, caller }: Call): Promise<Answer> {
    const { flags } = await this.parse(Attest, [...typed.options])
    const { 'key-env': keyEnv } = flags
    const said = { mode: flags.mode, keyFile: flags.key, keyEnv: keyEnv && variable('--key-env', keyEnv) }
    const options: AttestOptions = { proof: typed.words[0] ?? null, ...present(said) }
    const { found, attestation } = await attest(caller, options)
    if (!attestation) return verified([found])
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
