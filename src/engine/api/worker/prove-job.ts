import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { encodeBundleLine } from '../../core/bundle/index.ts'
import { patchCommit, queueOf } from '../../core/jobs/index.ts'
import { attestationsOf } from '../../flows/attest/index.ts'
import { type JobOutcome, refusal } from '../../flows/jobs/index.ts'
import { policyOfTree } from '../../flows/policies/index.ts'
import type { SealedSession } from '../../flows/session/index.ts'
import type { ServedClone } from '../../git/index.ts'
import { PpError } from '../../model/error.ts'
import type { Job } from '../../model/job.ts'
import { strengthOf } from '../../model/kinds.ts'
import type { Oid } from '../../model/oid.ts'
import type { Caller, ProveOptions } from '../../model/options.ts'
import type { SessionResult } from '../../model/session.ts'
import type { Signer } from '../../ports/signer.ts'
import { withReader, withRepository } from '../../wiring/index.ts'
import { proveForOthers } from '../prove.ts'
import { commitsOf, type Served } from './served.ts'

/** Faults that the job decides; all others are of this machine, and somebody else may have more luck. */
const OF_THE_JOB: ReadonlySet<string> = new Set([
  ...['USAGE', 'POLICY_INVALID', 'NOT_ALLOWED', 'SECRET_FOUND', 'OBJECT_MISSING', 'TREE_TOO_LARGE', 'SETUP_FAILED'],
  ...['UNSUPPORTED_REPOSITORY', 'MALFORMED', 'NEWER_FORMAT'],
])

/** Who proves: the worker as a caller, with its policy file for the repository, and the signer that was opened before. */
export interface JobProver {
  readonly caller: Caller
  /** By the token of their queues. */
  readonly served: ReadonlyMap<string, Served>
  readonly signer: Signer
  /** Absolute; relative policy files of the list are looked for here. */
  readonly listDir: string
}

/** Proves what a job asks for, or says why not. Throws faults of this machine, and INTERRUPTED. */
export async function proveJob(by: JobProver, job: Job, asker: string, signal: AbortSignal): Promise<JobOutcome> {
  const served = by.served.get(queueOf(job))
  if (served === undefined) return refusal(`this worker does not serve ${JSON.stringify(job.repository)}`)
  if (!served.repository.askers.includes(asker))
    return refusal(`this worker does nothing in ${job.repository} for ${asker}`)
  try {
    await served.have(commitsOf(job))
    return await served.within((clone) => proveIn(by, served, clone, job, signal))
  } catch (error) {
    if (!(error instanceof PpError) || !OF_THE_JOB.has(error.code)) throw error
    return {
      ...refusal(error.message),
      verdict: error.code === 'USAGE' ? 'USAGE' : 'NOT_RUN',
      mend: error.mend ?? null,
    }
  }
}

async function proveIn(
  by: JobProver,
  { repository }: Served,
  clone: ServedClone,
  job: Job,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const cwd = join(clone.dir, job.prefix)
  await mkdir(cwd, { recursive: true })
  const caller = { ...by.caller, cwd, signal }
  const differs = await policyDiffers(caller, job)
  if (differs !== null) return refusal(differs)
  const proved = await provedCommit(caller, job)
  let record: SealedSession | null = null
  const result = await proveForOthers(
    caller,
    optionsOf(job, proved, repository.policy && resolve(by.listDir, repository.policy)),
    {
      grants: repository.allow,
      signer: by.signer,
      sealed: (sealed) => {
        record = sealed
      },
    },
  )
  if (result.verdict === 'INTERRUPTED') throw new PpError('INTERRUPTED', result.reason)
  return outcomeOf(caller, clone, { job, proved }, result, record)
}

/** Whether the policy file of the base is the one that the job was made for. */
async function policyDiffers(caller: Caller, job: Job): Promise<string | null> {
  return withReader({ ...caller, confined: true }, async ({ repository }) => {
    const { tree } = await repository.rehashed.commit(job.base)
    const [layer] = await policyOfTree(repository.rehashed, { commit: job.base, tree }, job.prefix)
    const blob = layer?.file?.blob ?? null
    return blob === job.policy ? null : 'the policy of the base is not the one that the job was made for'
  })
}

/** The commit that is proved; that of a patch is made here. Throws USAGE for a patch that does not apply. */
function provedCommit(caller: Caller, job: Job): Promise<Oid> {
  const { base, change } = job
  if ('commit' in change) return Promise.resolve(change.commit)
  return withRepository({ ...caller, confined: true }, async ({ repository }) => {
    const { tree } = await repository.history.commit(base)
    const applied = await repository.patches.apply(tree, new TextEncoder().encode(change.patch))
    if (!applied.ok) throw new PpError('USAGE', `the patch does not apply: ${applied.reason}`)
    return repository.keepCommit(patchCommit(job, change.by, applied.tree))
  })
}

function optionsOf(job: Job, proved: Oid, policyFile: string | undefined): ProveOptions {
  const { command } = job
  const said = {
    ...(job.target === null ? {} : { target: job.target }),
    ...(job.runs === null ? {} : { runs: job.runs }),
    ...(job.mode === null ? {} : { mode: job.mode }),
    ...(job.expect === null ? {} : { expect: job.expect }),
    ...(job.hangAfter === null ? {} : { hangAfter: job.hangAfter }),
    ...(job.timeout === null ? {} : { timeout: job.timeout }),
    ...(policyFile === undefined ? {} : { policyFile }),
  }
  const shell = command !== null && 'shell' in command ? [command.shell] : []
  return {
    ...said,
    ...{ include: [], env: [], keepWorktrees: false, each: false, jobs: 1 },
    ...{ words: [proved, ...shell], argv: command !== null && 'argv' in command ? command.argv : null, patch: null },
  }
}

async function outcomeOf(
  caller: Caller,
  clone: ServedClone,
  { job, proved }: { readonly job: Job; readonly proved: Oid },
  result: SessionResult,
  record: SealedSession | null,
): Promise<JobOutcome> {
  const { verdict, reason, mend, session, sandbox } = result
  if (strengthOf(sandbox as Parameters<typeof strengthOf>[0]) < job.floor)
    return refusal(`the sandbox ${sandbox} of this worker is weaker than the job asks for`)
  if (result.base !== job.base) return refusal('the change does not start at the base that the job names')
  const said = { verdict, reason, mend, session, base: result.base, final: result.final !== null }
  if (record === null) return { ...said, commit: null, made: null, lines: null }
  const { commit, bundle } = record as SealedSession
  const attestations = await withReader(caller, ({ repository, refs }) =>
    attestationsOf({ notes: repository.notes, refs }, commit, session),
  )
  const made = [job.base, proved].includes(commit) ? null : await clone.commitText(commit)
  return { ...said, commit, made, lines: { bundle: encodeBundleLine(bundle), attestations } }
}
