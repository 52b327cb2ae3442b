import { looser, strangeTargets } from '../../core/attest/looser.ts'
import { runsLack } from '../../core/attest/runs.ts'
import { sectionsDiffer } from '../../core/attest/sections.ts'
import { environmentOf } from '../../core/attest/statement.ts'
import { editedTreeId, formatOf } from '../../core/attest/tree-id.ts'
import { blobsNeeded } from '../../core/guard/content.ts'
import { guard } from '../../core/guard/guard.ts'
import { judging } from '../../core/judges.ts'
import { denyCommand } from '../../core/policy/commands.ts'
import { bought, edits, split } from '../../core/split.ts'
import type { Policy } from '../../model/policy.ts'
import { type Case, type Contents, type Desk, type Finding, fails, holds, type Rules } from './case.ts'
import { recordedPolicyDiffers } from './written-policy.ts'

type ContentCheck = (it: Case, contents: Contents, desk: Desk, rules: Rules) => Promise<Finding>

/** All files of both trees and what differs, every object hashed again. Throws OBJECT_MISSING, MALFORMED. */
export async function contentsOf({ repro, finalTree }: Case, { objects }: Desk): Promise<Contents> {
  const [base, final] = [await objects.list(repro.base.tree), await objects.list(finalTree)]
  return { base, final, changes: await objects.changes(repro.base.tree, finalTree) }
}

/** Is the patch that people read the change of the trees? */
export const patchIsTheChange: ContentCheck = async (
  { bundle, repro, finalTree },
  { changes },
  { patches, objects },
) => {
  const patch = bundle.files.get('final.patch')
  if (!patch) return holds(`${files(changes.length)}; the patch is too large for the bundle: git show has it`)
  const differs = sectionsDiffer(patch, changes)
  if (differs !== null) return fails('TAMPERED', differs)
  // A file that is not here, as in a partial clone, says nothing against the patch; and git would not hash it again.
  for (const { before } of changes) if (before && before.mode !== '160000') await objects.read(before.oid)
  const applied = await patches.apply(repro.base.tree, patch)
  if (!applied.ok) return fails('TAMPERED', `the patch does not apply to the base: ${applied.reason}`)
  if (applied.tree !== finalTree) return fails('TAMPERED', 'the patch gives another tree than the proved one')
  return holds(`${files(changes.length)}, each with the path, modes and ids of the trees`)
}

/** Is the recorded policy the one of the base, or stricter? */
export const policyIsTheBases: ContentCheck = async ({ policy, repro, bundle }, { base }, { objects }) => {
  const differs = await recordedPolicyDiffers(policy, repro, base, (oid) => objects.read(oid))
  if (differs !== null) return fails('POLICY_MISMATCH', differs)
  const { sandbox, network } = environmentOf(bundle)
  const ran = {
    ...policy,
    sandbox: { ...policy.sandbox, backend: sandbox.kind === 'none' ? 'none' : policy.sandbox.backend },
  } as const
  const [open] = looser({ ...ran, network: network === 'allow' ? 'allow' : policy.network }, policy, 'all')
  if (open) return fails('POLICY_MISMATCH', `the recorded environment is laxer than its policy: ${open}`)
  const known = policy.files.flatMap(({ path, commit }) => (commit === null ? [] : [path]))
  return holds(
    known.length > 0 ? `as ${known.join(', ')} of the base says, or stricter` : 'the base has no policy of its own',
  )
}

/** Does the policy allow the command and every path of the change? */
export const policyAllows: ContentCheck = async (it, contents, desk) =>
  violation(it, contents, desk, it.policy, 'the policy')

/** The change is judged by the files of the trees, whoever wrote the record. */
async function violation(
  it: Case,
  { changes, base }: Contents,
  { objects }: Desk,
  policy: Policy,
  whose: string,
): Promise<Finding> {
  const { bundle, repro } = it
  const blobs = new Map(
    await Promise.all(blobsNeeded(changes).map(async (oid) => [oid, await objects.read(oid)] as const)),
  )
  const patchBytes = bundle.files.get('final.patch')?.length ?? 0
  const [refusal] = guard({ changes, base, blobs, policy, patchBytes })
  if (refusal) return fails('POLICY_VIOLATION', `${whose}: ${refusal.message}`)
  for (const { command } of repro.targets) {
    const denied = denyCommand(command, policy)
    if (denied) return fails('POLICY_VIOLATION', `${whose}: ${denied.message}`)
  }
  return holds(`${whose} allows ${files(changes.length)} and the command`)
}

/** Is there evidence of enough reds and greens, each of the tree that it has to be of? */
export const ranOftenEnough: ContentCheck = async (it, contents, desk, { gate }) => {
  const { bundle, repro, policy, finalTree } = it
  const patterns = [...policy.tests.patterns, ...(gate?.policy.tests.patterns ?? [])]
  const { changes, base, final } = contents
  const parts = split(changes, judging(patterns))
  const read = (oid: string) => desk.objects.read(oid)
  const format = formatOf(finalTree)
  const red = editedTreeId(base, await edits(parts.tests, 'after', read), format)
  const judges = policy.tests.allowChanges ? [] : bought(parts)
  const judged = judges.length === 0 ? null : editedTreeId(final, await edits(judges, 'before', read), format)
  const lacking = runsLack(bundle, repro, policy, { base: repro.base.tree, red, final: finalTree, judged })
  if (lacking !== null) return fails('NOT_A_PROOF', `the evidence lacks something: ${lacking}`)
  return holds(`${repro.counts.reds} red without the change, ${repro.counts.greens} green with it`)
}

/** Is it also good enough for the verifier's own policy? */
export const passesTheGate: ContentCheck = async (it, contents, desk, { gate }) => {
  if (!gate) return holds('no policy of the verifier was named')
  const { commit, repro, policy } = it
  const start = commit.parents[0] ?? ''
  if (!gate.bases.has(start))
    return fails(
      'POLICY_MISMATCH',
      `it starts from ${start.slice(0, 12) || 'nothing'}, which is neither the merge base nor proved`,
    )
  const [loose] = looser(policy, gate.policy, 'all')
  if (loose) return fails('POLICY_MISMATCH', `laxer than the policy of ${gate.ref}: ${loose}`)
  const [strange] = strangeTargets(repro.targets, gate.policy)
  if (strange) return fails('POLICY_MISMATCH', `${JSON.stringify(strange.name)} is no target of ${gate.ref}`)
  return violation(it, contents, desk, gate.policy, `the policy of ${gate.ref}`)
}

function files(count: number): string {
  return count === 1 ? '1 file' : `${count} files`
}
