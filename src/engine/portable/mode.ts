import type { KeyMode } from '../model/kinds.generated.ts'
import type { TrustAnchor } from '../model/trust.ts'
import type { Verifier } from '../ports/signer.ts'

/** What the check of a key needs besides the key. `revoked`: the text of a list of revoked SSH keys. */
export interface KeyCircumstances {
  readonly now: Date
  readonly revoked: string | null
}

/** How signatures of one mode are checked without any program. A file of portable/modes: `export default` one of these. */
export interface PortableMode {
  readonly kind: KeyMode
  /** Throws USAGE for a text that is not a key of this mode, and for a list of revoked keys that cannot be read here. */
  verifier(trust: TrustAnchor, circumstances: KeyCircumstances): Promise<Verifier>
}
