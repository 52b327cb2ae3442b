import { mergePolicy } from '../../core/policy/index.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { policyOfTree, rangeIn } from '../base/index.ts'
import { carrierOf, startsSession } from '../store/index.ts'
import type { Desk, Rules } from './case.ts'
import type { Judged } from './judge.ts'
import { type GatePolicy, type Required, verifyOne, verifyRange } from './range.ts'

/** What a word stands for. */
export type Subject =
  | { readonly is: 'commit'; readonly commit: Oid; readonly session: string | null }
  | { readonly is: 'range'; readonly from: Oid; readonly to: Oid }

/** How proofs are to be judged, once it is known what is asked for. */
export interface Terms {
  readonly rules: Omit<Rules, 'gate'>
  readonly required: Required
  readonly gate: GatePolicy | null
}

/** Where a trusted revision keeps its keys. */
export const TRUST_PATH = '.pp/allowed_signers'

const AUTHORS_CHOICE =
  "policy, base and command are the author's choice; add --policy-from REF to check them against yours"

/** A commit, A..B, or the start of a session id; null for none of these. Throws USAGE for a range whose ends are not here. */
export async function subjectOf(desk: Desk, word: string): Promise<Subject | null> {
  const { history } = desk
  const range = rangeIn(word)
  if (range) {
    const [from, to] = [await history.resolve(range.from), await history.resolve(range.to ?? 'HEAD')]
    if (from && to) return { is: 'range', from, to }
    throw new PpError('USAGE', `there is no range ${word} in this repository; both ends must be commits that are here`)
  }
  const carrier = startsSession(word) ? await carrierOf(desk, word.toLowerCase()) : null
  if (carrier) return { is: 'commit', ...carrier }
  const commit = await history.resolve(word)
  return commit === null ? null : { is: 'commit', commit, session: null }
}

/** Judges what was asked for, each commit of a range by itself. */
export async function verifySubject(desk: Desk, subject: Subject, { rules, required, gate }: Terms): Promise<Judged[]> {
  return subject.is === 'range'
    ? verifyRange(desk, rules, subject, required, gate)
    : [await verifyOne(desk, rules, subject.commit, subject.session, gate)]
}

/** The same with what everybody who reads the answer should know. */
export function cautioned(judged: readonly Judged[], gate: GatePolicy | null, cautions: readonly string[]): Judged[] {
  const more = [...cautions, ...(gate ? [] : [AUTHORS_CHOICE])]
  return judged.map(({ found, bundle }) => ({ bundle, found: { ...found, cautions: [...found.cautions, ...more] } }))
}

/** The policy of a revision, and nothing else: no git config, no environment, no flags. Throws USAGE, POLICY_INVALID. */
export async function gateOf({ history, objects }: Desk, ref: string, prefix: string): Promise<GatePolicy> {
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
  { history, objects }: Pick<Desk, 'history' | 'objects'>,
  rev: string,
): Promise<string> {
  const commit = await history.resolve(rev)
  if (!commit) throw new PpError('USAGE', `there is no commit ${rev} in this repository`)
  const entry = (await objects.list((await objects.commit(commit)).tree)).find(({ path }) => path === TRUST_PATH)
  if (!entry?.mode.startsWith('100')) throw new PpError('USAGE', `the commit ${rev} has no file ${TRUST_PATH}`)
  return new TextDecoder().decode(await objects.read(entry.oid))
}
