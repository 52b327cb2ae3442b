import type { KeyMode } from './kinds.generated.ts'

/** A key, or a list of them, that a verifier believes; the mode is the verifier's word, never the envelope's. */
export interface TrustAnchor {
  readonly mode: KeyMode
  /** For people. */
  readonly name: string
  /** The key in a spelling that its mode reads; of ssh a file of allowed signers (ssh-keygen(1), ALLOWED SIGNERS). */
  readonly text: string
}

/** A key as it was found. `file`: where it lies, for programs that want a path. */
export interface KeySource {
  readonly text: string
  /** For messages: a path or the name of a variable, never the key. */
  readonly origin: string
  readonly file: string | null
}
