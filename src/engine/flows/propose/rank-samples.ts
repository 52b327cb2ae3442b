import type { AttemptSummary } from '../../model/session.ts'
import type { PreparedAttempt } from './prepare-attempt.ts'

/**
 * In which order the samples of one request are tried. Refused ones come first, since they need no run; then those on which
 * most samples agree, and of these the smallest patch.
 */
export function rankSamples(prepared: readonly PreparedAttempt[]): readonly PreparedAttempt[] {
  const agreeing = new Map<string, number>()
  for (const one of prepared) agreeing.set(patchKey(one), (agreeing.get(patchKey(one)) ?? 0) + 1)
  const votes = (one: PreparedAttempt) => agreeing.get(patchKey(one)) ?? 0
  const tried = prepared.filter(({ ok }) => ok)
  return [
    ...prepared.filter(({ ok }) => !ok),
    ...tried.sort((a, b) => votes(b) - votes(a) || patchKey(a).length - patchKey(b).length),
  ]
}

/** Samples with the same text of the patch agree. One that repeats another is refused, and counts for it all the same. */
function patchKey(one: PreparedAttempt): string {
  const patch = one.ok ? one.attempt.patch : one.patch
  return patch === null ? '' : new TextDecoder('latin1').decode(patch)
}

/** The samples that were left when one of them was proved: they stand in commits, and no command ran on them. */
export function untriedSummaries(left: readonly PreparedAttempt[]): readonly AttemptSummary[] {
  return left.flatMap((one) => {
    if (!one.ok) return []
    const { n, commit, proposer, change } = one.attempt
    const files = change.changes.length
    const reason = 'another answer to the same request was proved first'
    return { n, commit, verdict: 'NOT_TRIED', reason, proposer, files, insertions: 0, deletions: 0, refusals: [] }
  })
}
