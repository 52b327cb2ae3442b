import { describeKey } from '../core/attest/index.ts'
import { SIGNERS } from '../model/kinds.generated.ts'
import type { ProofView } from '../model/proof-view.ts'
import type { ClaimedSignature } from '../model/verification.ts'

/** `prover, ssh key SHA256:…` */
export function claimLine(claim: ClaimedSignature): string {
  return `${claim.role}, ${describeKey(claim)}`
}

/** A proof that names a key does not make the key trusted. */
export const WHOSE_KEY =
  'FILE is the public key of a signer whom you trust; do not take it from this proof. The keys named above are only claims. --trust FILE takes a list of keys.'

/** What to type to check a proof with one's own keys; without a signature there is nothing to check. */
export function verifyCommand({ commit, session, attestations, result }: ProofView): string {
  const accepted = result.verdict === 'PRESERVED' ? ' --accept refactor' : ''
  const proof = `${commit === null ? 'DIRECTORY' : session}${accepted}`
  if (attestations.length === 0) return `git pp verify ${proof}`
  const [mode, second] = new Set(attestations.map((claim) => claim.mode))
  const silent = SIGNERS.some(({ kind, keyTells }) => kind === mode && keyTells === 'never')
  return `git pp verify ${proof} --key FILE${second === undefined && silent ? ` --mode ${mode}` : ''}`
}
