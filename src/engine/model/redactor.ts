/** Takes what a stream gave and hides secrets in it; runs before anything is hashed, kept, shown or sent. */
export interface SecretRedactor {
  redact(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly hits: number }
  /** The longest secret that must be seen whole, in bytes: how much two chunks have to overlap. */
  readonly overlap: number
}
