/** Hides secrets in the bytes of a stream. Used before anything is hashed, kept, shown or sent. */
export interface SecretRedactor {
  redact(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly hits: number }
  /** In bytes: how much two chunks have to overlap, so that the longest secret is seen as a whole. */
  readonly overlap: number
}
