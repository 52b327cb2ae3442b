import type { KeyMode } from './kinds.generated.ts'

/** A key, or a list of keys, that a verifier trusts; the verifier chooses the mode, never the envelope. */
export interface TrustAnchor {
  readonly mode: KeyMode
  /** The name for people. */
  readonly name: string
  /** The key in a spelling that its mode reads; of ssh a file of allowed signers (ssh-keygen(1), ALLOWED SIGNERS). */
  readonly text: string
}

/** A key as it was found. `file`: its path, for programs that need one. */
export interface KeySource {
  readonly text: string
  /** For messages: a path or the name of a variable, never the key. */
  readonly origin: string
  readonly file: string | null
}

/** Where a key is. `line`: a public key itself, whose private half an agent has. */
export type KeyPlace = { readonly file: string } | { readonly variable: string } | { readonly line: string }

/** What has to be known to sign, and is no secret. `scratch`: a private directory. */
export interface SigningRequest {
  readonly mode: KeyMode
  readonly place: KeyPlace
  readonly scratch: string
}

/** The word with which this program signs once and ends. */
export const SIGN_ONCE = 'sign-once'

/** What the process that signs once is told, as JSON on its stdin. `message`: as base64; null: it only opens the key. */
export interface SignOnceRequest extends SigningRequest {
  readonly message: string | null
}

/** What it answers, as JSON on its stdout. `signature`: as base64. */
export type SignOnceAnswer =
  | { readonly keyid: string; readonly fingerprint: string; readonly signature: string | null }
  | { readonly refused: string; readonly mend: string | null }
