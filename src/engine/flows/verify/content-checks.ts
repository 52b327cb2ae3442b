import { environmentOf } from '../../core/attest/index.ts'
import { PATCH_LIMIT } from '../../core/bundle/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import {
  applyPatchSection,
  blobId,
  editedTreeId,
  formatOf,
  pathBytes,
  readSections,
  sectionsDifference,
} from '../../core/gitobject/index.ts'
import { guardChange } from '../../core/guard/index.ts'
import {
  claimedJudges,
  foundIn,
  judgeChangePermission,
  judgeClassifierOf,
  judgeClassifierWith,
  namedBy,
  textsOnTheWay,
  withClaimedJudges,
} from '../../core/judges/index.ts'
import { byteString } from '../../core/patch/index.ts'
import { INCLUDE_LIST } from '../../core/paths/index.ts'
import {
  denyCommand,
  isPolicyName,
  mergePolicy,
  nestedPoliciesPhrase,
  notAcceptedReason,
} from '../../core/policy/index.ts'
import {
  missingRuns,
  type ProofInputs,
  undeclaredInputs,
  undeclaredTargets,
  weakerRules,
} from '../../core/record/index.ts'
import {
  broughtTests,
  type ChangeSplit,
  editsToSide,
  judgesToPutBack,
  splitChangeWithPrograms,
  touchedJudges,
} from '../../core/split/index.ts'
import { trialsLine } from '../../core/trials/index.ts'

import type { Change } from '../../model/change.ts'
import { isBare } from '../../model/kinds.ts'
import type { Policy } from '../../model/policy.ts'
import { blobsOf, nestedPolicies } from '../base/index.ts'
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

type ContentCheck = (
  it: ProofCase,
  contents: TreeContents,
  ports: VerifierPorts,
  rules: VerificationRules,
) => Promise<CheckResult>

/** All files of both trees and what differs, every object hashed again. Throws OBJECT_MISSING, MALFORMED. */
export async function contentsOf({ repro, finalTree }: ProofCase, { objects }: VerifierPorts): Promise<TreeContents> {
  const [base, final] = [await objects.list(repro.base.tree), await objects.list(finalTree)]
  return { base, final, changes: await objects.changes(repro.base.tree, finalTree) }
}

/** Is the patch that people read the change of the trees? Its sections say the same paths, modes and ids, and its hunks make the blobs. */
export const patchIsTheChange: ContentCheck = async ({ bundle, repro, finalTree }, { changes }, ports) => {
  const { objects, inflate, patch: regenerate } = ports
  const patch = bundle.files.get(FILES.patch)
  if (!patch) {
    const { length } = await regenerate(repro.base.tree, finalTree)
    return length > PATCH_LIMIT
      ? checkPassed(`${files(changes.length)}; the patch is too large for the bundle, but git show prints it`)
      : checkFailed('TAMPERED', `the bundle holds no patch, although one of ${length} bytes would fit into it`)
  }
  const sections = readSections(patch)
  const differs = typeof sections === 'string' ? sections : sectionsDifference(sections, changes)
  if (differs !== null || typeof sections === 'string') return checkFailed('TAMPERED', differs ?? '')
  const byPath = new Map(sections.map((section) => [section.path, section]))
  for (const { path, before, after } of changes) {
    const section = byPath.get(byteString(pathBytes(path)))
    if (!section || isLink(before) || isLink(after)) continue
    const made = applyPatchSection(section, before ? await objects.read(before.oid) : new Uint8Array(), inflate)
    if (!made.ok)
      return checkFailed('TAMPERED', `${JSON.stringify(path)}: the patch does not apply to the base: ${made.reason}`)
    const oid = after ? blobId(made.bytes, formatOf(finalTree)) : null
    if (oid === null ? made.bytes.length > 0 : oid !== after?.oid)
      return checkFailed('TAMPERED', `${JSON.stringify(path)}: the patch makes another content than the trees have`)
  }
  return checkPassed(`${files(changes.length)}, each with the path, modes, ids and content of the trees`)
}

/** A submodule: its content is in no object here, and the guard lets none through. */
function isLink(side: Change['before']): boolean {
  return side?.mode === '160000'
}

