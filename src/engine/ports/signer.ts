import type { KeyMode } from '../model/kinds.generated.ts'
import type { KeySource, TrustAnchor } from '../model/trust.ts'

/** Signs with one key. It is made before anything runs, and signs after every child process is dead. */
export interface Signer {
  readonly mode: KeyMode
  /** Lower-case hex; only a hint for finding the key. */
  readonly keyid: string
  /** The name of the key in its owner's tool: `SHA256:…` of ssh-keygen, otherwise the key id. */
  readonly fingerprint: string
  /** The raw bytes that an envelope contains as base64. Throws USAGE if the key does not sign. */
  sign(message: Uint8Array): Promise<Uint8Array>
}

/** The signer of a valid signature. */
export interface SignedBy {
  readonly mode: KeyMode
  /**
   * The id of the key, the same in every mode: `keyIdOf` of core/keys or `keyIdOfSshKey`. A threshold counts these ids. Null:
   * a shared secret, which does not count.
   */
  readonly key: string | null
  /** The id for people: `SHA256:…` for SSH, as ssh-keygen prints it. */
  readonly fingerprint: string | null
  readonly name: string
}

/** Trusts one key, or one list of signers. */
export interface Verifier {
  /**
   * Null: not signed by any of them. `unchecked`: why this machine cannot decide. Never throws because of the content of a
   * signature.
   */
  check(message: Uint8Array, signature: Uint8Array): Promise<SignedBy | { readonly unchecked: string } | null>
  /** Why the key of a signature does not count now although it is listed; null: it is not listed, or it counts. */
  whyNot?(signature: Uint8Array, now: Date): string | null
}

/** What a mode that runs a program needs of the machine. `scratch`: a private directory. */
export interface SignerHost {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly scratch: string
}

/** What a verifier needs in addition. `revoked`: the path of git's own list of revoked SSH keys. */
export interface VerifierHost extends SignerHost {
  readonly revoked: string | null
}

/** A file of the signers room: `export default` one of these. */
export interface SignerKind {
  readonly kind: KeyMode
  /** Its place in the list that help shows. */
  readonly offered: number
  /** Whether the text of a key shows that it is of this mode; if not, `--mode` has to say so. */
  readonly keyTells: 'always' | 'sometimes' | 'never'
  /** The type of PEM keys of this mode, as node:crypto names it, with its curve: 'ed25519', 'ec prime256v1'; null: none. */
  readonly keyType: string | null
  /** The length of its signatures, if they have no format of their own; used only to describe unchecked signatures. */
  readonly signatureBytes: number | null
  /** True: if no key is named, git's signing key (user.signingKey) is used. */
  readonly takesGitKey: boolean
  /** Throws USAGE for a key that is not of this mode; the message says what it is. */
  signer(key: KeySource, host: SignerHost): Promise<Signer>
  /** Throws USAGE for a text that is not a key of this mode. */
  verifier(trust: TrustAnchor, host: VerifierHost): Promise<Verifier>
}
