import { FILES } from '../../core/bundle-layout/index.ts'
import { canonicalJson, strictUtf8 } from '../../core/bytes/index.ts'
import { openResult, type UncheckedResult } from '../../core/jobs/index.ts'
import type { AskedJob, JobResult } from '../../model/job.ts'
import type { Oid } from '../../model/oid.ts'
import { indexVersion } from '../../model/proof.ts'
import { statusOfVerification } from '../../model/verification.ts'
import type { StoredResult } from '../../ports/broker.ts'
import type { NoteWrite, Refs, RefUpdate } from '../../ports/repository.ts'
import type { Verifier } from '../../ports/signer.ts'
import { notesRef, refsOf } from '../refs/index.ts'
import { type VerificationRules, type VerifierPorts, verifyBundle } from '../verify/index.ts'
import { type CheckedRecord, checkRecord, madeCommitDiffers } from './check-record.ts'

/** What results are checked with. */
export interface ResultTools {
  readonly ports: VerifierPorts
  readonly refs: Refs
  readonly rules: Omit<VerificationRules, 'gate'>
  /** Stores the text of a commit object; its id. */
  readonly keepCommit: (text: string) => Promise<Oid>
  readonly hasCommit: (oid: Oid) => Promise<boolean>
  /** Stores the commit that a patch makes, in case it was removed since it was asked for. */
  readonly keepProved: (asked: AskedJob) => Promise<void>
}

/** A result that is believed, and what has to be written for it. */
export interface BelievedResult {
  readonly result: JobResult
  readonly record: CheckedRecord | null
  /** The id of the key that signed it. */
  readonly key: string
  readonly bytes: Uint8Array
  readonly writes: readonly NoteWrite[]
  readonly updates: readonly RefUpdate[]
}

/**
 * `dropped`: nobody who is trusted said it, so it changes nothing. `wrong`: a trusted key signed something that is not what was asked
 * for; `key` loses our trust.
 */
export type ResultCheck =
  | { readonly is: 'believed'; readonly believed: BelievedResult }
  | { readonly is: 'dropped'; readonly why: string }
  | { readonly is: 'wrong'; readonly key: string; readonly worker: string; readonly why: string }

/** Checks a result of which nothing is believed. `asked`: the job under whose key it was stored. `ordinals`: its askings. */
export async function checkResult(
  tools: ResultTools,
  stored: Pick<StoredResult, 'bytes' | 'key' | 'worker'>,
  asked: AskedJob,
  terms: { readonly asker: string; readonly ordinals: Pick<ReadonlySet<number>, 'has'> },
): Promise<ResultCheck> {
  const dropped = (why: string): ResultCheck => ({ is: 'dropped', why })
  const opened = openResult(stored.bytes)
  if (typeof opened === 'string') return dropped(opened)
  const { result } = opened
  const key = await signedBy(opened, tools.ports.verifiers)
  if (key === null) return dropped('no trusted key signed it')
  // Who stores it under another name may have copied it, so this says nothing about the key.
  if (result.key !== stored.key || result.worker !== stored.worker || result.asker !== terms.asker)
    return dropped('it was signed for another job, or by another worker')
  if (!terms.ordinals.has(result.ordinal)) return dropped('it answers an asking that is over')
  const wrong = (why: string): ResultCheck => ({ is: 'wrong', key, worker: result.worker, why })
  const record = checkRecord(result, asked)
  if (typeof record === 'string') return wrong(record)
  const believed = { result, key, bytes: stored.bytes }
  if (record === null) return { is: 'believed', believed: { ...believed, record, writes: [], updates: [] } }
  const commit = await commitOf(tools, result, asked)
  if (typeof commit === 'string') return wrong(commit)
  const unproved = result.final ? await unprovedBy(tools, result, commit.oid, key) : null
  if (unproved !== null) return unproved.decided ? wrong(unproved.why) : dropped(unproved.why)
  const updates = await updatesOf(tools, result, commit)
  if (typeof updates === 'string') return wrong(updates)
  const writes = await writesOf(tools, result, record, commit.oid)
  return { is: 'believed', believed: { ...believed, record, writes, updates } }
}

