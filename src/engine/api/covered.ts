import { notCoveredReason, notPullRequestReason } from '../core/covered/index.ts'
import { takeSnapshot } from '../flows/base/index.ts'
import { reproOf } from '../flows/store/index.ts'
import { type CheckedProof, type GatePolicy, gatePolicyOf } from '../flows/verify/index.ts'
import type { Target } from '../model/command.ts'
import type { CoveredOptions, CoveredResult } from '../model/covered.ts'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { Caller } from '../model/options.ts'
import { statusOfVerification } from '../model/verification.ts'
import { changeSource, type OpenRepository, readGatePolicy, withRepository } from '../wiring/index.ts'
import { deskOf, verifyAll } from './verify.ts'

/**
 * Whether a proof says as much as a job of CI on a pull request that would run the same command on the checked out tree. Runs
 * nothing. Throws USAGE if `base` is no commit with targets and a list of trusted keys.
 */
export function covered(caller: Caller, options: CoveredOptions): Promise<CoveredResult> {
  return withRepository(caller, async (openRepo) => {
    const noPull = notPullRequestReason(caller.env)
    if (noPull !== null) return notCovered(noPull)
    const { repository } = openRepo
    const gate = await gatePolicyOf(deskOf(openRepo, []), options.base, repository.place.prefix)
    const { tree: baseTree } = await repository.history.commit(gate.commit)
    const { rules } = await readGatePolicy(repository, { commit: gate.commit, tree: baseTree }, () => false)
    if (rules.coveredBy.length === 0) return notCovered(`policy.gate.covered_by of ${options.base} names nobody`)
    const tested = await testedTree(openRepo)
    if ('reason' in tested) return notCovered(tested.reason)
    let reason = 'no commit of the change has the tree that this job tests: bring the branch up to date with its base'
    for (const commit of tested.commits) {
      const proof = await provedChange(caller, openRepo, gate, commit, options)
      const job = {
        ...{ tree: tested.tree, targets: wantedTargets(gate, options.command, repository.place.prefix) },
        ...{ policy: gate.policy, signers: rules.coveredBy },
        machine: { os: process.platform, arch: process.arch, node: process.versions.node },
      }
      const lacking = 'reason' in proof ? proof.reason : notCoveredReason(job, proof)
      if (lacking === null && !('reason' in proof)) return coveredBy(proof.found)
      reason = `${commit.slice(0, 12)}: ${lacking}`
    }
    return notCovered(reason)
  })
}

function notCovered(reason: string): CoveredResult {
  return { covered: false, reason, session: null, commit: null }
}

function coveredBy({ session, commit, signatures }: CheckedProof['found']): CoveredResult {
  const by = signatures.map(({ name }) => name).join(', ')
  const reason = `covered by the proof ${session} of ${commit?.slice(0, 12)}, which ${by} signed`
  return { covered: true, reason, session, commit }
}

/**
 * The checked out tree, and the commits of the change that have it: HEAD, or the parents of a merge that brings the branch
 * together with its base.
 */
async function testedTree(
  openRepo: OpenRepository,
): Promise<{ readonly tree: Oid; readonly commits: readonly Oid[] } | { readonly reason: string }> {
  const { history } = openRepo.repository
  const { commit: head, tree, dirty } = await takeSnapshot(changeSource(openRepo))
  if (dirty) return { reason: 'the checkout has changes that are not committed' }
  const { parents } = await history.commit(head)
  const candidates = parents.length > 1 ? parents : [head]
  const trees = await Promise.all(candidates.map(async (one) => (await history.commit(one)).tree))
  return { tree, commits: candidates.filter((_, at) => trees[at] === tree) }
}

/** What a job runs: what was named, else every target of the base. */
function wantedTargets({ policy }: GatePolicy, command: string | null, cwd: string): readonly Target[] {
  return command === null ? policy.targets : [{ name: 'command', command: { shell: command }, cwd }]
}

type CoveringProof = Parameters<typeof notCoveredReason>[1]

/** The proof of the last commit of the change; every commit of the change has to be proved. */
async function provedChange(
  caller: Caller,
  openRepo: OpenRepository,
  gate: GatePolicy,
  commit: Oid,
  { maxAgeMs }: CoveredOptions,
): Promise<CoveringProof | { readonly reason: string }> {
  const all = await verifyAll(caller, openRepo, {
    ...{ proofs: [`${gate.commit}..${commit}`], key: [], trust: [], trustFrom: gate.commit, policyFrom: gate.commit },
    ...{ threshold: 1, allowUnsigned: false, allowWeak: false, exact: true, require: 'all', maxAgeMs },
  }).catch((error: unknown) => {
    if (error instanceof PpError && error.code === 'NO_PROOF') return []
    throw error
  })
  const wrong = all.find(({ found }) => statusOfVerification(found) !== 0)
  if (wrong) return { reason: `${wrong.found.verdict}: ${wrong.found.reason}` }
  const last = all.find(({ found }) => found.commit === commit)
  if (!last?.bundle) return { reason: 'it is already in the base' }
  return { found: last.found, bundle: last.bundle, repro: reproOf(last.bundle) }
}
