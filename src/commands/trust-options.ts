import * as Flags from '@oclif/core/flags'
import { either, KEY_MODES, type KeyMode, type VerifyOptions } from '../engine/index.ts'
import { parseAge, positiveNumber, variableName, withoutUndefined } from './option-values.ts'

/** The options for what the verifier trusts and accepts, for `verify` and `replay --verify-attestation`. */
export const trustFlags = {
  key: Flags.string({
    multiple: true,
    helpValue: 'FILE',
    summary: 'a public key to trust, PEM or OpenSSH; may be repeated',
    description:
      'A private key is refused. Without any option that says whom to trust: gpg.ssh.allowedSignersFile of global or system git config.',
  }),
  'key-env': Flags.string({
    aliases: ['attestation-key-env'],
    helpValue: 'NAME',
    description: 'the environment variable that holds the key',
  }),
  mode: Flags.option({
    options: KEY_MODES,
    aliases: ['attestation-mode'],
    helpValue: 'MODE',
    description: `what --key and --key-env hold, where they do not say it: ${either(KEY_MODES)}`,
  })(),
  trust: Flags.string({
    multiple: true,
    helpValue: 'FILE',
    summary: 'a file with public keys to trust: PEM blocks and allowed-signers lines; may be repeated',
    description: 'Allowed signers as ssh-keygen(1) describes them.',
  }),
  'trust-from': Flags.string({
    helpValue: 'REF',
    description: 'trust the keys that .pp/allowed_signers of this commit lists',
  }),
  'allow-unsigned': Flags.boolean({ description: 'accept a proof that no trusted key has signed' }),
  accept: Flags.option({
    options: ['refactor'] as const,
    helpValue: 'refactor',
    summary: 'also accept PRESERVED proofs: changes without a red that keep what works',
    description: 'With --policy-from, verify.accept of that policy decides if it is stated.',
  })(),
}

/** The options for what a gate demands besides, for `verify` and `report`. */
export const gateFlags = {
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

/** `trustFlags` as oclif read them. */
export interface TrustFlags {
  readonly key: string[] | undefined
  readonly 'key-env': string | undefined
  readonly mode: KeyMode | undefined
  readonly trust: string[] | undefined
  readonly 'trust-from': string | undefined
  readonly 'allow-unsigned': boolean
  readonly accept: 'refactor' | undefined
}

/** `gateFlags` as oclif read them. */
export interface GateFlags {
  readonly 'allow-weak': boolean
  readonly exact: boolean
  readonly require: 'all' | 'trailer'
  readonly 'policy-from': string | undefined
  readonly 'max-age': string | undefined
  readonly threshold: string | undefined
}

/** Throws USAGE. */
export function verifyOptions(proofs: readonly string[], flags: TrustFlags & Partial<GateFlags>): VerifyOptions {
  const { 'key-env': keyEnv, 'max-age': maxAge } = flags
  const said = {
    keyEnv: keyEnv === undefined ? undefined : variableName('--key-env', keyEnv),
    mode: flags.mode,
    trustFrom: flags['trust-from'],
    policyFrom: flags['policy-from'],
    maxAgeMs: maxAge === undefined ? undefined : parseAge('--max-age', maxAge),
  }
  return {
    ...withoutUndefined(said),
    proofs,
    key: flags.key ?? [],
    trust: flags.trust ?? [],
    threshold: positiveNumber('--threshold', flags.threshold) ?? 1,
    allowUnsigned: flags['allow-unsigned'],
    acceptRefactor: flags.accept === 'refactor',
    allowWeak: flags['allow-weak'] ?? false,
    exact: flags.exact ?? false,
    require: flags.require ?? 'all',
  }
}
