import type { KeyMode } from '../model/kinds.generated.ts'
import type { KeySource, TrustAnchor } from '../model/trust.ts'

/** Signs with one key. Made before anything runs; signs after every child is dead. */
export interface Signer {
  readonly mode: KeyMode
  /** Lower-case hex; a hint for those who look for the key, nothing rests on it. */
  readonly keyid: string
  /** The key as the tool of its owner names it: `SHA256:…` of ssh-keygen, else the key id. */
  readonly fingerprint: string
  /** The raw bytes that stand, as base64, in an envelope. Throws USAGE where the key does not sign. */
  sign(message: Uint8Array): Promise<Uint8Array>
}

/** Whose signature holds. */
export interface SignedBy {
  readonly mode: KeyMode
  /** The same for one key in every mode, `keyId` of core/keys or `keyIdOfSshKey`: a threshold counts keys by it. Null: a shared secret, which counts for nobody. */
  readonly key: string | null
  /** The same for people: `SHA256:…` for SSH, as ssh-keygen names it. */
  readonly fingerprint: string | null
  readonly name: string
}

/** Believes one key, or one list of signers. */
export interface Verifier {
  /** Null: not signed by any of them. `unchecked`: why this machine can tell neither. Never throws for what a signature holds. */
  check(message: Uint8Array, signature: Uint8Array): Promise<SignedBy | { readonly unchecked: string } | null>
  /** Why the key that a signature names counts for nothing now although it is listed; null: it is not, or it counts. */
  whyNot?(signature: Uint8Array, now: Date): string | null
}

/** What a mode that runs a program needs of the machine. `scratch`: a private directory. */
export interface SignerHost {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly scratch: string
}

/** What a verifier needs beside. `revoked`: path of git's own list of revoked SSH keys. */
export interface VerifierHost extends SignerHost {
  readonly revoked: string | null
}

/** A file of the signers room: `export default` one of these. */
export interface SignerKind {
  readonly kind: KeyMode
  /** Its place among those that help names. */
  readonly offered: number
  /** Whether the text of a key says that it is one of this mode: where it does not, `--mode` has to. */
  readonly keyTells: 'always' | 'sometimes' | 'never'
  /** The type of the keys in PEM that are of this mode, as node:crypto names it, with its curve: 'ed25519', 'ec prime256v1'; null: none. */
  readonly keyType: string | null
  /** How long its signatures are where they have no form of their own; only for showing what nobody checked. */
  readonly signatureBytes: number | null
  /** True: where no key is named, the one that git signs with (user.signingKey) is taken. */
  readonly takesGitKey: boolean
  /** Throws USAGE for a key that is none of this mode, saying what it is. */
  signer(key: KeySource, host: SignerHost): Promise<Signer>
  /** Throws USAGE for a text that is no key of this mode. */
  verifier(trust: TrustAnchor, host: VerifierHost): Promise<Verifier>
}
