import { attest as annotate } from '../flows/attest/index.ts'
import { newestProof, proofsOn } from '../flows/store/index.ts'
import { verifyOne } from '../flows/verify/index.ts'
import { lastValueOf } from '../git/index.ts'
import { PpError } from '../model/error.ts'
import { either, KEY_MODES } from '../model/kinds.ts'
import type { Oid } from '../model/oid.ts'
import type { AttestOptions, Caller } from '../model/options.ts'
import { SignMode } from '../model/policy-values.ts'
import { statusOfVerification, type Verification } from '../model/verification.ts'
import { clock, type OpenRepository, openSigner, openTrust, withRepository } from '../wiring/index.ts'
import { deskOf, namedBy } from './verify.ts'

/** Signs a proof that somebody else, or an earlier session, made. */
export function attest(caller: Caller, options: AttestOptions): Promise<EndorsementResult> {
  return withRepository(caller, (openRepo) => attestProof(caller, openRepo, options))
}

/** The result of `attest`: what was found, and who signed it; null if it was not good enough to be signed. */
export interface EndorsementResult {
  readonly found: Verification
  readonly attestation: {
    readonly role: 'endorser'
    readonly mode: string
    readonly keyid: string | null
    readonly fingerprint: string | null
  } | null
}

/** Runs all checks except whose signature it is, then adds a signature as an endorser. */
export async function attestProof(
  caller: Caller,
  openRepo: OpenRepository,
  options: AttestOptions,
): Promise<EndorsementResult> {
  const { mode, place } = await modeOf(openRepo, options)
  const signer = mode === 'none' ? null : await openSigner(caller, openRepo, mode, place)
  const { verifiers } = await openTrust(caller, openRepo, { key: [], trust: [] })
  const ports = deskOf(openRepo, verifiers)
  const subject = await namedBy(caller, openRepo, ports, options.proof)
  if (subject.is !== 'commit')
    throw new PpError(
      'USAGE',
      'git pp attest needs a commit or a session; git pp import makes a commit from a bundle directory',
    )
  const rules = { now: clock.now(), trust: null, allowWeak: true, acceptRefactor: true, exact: true, maxAgeMs: null }
  const shown = subject.session ?? (await shownOn(openRepo, subject.commit))
  const { found, bundle } = await verifyOne(ports, rules, subject.commit, shown, null)
  if (statusOfVerification(found) !== 0 || !bundle) return { found, attestation: null }
  await annotate(openRepo.repository.notes, bundle, subject.commit, 'endorser', signer)
  const { keyid = null, fingerprint = null } = signer ?? {}
  return { found, attestation: { role: 'endorser', mode, keyid, fingerprint } }
}

/** The session that `show` chooses for a commit; null if none can be read; then the checks say why. */
async function shownOn({ proofStore }: OpenRepository, commit: Oid): Promise<string | null> {
  const proofs = await proofsOn(proofStore, commit).catch((error: unknown) => {
    if (error instanceof PpError) return []
    throw error
  })
  return newestProof(proofs)?.repro.session ?? null
}

/** The mode and the place of the key: typed, else git config. Throws USAGE. */
async function modeOf({ repository }: OpenRepository, { mode, keyFile, keyEnv }: AttestOptions) {
  const config = async (key: string) => lastValueOf(await repository.config(key), key) ?? undefined
  const parsed = SignMode.safeParse(mode ?? (await config('pp.attestation.mode')))
  if (!parsed.success)
    throw new PpError('USAGE', `name a way to sign: ${either(KEY_MODES.map((one) => `--mode ${one}`))}`)
  const variable = keyFile === undefined ? (keyEnv ?? (await config('pp.attestation.keyenv'))) : keyEnv
  return { mode: parsed.data, place: { file: keyFile, variable } }
}