/** Is the recorded policy the one of the base, or stricter? */
export const policyIsTheBases: ContentCheck = async ({ policy, repro, bundle }, { base }, { objects }) => {
  const differs = await recordedPolicyDiffers(policy, repro, base, (oid) => objects.read(oid))
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

/** Does the policy allow the command and every path of the change, and does it, where it says so, accept proofs of this kind? */
export const policyAllows: ContentCheck = async (it, contents, ports) => {
  const stated = (it.policy.sources['policy.verify.accept']?.from ?? 'default') !== 'default'
  const unwanted = stated ? notAcceptedReason(it.repro.verdict, it.policy) : null
  if (unwanted !== null) return checkFailed('POLICY_MISMATCH', `the policy: ${unwanted}`)
  return violation(it, contents, ports, it.policy, 'the policy')
}

/** The change is compared with the files of the trees, whoever wrote the record. */
async function violation(
  it: ProofCase,
  { changes, base }: TreeContents,
  { objects }: VerifierPorts,
  policy: Policy,
  whose: string,
): Promise<CheckResult> {
  const { bundle, repro } = it
  const blobs = await blobsOf(objects, changes)
  const patchBytes = bundle.files.get(FILES.patch)?.length ?? 0
  const nearer = await nestedPolicies(base, changes, policy.files, (oid) => objects.read(oid))
  const [refusal] = guardChange({ changes, base, blobs, policy, nearer, patchBytes })
  if (refusal) return checkFailed('POLICY_VIOLATION', `${whose}: ${refusal.message}`)
  for (const { command } of repro.targets) {
    const denied = denyCommand(command, policy)
    if (denied) return checkFailed('POLICY_VIOLATION', `${whose}: ${denied.message}`)
  }
  return checkPassed(`${whose} allows ${files(changes.length)} and the command`)
}

/** Is there evidence of enough reds and greens, each of the tree that it has to be of? */
export const ranOftenEnough: ContentCheck = async (it, contents, ports, { gate }) => {
  const { bundle, repro, policy, finalTree } = it
  const { base, final } = contents
  const parts = await partsOf(it, contents, ports, gate?.policy.tests.patterns ?? [])
  const format = formatOf(finalTree)
  const allowed = allowedOf(it, contents)
  const red = editedTreeId(base, editsToSide(broughtTests(parts, allowed), 'after'), format)
  const judges = policy.tests.allowChanges ? [] : touchedJudges(parts).filter(({ path }) => !allowed(path))
  const judged = judges.length === 0 ? null : editedTreeId(final, editsToSide(judges, 'before'), format)
  const left = judgesToPutBack(
    judges,
    repro.targets,
    final.map(({ path }) => path),
  )
  const named = left === null ? null : editedTreeId(final, editsToSide(left, 'before'), format)
  const lacking = missingRuns(bundle, repro, policy, { base: repro.base.tree, red, final: finalTree, judged, named })
  if (lacking !== null) return checkFailed('NOT_A_PROOF', `the recorded runs do not prove it: ${lacking}`)
  const open = environmentOf(bundle).network === 'allow' ? ', network open' : ''
  const { counts, trials } = repro
  const ran =
    repro.verdict === 'STABILIZED' && trials
      ? trialsLine(trials)
      : `${counts.reds} red without the change, ${counts.greens} green with it`
  return checkPassed(`${ran}${open}`)
}

/** The judges that the recorded policy lets be changed. */
function allowedOf({ policy }: ProofCase, { base }: TreeContents): (path: string) => boolean {
  const byName = judgeClassifierOf(policy.tests.patterns)
  const names = base.flatMap(({ path }) => (byName(path) === null ? [] : [path]))
  const by = judgeChangePermission(policy.tests.allow, names)
  return (path) => by(path) !== null
}

/** The change taken apart as the session had to: by names, by the command's words and what they lead to, and by what the record says beside these. */
async function partsOf(
  it: ProofCase,
  { changes, base }: TreeContents,
  ports: VerifierPorts,
  more: Policy['tests']['patterns'],
): Promise<ChangeSplit> {
  const { bundle, repro, policy } = it
  const paths = base.map(({ path }) => path)
  const byName = judgeClassifierOf([...policy.tests.patterns, ...more])
  const { targets } = repro
  const texts = await textsOnTheWay(targets, base, byName, (oid) => ports.objects.read(oid))
  const lead = { targets, paths, texts, byName }
  const found = withClaimedJudges(foundIn(namedBy(lead), byName), claimedJudges(bundle))
  const isProgram = (path: string) => found.get(path)?.judge === 'program'
  const judgeOf = judgeClassifierWith(lead, found)
  return splitChangeWithPrograms(changes, judgeOf, isProgram, (oid) => ports.objects.read(oid))
}

/** Is it also good enough for the verifier's own policy? */
export const passesTheGate: ContentCheck = async (it, contents, ports, { gate }) => {
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
  const unwanted = notAcceptedReason(repro.verdict, gate.policy)
  if (unwanted !== null) return checkFailed('POLICY_MISMATCH', `the policy of ${gate.ref}: ${unwanted}`)
  const [loose] = weakerRules(policy, gate.policy, 'all')
  if (loose) return checkFailed('POLICY_MISMATCH', `weaker than the policy of ${gate.ref}: ${loose}`)
  const [more] = undeclaredInputs(used, gate.policy)
  if (more !== undefined)
    return checkFailed('POLICY_MISMATCH', `the runs used ${more}, which the policy of ${gate.ref} does not name`)
  const { programs } = await partsOf(it, contents, ports, gate.policy.tests.patterns)
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
  return violation(it, contents, ports, gate.policy, `the policy of ${gate.ref}`)
}

const NOTHING_STATED = mergePolicy([], { limits: 'written' })

/** What a setup leaves and a list of the base matches stands in environment.json, too, and is theirs to answer for. */
function usedBy({ policy, bundle }: ProofCase, { base }: TreeContents): ProofInputs {
  const accounted = policy.worktree.setup !== null || base.some(({ path }) => path === INCLUDE_LIST)
  return { policy, beside: accounted ? [] : (environmentOf(bundle).includes ?? []).map(({ path }) => path) }
}

function files(count: number): string {
  return count === 1 ? '1 file' : `${count} files`
}
