/** tweetnacl's signing, loaded when a key is used and not with every command. */
export async function loadEd25519(): Promise<typeof import('./tweetnacl.ts').sign> {
  return (await import('./tweetnacl.ts')).sign
}
