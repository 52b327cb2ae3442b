/** Hides secrets in the bytes of a stream. Used before anything is hashed, kept, shown or sent. */
export interface SecretRedactor {
  redact(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly hits: number }
  /** In bytes: how much two chunks have to overlap, so that the longest secret is seen as a whole. */
  readonly overlap: number
}

/** A secret in some bytes: `value`, in any notation, of the variable `name`, or a `text` of the form `name`. */
export interface FoundSecret {
  readonly is: 'value' | 'form'
  readonly name: string
  /** As it stands there, one character for each byte; '' for a value, so that nobody repeats it. */
  readonly text: string
}

/** Finds the values that a session knows, in any notation, and what has a form that only secrets have. */
export interface SecretSearch {
  /** Without the values that are masked only after their own names. */
  find(bytes: Uint8Array): readonly FoundSecret[]
}

/** What a session knows of secrets. */
export interface SessionSecrets extends SecretRedactor, SecretSearch {}
