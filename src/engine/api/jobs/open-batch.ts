import { setTimeout as sleep } from 'node:timers/promises'
import { patchCommit } from '../../core/jobs/index.ts'
import { forgetFlow } from '../../flows/exchange/index.ts'
import type { CollectTools, JobBatch } from '../../flows/jobs/index.ts'
import { PpError } from '../../model/error.ts'
import type { AskedJob, BatchHead } from '../../model/job.ts'
import { isBare } from '../../model/kinds.ts'
import type { Caller, ProveOptions } from '../../model/options.ts'
import { DECIDED_VERDICTS } from '../../model/patch-verdict.ts'
import type { Broker } from '../../ports/broker.ts'
import { type BatchFile, type JobResults, jobResults } from '../../state/index.ts'
import { clock, type OpenRepository, openTrust } from '../../wiring/index.ts'
import { prove } from '../prove.ts'
import { silent } from '../silent.ts'
import { deskOf } from '../verify.ts'

/** The tools for the results of a batch: whom it trusts, and where its proofs go. Throws USAGE. */
export async function collectTools(
  caller: Caller,
  openRepo: OpenRepository,
  { board }: Broker,
  head: BatchHead,
): Promise<CollectTools> {
  const { repository, refs, proofStore, state } = openRepo
  const trust = await openTrust(caller, openRepo, { key: [], trust: [head.workers] })
  const kept = jobResults(state)
  return {
    ports: deskOf(openRepo, trust.verifiers),
    refs,
    rules: {
      ...{ now: clock.now(), trust: { threshold: 1, allowUnsigned: false }, exact: true, maxAgeMs: null },
      // The options of the batch say what is wanted, and a record that differs from them is refused before.
      ...{ allowWeak: true, acceptRefactor: true },
    },
    keepCommit: (text) => repository.keepCommit(text),
    async keepProved({ job, tree }) {
      if ('patch' in job.change) await repository.keepCommit(patchCommit(job, job.change.by, tree))
    },
    hasCommit: async (oid) => (await repository.history.resolve(oid)) === oid,
    board,
    notes: repository.notes,
    keep: (key, results) => kept.keep(key, results),
    proveHere: (asked) => proveHere(caller, asked),
    async withdraw(session) {
      const tools = { proofStore, remote: null, confirm: async () => {}, pause: (n: number) => sleep(50 * n) }
      await forgetFlow(tools, session).catch((error: unknown) => {
        if (!(error instanceof PpError && error.code === 'NO_PROOF')) throw error
      })
    },
    elapsed: clock.elapsed,
    pause: (ms) => sleep(ms),
  }
}

/** The verdict of this machine for a job; null: it cannot decide it. */
async function proveHere(caller: Caller, { job }: AskedJob): Promise<string | null> {
  const { change, command } = job
  const shell = command !== null && 'shell' in command ? [command.shell] : []
  const options: ProveOptions = {
    ...{ include: [], env: [], keepWorktrees: false, each: false, jobs: 1 },
    ...(job.target === null ? {} : { target: job.target }),
    ...(job.runs === null ? {} : { runs: job.runs }),
    ...(job.mode === null ? {} : { mode: job.mode }),
    ...(job.expect === null ? {} : { expect: job.expect }),
    ...(job.hangAfter === null ? {} : { hangAfter: job.hangAfter }),
    words: 'commit' in change ? [change.commit, ...shell] : shell,
    argv: command !== null && 'argv' in command ? command.argv : null,
    ...('commit' in change ? { patch: null } : { patch: new TextEncoder().encode(change.patch), base: job.base }),
  }
  try {
    const [result] = await prove(caller, options, silent)
    if (result === undefined || isBare(result.sandbox)) return null
    return DECIDED_VERDICTS.has(result.verdict) ? result.verdict : null
  } catch (error) {
    if (error instanceof PpError && !caller.signal.aborted) return null
    throw error
  }
}

/** The journal of a batch, which also remembers the askings of each key for later batches. */
export function journalOf(file: BatchFile, results: JobResults): JobBatch['journal'] {
  return {
    async asked(key, ordinal) {
      await results.asked(key, ordinal)
      await file.asked(key, ordinal)
    },
    async answered(key, answer) {
      await file.answered(key, answer)
      await results.answered(key)
    },
    withdrawn: file.withdrawn,
  }
}
