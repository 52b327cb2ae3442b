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
