import { describeKey, firstContradiction, readClaimedSignature } from '../../core/attest/index.ts'
import type { ClaimedSignature, TrustedSignature } from '../../model/verification.ts'
import type { SignedBy, Verifier } from '../../ports/signer.ts'
import {
  type CheckResult,
  checkFailed,
  checkPassed,
  type ProofCase,
  type ReadAttestation,
  type VerificationRules,
  type VerifierPorts,
} from './proof-case.ts'

/** What the attestations of this session amount to. */
interface SignatureFindings {
  /** Signatures of trusted signers whose statement agrees with the bundle. */
  readonly good: readonly TrustedSignature[]
  /** `signed`: all signed attestations, no matter by whom. `elsewhere`: how many of them are for another bundle. */
  readonly signed: readonly ClaimedSignature[]
  readonly elsewhere: number
  /** `wrong`: how a trusted signer contradicts the bundle. `unchecked`: why a signature could not be checked here. */
  readonly wrong: string | null
  readonly unchecked: string | null
  /** Why a key that the verifier lists does not count now. */
  readonly whyNot: string | null
}

/**
 * Did enough of the signers whom the verifier trusts sign this bundle? Signatures of others count neither for nor against it.
 * The algorithm is that of the trusted key, never the one that an envelope names.
 */
export async function signedByTheTrusted(
  it: ProofCase,
  { verifiers }: VerifierPorts,
  { trust, now }: VerificationRules,
): Promise<CheckResult> {
  const heard = await hear(it, verifiers, now)
  const { good, signed, wrong, unchecked, whyNot } = heard
  if (!trust) return mayBeEndorsed(heard)
  const here = good.filter(({ commit }) => commit === it.commit.oid)
  if (enough(here, trust.threshold)) return checkPassed(tell(here), { place: 'here', signatures: here })
  if (enough(good, trust.threshold))
    return checkPassed(`${tell(good)}, for another commit`, { place: 'same trees', signatures: good })
  if (wrong !== null) return checkFailed('TAMPERED', wrong)
  if (trust.allowUnsigned) return checkPassed('no trusted key signed it, which --allow-unsigned accepts')
  if (unchecked !== null) return checkFailed('INCONCLUSIVE', unchecked)
  if (good.length > 0)
    return checkFailed(
      'UNTRUSTED',
      `${tell(good)}, but ${trust.threshold} different public keys are required (a shared secret does not count)`,
    )
  if (signed.length > 0) return untrusted(signed, verifiers.length, whyNot)
  if (it.malformed > 0)
    return checkFailed('MALFORMED', `${lines(it.malformed)} cannot be read, and there is no other attestation`)
  return checkFailed(
    'UNSIGNED',
    'nobody signed it',
    'git pp attest signs it; --allow-unsigned accepts it without a signature',
  )
}

/** A new endorser must not give their name to a bundle that replaced the one that others signed. */
function mayBeEndorsed({ good, elsewhere, wrong }: SignatureFindings): CheckResult {
  if (wrong !== null) return checkFailed('TAMPERED', wrong)
  if (good.length > 0 || elsewhere === 0) return checkPassed('not asked', { signatures: good })
  return checkFailed('TAMPERED', `${lines(elsewhere)} of this session: signed for another bundle, not for this one`)
}

async function hear(it: ProofCase, verifiers: VerifierPorts['verifiers'], now: Date): Promise<SignatureFindings> {
  const good: TrustedSignature[] = []
  const signed: ClaimedSignature[] = []
  let elsewhere = 0
  let wrong: string | null = null
  let unchecked: string | null = null
  let whyNot: string | null = null
  for (const line of it.attested) {
    const { session, manifest } = line.statement.predicate
    const claim = readClaimedSignature(line)
    if (session !== it.repro.session || line.signature === null || claim === null) continue
    signed.push(claim)
    if (manifest.digest.sha256 !== it.bundle.digest) elsewhere += 1
    const by = await signerOf(line, line.signature, verifiers)
    if (by && 'unchecked' in by) unchecked ??= by.unchecked
    if (!by) whyNot ??= whyNone(line.signature, verifiers, now)
    if (!by || 'unchecked' in by) continue
    const differs = misfit(it, line)
    if (differs === null) good.push(described(line, by))
    else wrong ??= `${by.name} signed another ${differs} for this session`
  }
  return { good, signed, elsewhere, wrong, unchecked, whyNot }
}

