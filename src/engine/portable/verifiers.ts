import type { TrustAnchor } from '../model/trust.ts'
import type { Verifier } from '../ports/signer.ts'
import type { KeyCircumstances } from './mode.ts'
import { findMode } from './modes/index.generated.ts'

/**
 * Checks signatures in this process, without running a program. For a mode that is not known here, the answer is neither yes
 * nor no.
 */
export async function verifierOf(trust: TrustAnchor, circumstances: KeyCircumstances): Promise<Verifier> {
  const mode = findMode(trust.mode)
  if (mode !== undefined) return mode.verifier(trust, circumstances)
  const unchecked = `this library cannot check whether ${trust.name} signed by ${trust.mode}; use git pp verify`
  return { check: async () => ({ unchecked }) }
}
