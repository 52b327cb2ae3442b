import type { SignMode } from './policy-file.ts'

/** A mode that signs. */
export type KeyMode = Exclude<SignMode, 'none'>

/** What a verifier believes; the mode is the verifier's word, never the envelope's. `name`: for people. */
export type Trust =
  | { readonly mode: 'hmac-sha256'; readonly name: string; readonly secret: Uint8Array }
  /** `publicKey`: the 32 bytes of RFC 8032. */
  | { readonly mode: 'ed25519'; readonly name: string; readonly publicKey: Uint8Array }
  /** `allowedSigners`: the text of such a file (ssh-keygen(1), ALLOWED SIGNERS). `revoked`: path of a revocation list. */
  | { readonly mode: 'ssh'; readonly name: string; readonly allowedSigners: string; readonly revoked: string | null }

/** A key as it was found. `file`: where it lies, for programs that want a path. */
export interface KeySource {
  readonly text: string
  /** For messages: a path or the name of a variable, never the key. */
  readonly origin: string
  readonly file: string | null
}
