import type { CheckResult, ProofCase, TreeContents, VerificationRules, VerifierPorts } from './proof-case.ts'

/** One question that a verifier asks of a proof and of the files of its trees. */
export type ContentCheck = (
  it: ProofCase,
  contents: TreeContents,
  ports: VerifierPorts,
  rules: VerificationRules,
) => Promise<CheckResult>

/** All files of both trees and their differences; every object is hashed again. Throws OBJECT_MISSING, MALFORMED. */
export async function contentsOf({ repro, finalTree }: ProofCase, { objects }: VerifierPorts): Promise<TreeContents> {
  const [base, final] = [await objects.list(repro.base.tree), await objects.list(finalTree)]
  return { base, final, changes: await objects.changes(repro.base.tree, finalTree) }
}

/** A number of files in words. */
export function filesPhrase(count: number): string {
  return count === 1 ? '1 file' : `${count} files`
}
