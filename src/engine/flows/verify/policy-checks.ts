import { environmentOf } from '../../core/attest/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import { tooFewExecuted } from '../../core/executed/index.ts'
import { guardChange } from '../../core/guard/index.ts'
import { INCLUDE_LIST } from '../../core/paths/index.ts'
import {
  denyCommand,
  isPolicyName,
  mergePolicy,
  nestedPoliciesPhrase,
  notAcceptedReason,
} from '../../core/policy/index.ts'
import { type ProofInputs, undeclaredInputs, undeclaredTargets, weakerRules } from '../../core/record/index.ts'

import { isBare } from '../../model/kinds.ts'
import type { Policy } from '../../model/policy.ts'
import type { Repro } from '../../model/proof.ts'
import { blobsOf } from '../base/index.ts'
import { nestedPolicies } from '../policies/index.ts'
import { changePartsOf, uncountedJudges } from './change-parts.ts'
import { type ContentCheck, filesPhrase } from './content-check.ts'
import {
  type CheckResult,
  checkFailed,
  checkPassed,
  type ProofCase,
  type TreeContents,
  type VerificationRules,
  type VerifierPorts,
} from './proof-case.ts'
import { recordedPolicyDiffers } from './written-policy.ts'

/** Is the recorded policy the one of the base, or stricter? */
export const policyIsTheBases: ContentCheck = async ({ policy, repro, bundle }, { base }, ports) => {
  const differs = await recordedPolicyDiffers(policy, repro, base, ports)
  if (differs !== null) return checkFailed('POLICY_MISMATCH', differs)
  const { sandbox, network } = environmentOf(bundle)
  const ran = {
    ...policy,
    sandbox: { ...policy.sandbox, backend: isBare(sandbox.kind) ? 'none' : policy.sandbox.backend },
  } as const
  const [open] = weakerRules({ ...ran, network: network === 'allow' ? 'allow' : policy.network }, policy, 'all')
  if (open)
    return checkFailed('POLICY_MISMATCH', `the commands ran under weaker rules than the recorded policy: ${open}`)
  if (policy.network === 'deny' && !isBare(sandbox.kind) && sandbox.enforces['network'] !== true)
    return checkFailed(
      'POLICY_MISMATCH',
      `the policy closes the network, but the sandbox ${sandbox.kind} did not close it`,
    )
  const known = policy.files.flatMap(({ path, commit }) => (commit === null ? [] : [path]))
  if (known.length > 0) return checkPassed(`as ${known.join(', ')} of the base says, or stricter`)
  const below = base.map(({ path }) => path).filter(isPolicyName)
  return checkPassed(
    below.length === 0
      ? 'the base has no policy of its own'
      : `no policy of the base applies where the command ran; ${nestedPoliciesPhrase(below)}`,
  )
}

/**
 * Does the policy allow the command and every path of the change, and, if it says which proofs it accepts, does it accept
 * this one?
 */
export const policyAllows: ContentCheck = async (it, contents, ports) => {
  const stated = (it.policy.sources['policy.verify.accept']?.from ?? 'default') !== 'default'
  const unwanted = stated ? notAcceptedReason(it.repro.verdict, it.policy) : null
  if (unwanted !== null) return checkFailed('POLICY_MISMATCH', `the policy: ${unwanted}`)
  return violation(it, contents, ports, { policy: it.policy, files: contents.base, whose: 'the policy' })
}

/** `files`: those of the tree that the policy, also that of directories, is read from. `whose`: its name in answers. */
interface JudgingPolicy {
  readonly policy: Policy
  readonly files: TreeContents['base']
  readonly whose: string
}

/** Compares the change with the files of the trees, so it does not rely on what the record says. */
async function violation(
  it: ProofCase,
  { changes, base }: TreeContents,
  { objects, policies }: VerifierPorts,
  { policy, files, whose }: JudgingPolicy,
): Promise<CheckResult> {
  const { bundle, repro } = it
  const blobs = await blobsOf(objects, changes)
  const patchBytes = bundle.files.get(FILES.patch)?.length ?? 0
  const nearer = await nestedPolicies(files, changes, policy.files, objects.read, policies)
  const [refusal] = guardChange({ changes, base, blobs, policy, nearer, patchBytes })
  if (refusal) return checkFailed('POLICY_VIOLATION', `${whose}: ${refusal.message}`)
  for (const { command } of repro.targets) {
    const denied = denyCommand(command, policy)
    if (denied) return checkFailed('POLICY_VIOLATION', `${whose}: ${denied.message}`)
  }
  return checkPassed(`${whose} allows ${filesPhrase(changes.length)} and the command`)
}

