import { environmentOf, policyOf } from '../../core/attest/index.ts'
import { checkedBundle, openCanonicalBundleLine, readBundleJson } from '../../core/bundle/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import { canonicalJson, utf8Bytes } from '../../core/bytes/index.ts'
import { parseCommit } from '../../core/gitobject/index.ts'
import type { Target } from '../../model/command.ts'
import { PpError } from '../../model/error.ts'
import type { AskedJob, JobResult } from '../../model/job.ts'
import { strengthOf } from '../../model/kinds.ts'
import type { Oid } from '../../model/oid.ts'
import type { Policy } from '../../model/policy.ts'
import { type Bundle, Repro } from '../../model/proof.ts'
import { PROVED_VERDICTS } from '../../model/verdict.ts'

/** Verdicts of a worker that ran nothing. */
const WITHOUT_RECORD: ReadonlySet<string> = new Set(['NOT_RUN', 'USAGE', 'DENIED', 'ERROR'])

/** The record of a result, which agrees with what was asked for. */
export interface CheckedRecord {
  readonly bundle: Bundle
  readonly repro: Repro
}

/**
 * Compares a result with what was asked for: base, change, command, policy, runs, sandbox. A text says what is wrong; null: nothing
 * was run, and nothing is claimed.
 */
export function checkRecord(result: JobResult, asked: AskedJob): CheckedRecord | string | null {
  const { lines, verdict, final } = result
  if (lines === null) return WITHOUT_RECORD.has(verdict) && !final ? null : `it says ${verdict} without a record`
  if (PROVED_VERDICTS.has(verdict) !== final) return `it says ${verdict}, which does not fit its commit`
  try {
    const bundle = checkedBundle(openCanonicalBundleLine(lines.bundle))
    const repro = readBundleJson(bundle, FILES.repro, Repro)
    return recordDiffers(result, asked, bundle, repro) ?? { bundle, repro }
  } catch (error) {
    if (!(error instanceof PpError)) throw error
    return `its record cannot be read: ${error.message}`
  }
}

function recordDiffers(
  result: JobResult,
  { job, targets, tree, commit }: AskedJob,
  bundle: Bundle,
  repro: Repro,
): string | null {
  const policy = policyOf(bundle)
  const { sandbox } = environmentOf(bundle)
  const blob = policy.files.find(({ commit }) => commit !== null)?.blob ?? null
  const facts: readonly (readonly [right: boolean, what: string])[] = [
    [repro.verdict === result.verdict && repro.session === result.session, 'another verdict or session'],
    [repro.kind === 'prove' && repro.base.commit === job.base && !repro.base.snapshot, 'another base'],
    [same(repro.targets, targets), 'another command'],
    [blob === job.policy, 'another policy'],
    [runsEnough(policy.verify.runs, job.runs), 'fewer runs than were asked for'],
    [strengthOf(sandbox.kind as Parameters<typeof strengthOf>[0]) >= job.floor, 'a weaker sandbox than was asked for'],
    [!result.final || repro.finalTree === tree, 'another change'],
    [!result.final || repro.proved === commit, 'another commit'],
  ]
  const wrong = facts.find(([right]) => !right)
  return wrong === undefined ? null : `its record has ${wrong[1]}`
}

function same(one: readonly Target[], other: readonly Target[]): boolean {
  return canonicalJson(one) === canonicalJson(other)
}

function runsEnough(ran: Policy['verify']['runs'], asked: AskedJob['job']['runs']): boolean {
  return typeof asked !== 'number' || (typeof ran === 'number' && ran >= asked)
}

/**
 * The text of a commit that a worker made may hold nothing but what a session writes: one parent, the base, and the tree that was
 * asked for. A text says what is wrong.
 */
export function madeCommitDiffers(
  made: string,
  oid: Oid,
  expected: { readonly base: Oid; readonly tree: Oid },
): string | null {
  const header = made.slice(0, made.indexOf('\n\n'))
  const keys = header.split('\n').map((line) => line.slice(0, line.indexOf(' ')))
  if (keys.join(' ') !== 'tree parent author committer') return 'its commit has other headers than a session writes'
  const facts = parseCommit(oid, utf8Bytes(made))
  if (facts.tree !== expected.tree) return 'its commit has another tree'
  return facts.parents.length === 1 && facts.parents[0] === expected.base ? null : 'its commit has another parent'
}