/** The id of the trusted key that signed a result; null: none did, or it is a shared secret, which has no id. */
async function signedBy(
  { message, signature }: UncheckedResult,
  verifiers: readonly Verifier[],
): Promise<string | null> {
  for (const verifier of verifiers) {
    const found = await verifier.check(message, signature)
    if (found !== null && !('unchecked' in found) && found.key !== null) return found.key
  }
  return null
}

/** The commit that carries the proof: the one that was asked for; or of a session that proved nothing, its base or its record. */
async function commitOf(
  { hasCommit, keepCommit, keepProved }: ResultTools,
  { commit, made, final }: JobResult,
  asked: AskedJob,
): Promise<{ readonly oid: Oid; readonly made: boolean } | string> {
  const { job, baseTree } = asked
  if (commit === null) return 'its record has no commit'
  if (final && made !== null) return 'it made a commit, although one was to be proved'
  if (made === null) {
    if (commit !== (final ? asked.commit : job.base)) return 'its commit is not the one that was asked for'
    if (final) await keepProved(asked)
    return (await hasCommit(commit)) ? { oid: commit, made: false } : 'its commit is not here'
  }
  const differs = madeCommitDiffers(made, commit, { base: job.base, tree: baseTree })
  if (differs !== null) return differs
  const oid = await keepCommit(made)
  return oid === commit ? { oid, made: true } : 'its commit has another id'
}

/** What the ordinary verifier says against a proof; null: it holds, and the same key signed it. `decided`: it does not hold. */
async function unprovedBy(
  tools: ResultTools,
  { lines }: JobResult,
  commit: Oid,
  key: string,
): Promise<{ readonly why: string; readonly decided: boolean } | null> {
  if (lines === null) return { why: 'it has no proof', decided: true }
  const rules = { ...tools.rules, gate: null }
  const { found } = await verifyBundle(tools.ports, rules, { line: lines.bundle }, commit, lines.attestations)
  const { verdict, reason, signatures } = found
  if (statusOfVerification(found) !== 0) return { why: `${verdict}: ${reason}`, decided: verdict !== 'INCONCLUSIVE' }
  return signatures.some((one) => one.key === key) ? null : { why: 'another key signed its proof', decided: true }
}

/** The ref that keeps a commit of the session. It may be there from an earlier look at the same result. */
async function updatesOf(
  { refs }: ResultTools,
  { session, final }: JobResult,
  commit: { readonly oid: Oid; readonly made: boolean },
): Promise<readonly RefUpdate[] | string> {
  if (session === null) return []
  const names = refsOf(session)
  const ref = final ? names.final : names.record
  const known = await refs.list(`refs/pp/${session}/`)
  const there = known.get(ref)
  if (there === commit.oid || (!final && !commit.made)) return []
  return known.size === 0 ? [{ ref, to: commit.oid, from: null }] : 'its session is one that is here already'
}

async function writesOf(
  { ports }: ResultTools,
  { lines, session }: JobResult,
  { bundle, repro }: CheckedRecord,
  commit: Oid,
): Promise<readonly NoteWrite[]> {
  if (lines === null || session === null) return []
  const patch = bundle.files.get(FILES.patch)
  const index = {
    ...{ v: indexVersion(repro.verdict), session, verdict: repro.verdict, baseTree: repro.base.tree },
    ...{ finalTree: repro.finalTree, manifest: bundle.digest },
    patchId: patch ? await ports.patches.id(patch) : null,
  }
  const summary = strictUtf8(bundle.files.get(FILES.summary) ?? new Uint8Array())
  return [
    { ref: notesRef('bundles', false), commit, line: lines.bundle },
    { ref: notesRef('index', false), commit, line: canonicalJson(index) },
    ...lines.attestations.map((line) => ({ ref: notesRef('attestations', false), commit, line })),
    ...(summary === null || summary === '' ? [] : [{ ref: notesRef('summary', false), commit, text: summary }]),
  ]
}
