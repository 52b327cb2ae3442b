import { readProofTrailer } from '../../core/attest/index.ts'
import type { CommitFacts } from '../../model/commit.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { Policy } from '../../model/policy.ts'
import { statusOfVerification } from '../../model/verification.ts'
import type { CheckedProof } from './check-proof.ts'
import type { VerificationRules, VerifierPorts } from './proof-case.ts'
import { verifyCommit } from './verify.ts'

/** Which commits of a range need a proof: every commit, or those that announce one. */
export type RequiredCommits = 'all' | 'trailer'

/** The policy that the verifier brings, and the commit that it was read from. */
export interface GatePolicy {
  readonly ref: string
  readonly policy: Policy
  readonly commit: Oid
}

/**
 * Verifies every commit of `from..to`, parents first. With a gate a change may start from the merge base or from a commit
 * that was proved before it; if only announced proofs are required, also from a commit that announces none.
 */
export async function verifyRange(
  ports: VerifierPorts,
  rules: Omit<VerificationRules, 'gate'>,
  { from, to }: { readonly from: Oid; readonly to: Oid },
  required: RequiredCommits,
  gate: GatePolicy | null,
): Promise<CheckedProof[]> {
  const bases = new Set(gate ? await startsOf(ports, gate.commit, from, to) : [])
  const results: CheckedProof[] = []
  for (const commit of await parentsFirst(ports, await ports.history.range(from, to))) {
    if (required === 'trailer' && readProofTrailer(commit.message).length === 0) {
      bases.add(commit.oid)
      continue
    }
    const result = await verifyCommit(ports, { ...rules, gate: gate && { ...gate, bases } }, commit.oid, null)
    if (statusOfVerification(result.found) === 0) bases.add(commit.oid)
    results.push(result)
  }
  return results
}

/** Verifies one commit against the gate: its change has to start where its history branches off from the gate's commit. */
export async function verifyOne(
  ports: VerifierPorts,
  rules: Omit<VerificationRules, 'gate'>,
  commit: Oid,
  session: string | null,
  gate: GatePolicy | null,
): Promise<CheckedProof> {
  const bases = new Set(gate ? await startsOf(ports, gate.commit, commit, commit) : [])
  return verifyCommit(ports, { ...rules, gate: gate && { ...gate, bases } }, commit, session)
}

/**
 * Where a change may start under a gate: where its history branches off from the gate's commit, and where the range starts,
 * if the gate's history contains that commit.
 */
async function startsOf({ history }: VerifierPorts, gate: Oid, from: Oid, to: Oid): Promise<Oid[]> {
  const [left, start] = [await history.mergeBase(gate, to), await history.mergeBase(from, to)]
  const known = start !== null && start !== to && (await history.mergeBase(gate, start)) === start
  return [...(left === null ? [] : [left]), ...(known ? [start] : [])]
}

/** Commit dates can be wrong, because authors choose them; so the order of `rev-list` is not enough. */
async function parentsFirst(ports: VerifierPorts, oids: readonly Oid[]): Promise<CommitFacts[]> {
  const waiting = new Map<Oid, CommitFacts>()
  for (const oid of oids) waiting.set(oid, await ports.objects.commit(oid))
  const ordered: CommitFacts[] = []
  const take = (start: CommitFacts) => {
    const stack = [start]
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const parent = top.parents.map((oid) => waiting.get(oid)).find((one) => one && !stack.includes(one))
      if (parent) stack.push(parent)
      else {
        stack.pop()
        if (waiting.delete(top.oid)) ordered.push(top)
      }
    }
  }
  for (const commit of [...waiting.values()]) if (waiting.has(commit.oid)) take(commit)
  if (ordered.length !== oids.length)
    throw new PpError('INTERNAL', 'the commits of the range could not be put in order')
  return ordered
}
