/** What a commit says of its proof. */
export interface ProofTrailer {
  readonly session: string
  readonly manifest: string
}

/** The `Patch-Proof` lines of a commit message, wherever they stand: exactly one can bind. Null for a line that says something else. */
export function readProofTrailer(message: string): readonly (ProofTrailer | null)[] {
  const lines = message.split(/\r?\n/).filter((line) => /^\s*patch-proof\s*:/i.test(line))
  return lines.map((line) => {
    const [, session, manifest] =
      /^Patch-Proof: v1 session=([0-9a-z]{26}) manifest=sha256:([0-9a-f]{64})$/.exec(line) ?? []
    return session === undefined || manifest === undefined ? null : { session, manifest }
  })
}
