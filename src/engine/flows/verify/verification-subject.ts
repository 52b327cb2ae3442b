import { mergePolicy } from '../../core/policy/index.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { rangeIn } from '../base/index.ts'
import { policyOfTree } from '../policies/index.ts'
import { carrierOf, startsSession } from '../store/index.ts'
import type { CheckedProof } from './check-proof.ts'
import type { VerificationRules, VerifierPorts } from './proof-case.ts'
import { type GatePolicy, type RequiredCommits, verifyOne, verifyRange } from './range.ts'

/** What a typed word refers to. */
export type VerificationSubject =
  | { readonly is: 'commit'; readonly commit: Oid; readonly session: string | null }
  | { readonly is: 'range'; readonly from: Oid; readonly to: Oid }

/** How to check proofs, once it is known what was asked for. */
export interface VerificationTerms {
  readonly rules: Omit<VerificationRules, 'gate'>
  readonly required: RequiredCommits
  readonly gate: GatePolicy | null
}

/** Where a trusted revision keeps its keys. */
export const TRUST_PATH = '.pp/allowed_signers'

const AUTHORS_CHOICE =
  "policy, base and command are the author's choice; add --policy-from REF to check them against yours"

/**
 * A commit, A..B, or the start of a session id; null for anything else. Throws USAGE for a range whose ends are not in this
 * repository.
 */
export async function verificationSubjectOf(ports: VerifierPorts, word: string): Promise<VerificationSubject | null> {
  const { history } = ports
  const range = rangeIn(word)
  if (range) {
    const [from, to] = [await history.resolve(range.from), await history.resolve(range.to ?? 'HEAD')]
    if (from && to) return { is: 'range', from, to }
    throw new PpError('USAGE', `there is no range ${word} in this repository; both ends must be commits that are here`)
  }
  const carrier = startsSession(word) ? await carrierOf(ports, word.toLowerCase()) : null
  if (carrier) return { is: 'commit', ...carrier }
  const commit = await history.resolve(word)
  return commit === null ? null : { is: 'commit', commit, session: null }
}

/** Checks what was asked for, each commit of a range by itself. */
export async function verifySubject(
  ports: VerifierPorts,
  subject: VerificationSubject,
  { rules, required, gate }: VerificationTerms,
): Promise<CheckedProof[]> {
  return subject.is === 'range'
    ? verifyRange(ports, rules, subject, required, gate)
    : [await verifyOne(ports, rules, subject.commit, subject.session, gate)]
}

/** The results with the cautions that every reader of the answer should see. */
export function withCautions(
  judged: readonly CheckedProof[],
  gate: GatePolicy | null,
  cautions: readonly string[],
): CheckedProof[] {
  const more = [...cautions, ...(gate ? [] : [AUTHORS_CHOICE])]
  return judged.map(({ found, bundle }) => ({ bundle, found: { ...found, cautions: [...found.cautions, ...more] } }))
}

/** The policy of a revision alone, without git config, environment and flags. Throws USAGE, POLICY_INVALID. */
export async function gatePolicyOf(
  { history, objects }: VerifierPorts,
  ref: string,
  prefix: string,
): Promise<GatePolicy> {
  const commit = await history.resolve(ref)
  if (!commit) throw new PpError('USAGE', `there is no commit ${ref} in this repository`)
  const { tree } = await objects.commit(commit)
  const policy = mergePolicy(await policyOfTree(objects, { commit, tree }, prefix), { limits: 'written' })
  if (policy.targets.length > 0) return { ref, commit, policy }
  throw new PpError(
    'USAGE',
    `${ref} has no policy with proof_targets, so no proof could pass; commit a pp.yaml with proof_targets there`,
  )
}

/** The list of keys that a trusted revision keeps; every object hashed again. Throws USAGE. */
export async function trustListOf(
  { history, objects }: Pick<VerifierPorts, 'history' | 'objects'>,
  rev: string,
): Promise<string> {
  const commit = await history.resolve(rev)
  if (!commit) throw new PpError('USAGE', `there is no commit ${rev} in this repository`)
  const entry = (await objects.list((await objects.commit(commit)).tree)).find(({ path }) => path === TRUST_PATH)
  if (!entry?.mode.startsWith('100')) throw new PpError('USAGE', `the commit ${rev} has no file ${TRUST_PATH}`)
  return new TextDecoder().decode(await objects.read(entry.oid))
}
