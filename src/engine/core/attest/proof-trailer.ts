/** What a commit message says about its proof. */
export interface ProofTrailer {
  readonly session: string
  readonly manifest: string
}

/**
 * The `Patch-Proof` lines anywhere in a commit message; they bind a proof only if there is exactly one. Null for a line that
 * cannot be read.
 */
export function readProofTrailer(message: string): readonly (ProofTrailer | null)[] {
  const lines = message.split(/\r?\n/).filter((line) => /^\s*patch-proof\s*:/i.test(line))
  return lines.map((line) => {
    const [, session, manifest] =
      /^Patch-Proof: v1 session=([0-9a-z]{26}) manifest=sha256:([0-9a-f]{64})$/.exec(line) ?? []
    return session === undefined || manifest === undefined ? null : { session, manifest }
  })
}