/** The trusted signer of an attestation, or why that could not be checked; null: nobody who is trusted. */
export async function signerOf(
  line: ReadAttestation,
  signature: Uint8Array,
  verifiers: VerifierPorts['verifiers'],
): ReturnType<Verifier['check']> {
  let unchecked = null
  for (const verifier of verifiers) {
    const by = await verifier.check(line.message, signature)
    if (by && !('unchecked' in by)) return by
    unchecked ??= by
  }
  return unchecked
}

function whyNone(signature: Uint8Array, verifiers: VerifierPorts['verifiers'], now: Date): string | null {
  return verifiers.map((verifier) => verifier.whyNot?.(signature, now)).find(Boolean) ?? null
}

/** A verifier that checks each signature once: many bundles on a commit share its attestations, which are read once. */
export function rememberingVerifier(verifier: Verifier): Verifier {
  const known = new WeakMap<Uint8Array, ReturnType<Verifier['check']>>()
  return {
    ...verifier,
    check(message, signature) {
      const by = known.get(signature) ?? verifier.check(message, signature)
      known.set(signature, by)
      return by
    },
  }
}

/** How a statement contradicts the bundle; null if it does not. */
function misfit({ bundle, repro }: ProofCase, { statement }: ReadAttestation): string | null {
  const { sha256 } = statement.predicate.manifest.digest
  return sha256 === bundle.digest ? firstContradiction(statement, bundle, repro) : 'bundle'
}

/**
 * Counts keys, not lines: one key in two modes or in two lines counts once. A shared secret is enough only if one signature
 * is required.
 */
function enough(signatures: readonly TrustedSignature[], threshold: number): boolean {
  if (threshold <= 1) return signatures.length > 0
  return new Set(signatures.flatMap(({ key }) => key ?? [])).size >= threshold
}

function described({ statement }: ReadAttestation, { mode, name, key, fingerprint }: SignedBy): TrustedSignature {
  const [{ digest }] = statement.subject
  return { role: statement.predicate.role, mode, name, key, fingerprint, commit: digest.gitCommit }
}

function tell(signatures: readonly TrustedSignature[]): string {
  return `signed by ${signatures.map(({ name, mode, role }) => `${name} (${mode}, ${role})`).join(', ')}`
}

/**
 * Names the keys that the attestations claim to be signed with, for readers who know one of them. The claim makes no key
 * trusted.
 */
function untrusted(signed: readonly ClaimedSignature[], verifiers: number, whyNot: string | null): CheckResult {
  const mend =
    'name a key that you trust: --key FILE, --trust FILE, or git config --global gpg.ssh.allowedSignersFile FILE'
  const keys = [...new Set(signed.map(describeKey))]
  const more = keys.length > NAMED ? ` and ${keys.length - NAMED} more` : ''
  const said = `it claims to be signed with ${keys.slice(0, NAMED).join(', ')}${more}`
  const why = whyNot === null ? '' : `; such a key is ${whyNot}`
  if (verifiers > 0)
    return checkFailed('UNTRUSTED', `${lines(signed.length)}, but none by a key that you trust: ${said}${why}`)
  return checkFailed('UNTRUSTED', `${said}, but you named no key to trust`, mend)
}

/** At most this many unknown keys are named, because a note may hold a thousand. */
const NAMED = 3

function lines(count: number): string {
  return count === 1 ? '1 attestation' : `${count} attestations`
}

/** Is it recent enough? The time is a claim of those who signed it. */
export async function notTooOld(
  { repro }: ProofCase,
  _desk: VerifierPorts,
  { maxAgeMs, now }: VerificationRules,
): Promise<CheckResult> {
  const finished = Date.parse(repro.finishedAt)
  if (maxAgeMs === null) return checkPassed(`finished ${repro.finishedAt}`)
  const age = now.getTime() - finished
  // A proof that is dated into the future would never become too old.
  if (Number.isNaN(age) || age < -CLOCKS_DIFFER_MS)
    return checkFailed('EXPIRED', `the proof claims that it was finished in the future, at ${repro.finishedAt}`)
  return age > maxAgeMs
    ? checkFailed('EXPIRED', `finished ${repro.finishedAt}, which is longer ago than --max-age allows`)
    : checkPassed(`finished ${repro.finishedAt}`)
}

const CLOCKS_DIFFER_MS = 10 * 60_000