/** Whether the verifier accepts a change without a red: by the policy of the gate, or, where that states nothing, by what was typed. */
export function isAccepted(
  { verdict }: Pick<Repro, 'verdict'>,
  { gate, acceptRefactor = false }: Pick<VerificationRules, 'gate' | 'acceptRefactor'>,
): boolean {
  if (verdict !== 'PRESERVED') return false
  const stated = gate !== null && (gate.policy.sources['policy.verify.accept']?.from ?? 'default') !== 'default'
  return (!stated && acceptRefactor) || (gate !== null && notAcceptedReason(verdict, gate.policy) === null)
}

/** Does the proof also satisfy the verifier's own policy? */
export const passesTheGate: ContentCheck = async (it, contents, ports, rules) => {
  const { gate } = rules
  const used = usedBy(it, contents)
  if (!gate)
    return checkPassed(
      ['you named no policy to check against', ...undeclaredInputs(used, NOTHING_STATED)].join('; the runs used '),
    )
  const { commit, repro, policy } = it
  const start = commit.parents[0] ?? ''
  if (!gate.bases.has(start))
    return checkFailed(
      'POLICY_MISMATCH',
      `the change starts from ${start.slice(0, 12) || 'nothing'}, which is neither the merge base nor a proved commit`,
    )
  const unwanted = isAccepted(repro, rules) ? null : notAcceptedReason(repro.verdict, gate.policy)
  if (unwanted !== null) return checkFailed('POLICY_MISMATCH', `the policy of ${gate.ref}: ${unwanted}`)
  const [loose] = weakerRules(policy, gate.policy, 'all')
  if (loose) return checkFailed('POLICY_MISMATCH', `weaker than the policy of ${gate.ref}: ${loose}`)
  const few = repro.executed ? tooFewExecuted(repro.executed, gate.policy.verify.minExecuted ?? null) : null
  if (few !== null) return checkFailed('POLICY_MISMATCH', `the policy of ${gate.ref}: ${few}`)
  const [more] = undeclaredInputs(used, gate.policy)
  if (more !== undefined)
    return checkFailed('POLICY_MISMATCH', `the runs used ${more}, which the policy of ${gate.ref} does not name`)
  if (gate.policy.tests.observed === 'deny' && (repro.observed !== true || repro.needs !== undefined))
    return checkFailed(
      'POLICY_MISMATCH',
      repro.needs === undefined
        ? 'it was not observed which files the command reads'
        : `the change needs changes in data or fixtures that the command reads: ${repro.needs.join(', ')}`,
    )
  const { programs } = await changePartsOf(it, contents, ports, gate.policy.tests.patterns)
  if (programs.length > 0)
    return checkFailed(
      'POLICY_MISMATCH',
      `${programs[0]} is both the command and the program under test, so nothing outside of it decided`,
    )
  const [strange] = undeclaredTargets(repro.targets, gate.policy)
  if (strange)
    return checkFailed(
      'POLICY_MISMATCH',
      `the target ${JSON.stringify(strange.name)} is not one of the policy of ${gate.ref}`,
    )
  const { tree } = await ports.objects.commit(gate.commit)
  const files = await ports.objects.list(tree)
  const [lost] = await uncountedJudges(it, contents, ports, { files, patterns: gate.policy.tests.patterns })
  if (lost)
    return checkFailed(
      'POLICY_MISMATCH',
      `${lost.path} decides in ${gate.ref} (${lost.why}), but the proof does not count it among the judges; prove the change again with --policy-from ${gate.ref}`,
    )
  return violation(it, contents, ports, { policy: gate.policy, files, whose: `the policy of ${gate.ref}` })
}

const NOTHING_STATED = mergePolicy([], { limits: 'written' })

/**
 * environment.json also lists what a setup made and what a list of the base names. In these cases the setup or the list
 * accounts for it, so it is not counted as an undeclared input.
 */
function usedBy({ policy, bundle }: ProofCase, { base }: TreeContents): ProofInputs {
  const accounted = policy.worktree.setup !== null || base.some(({ path }) => path === INCLUDE_LIST)
  return { policy, beside: accounted ? [] : (environmentOf(bundle).includes ?? []).map(({ path }) => path) }
}
