import { randomInt } from 'node:crypto'
import { resolve } from 'node:path'
import { ulid } from '../../core/bytes/index.ts'
import { openResult, queueOf } from '../../core/jobs/index.ts'
import {
  askFor,
  type BelievedResult,
  type CollectReports,
  type CollectTools,
  checkResult,
  collect,
  type JobBatch,
  jobsByKey,
  linesFor,
} from '../../flows/jobs/index.ts'
import { findProof } from '../../flows/store/index.ts'
import { PpError } from '../../model/error.ts'
import type { AskedJob, BatchHead } from '../../model/job.ts'
import type { Caller } from '../../model/options.ts'
import { DECIDED_VERDICTS, type PatchVerdict } from '../../model/patch-verdict.ts'
import type { Broker } from '../../ports/broker.ts'
import { batches, type JobResults, jobResults } from '../../state/index.ts'
import {
  askerName,
  type BrokerSettings,
  brokerSettings,
  brokerUrl,
  clock,
  isSet,
  type OpenRepository,
  openBroker,
  withRepository,
} from '../../wiring/index.ts'
import { collectTools, journalOf } from './open-batch.ts'
import { type JobsAsked, planCommits, planPatches } from './plan.ts'

/** Whom to ask, and how sure to be. */
export interface OnOptions {
  readonly on: string
  /** The file of the workers' keys; absent: that of the settings. */
  readonly workers?: string
  readonly confirmBy: number
  /** Of the jobs, so many percent are proved here, too. */
  readonly recheck: number
  /** True: it asks, and does not wait. */
  readonly detach: boolean
  /** What was typed, for people. */
  readonly what: string
}

/** What a call came to. `batch`: the id to come back with; null: everything was known. */
export interface OnResult {
  readonly batch: string | null
  readonly verdicts: readonly PatchVerdict[]
  readonly open: number
}

/** What is to be proved by workers: a commit or a range of commits, or the patches of a file. */
export type OnWhat = { readonly change: string } | { readonly lines: AsyncIterable<string> }

/** Has workers prove each change, checks what they answer, and writes the proofs into the notes. */
export async function proveOn(
  caller: Caller,
  asked: JobsAsked,
  on: OnOptions,
  what: OnWhat,
  reports: CollectReports,
): Promise<OnResult> {
  const settings = await brokerSettings(caller)
  const url = brokerUrl(on.on, settings)
  const asker = askerName(caller, settings)
  const workers = workersFile(caller, on, settings)
  return withRepository(caller, async (openRepo) => {
    const plan =
      'change' in what
        ? await planCommits(caller, openRepo, asked, what.change)
        : await planPatches(caller, openRepo, asked, what.lines)
    if (plan.faults.length > 0) reports.answered(plan.faults)
    const broker = await openBroker(caller, url, asker, settings)
    try {
      await broker.prepare([...new Set(plan.jobs.map(({ job }) => queueOf(job)))])
      const head = {
        ...{ id: ulid(clock.now(), clock.random(10)), url, asker, what: on.what, at: clock.now().toISOString() },
        ...{ confirm: on.confirmBy, rechecked: [], after: await broker.board.newest(), workers },
      }
      const found = await proveAll(caller, openRepo, broker, { head, on }, plan.jobs, reports)
      return { ...found, verdicts: [...plan.faults, ...found.verdicts] }
    } finally {
      await broker.close()
    }
  })
}

function workersFile(caller: Caller, { workers }: OnOptions, settings: BrokerSettings): string {
  const file = workers ?? settings.workers
  if (file === null || file === undefined)
    throw new PpError(
      'USAGE',
      'results are believed only from workers that you trust: name the file with their public keys',
      {
        mend: 'add --workers FILE, or set git config --global pp.workers FILE',
      },
    )
  return file.startsWith('~/') ? resolve(caller.home, file.slice(2)) : resolve(caller.cwd, file)
}

async function proveAll(
  caller: Caller,
  openRepo: OpenRepository,
  broker: Broker,
  { head, on }: { readonly head: BatchHead; readonly on: OnOptions },
  jobs: readonly AskedJob[],
  reports: CollectReports,
): Promise<OnResult> {
  const tools = await collectTools(caller, openRepo, broker, head)
  const results = jobResults(openRepo.state)
  const known = await knownAnswers(caller, openRepo, tools, { jobs, head }, results)
  for (const one of known) reports.answered([one])
  const knownKeys = new Set(jobs.filter(({ line }) => known.some((one) => one.line === line)).map(({ key }) => key))
  const rest = jobs.filter(({ key }) => !knownKeys.has(key))
  if (rest.length === 0) return { batch: null, verdicts: known, open: 0 }
  const rechecked = chosen([...new Set(rest.map(({ key }) => key))], on.recheck)
  const begun = { ...head, rechecked }
  const file = await batches(openRepo.state).open(begun, rest)
  const journal = journalOf(file, results)
  const batch: JobBatch = { head: begun, jobs: rest, askings: new Map(), answers: new Map(), journal }
  const isOld = await askAll(broker, batch, results)
  if (on.detach) return { batch: head.id, verdicts: known, open: jobsByKey(batch).size }
  // What was asked before may have been answered before.
  const from = isOld ? { ...batch, head: { ...begun, after: 0 } } : batch
  await collect(tools, from, reports, caller.signal)
  return { batch: head.id, ...verdictsOf(batch, known) }
}

/** The verdicts of a batch so far. */
export function verdictsOf(batch: JobBatch, known: readonly PatchVerdict[]): Pick<OnResult, 'verdicts' | 'open'> {
  const verdicts = [...batch.answers].flatMap(([key, answer]) => linesFor(batch, key, answer))
  return { verdicts: [...known, ...verdicts], open: jobsByKey(batch).size - batch.answers.size }
}

/**
 * Asks for every job. Askings without an answer are asked again under their ordinals, so the broker drops those that it has. Answers
 * whether there were any.
 */
async function askAll({ board }: Broker, batch: JobBatch, results: JobResults): Promise<boolean> {
  let isOld = false
  for (const [key, job] of jobsByKey(batch)) {
    const { asked, answered } = await results.askings(key)
    const times = Math.max(asked - answered, batch.head.confirm)
    isOld ||= asked > answered
    await askFor(
      board,
      batch,
      job,
      Array.from({ length: times }, (_, at) => answered + 1 + at),
    )
  }
  return isOld
}

/** Keys that this machine proves, too: at least one, and by chance, so that no worker knows which. */
function chosen(keys: readonly string[], percent: number): string[] {
  if (percent === 0) return []
  const all = [...keys]
  const wanted = Math.max(1, Math.ceil((keys.length * percent) / 100))
  return Array.from({ length: Math.min(wanted, keys.length) }, () => all.splice(randomInt(all.length), 1)[0] ?? '')
}

/** Jobs that were answered before: each kept result is checked again, with the keys that are trusted now. */
async function knownAnswers(
  { env }: Caller,
  { proofStore }: OpenRepository,
  tools: CollectTools,
  { jobs, head }: { readonly jobs: readonly AskedJob[]; readonly head: BatchHead },
  results: JobResults,
): Promise<readonly PatchVerdict[]> {
  if (isSet(env['CI'])) return []
  const known: PatchVerdict[] = []
  for (const asked of jobsByKey({ jobs }).values()) {
    const believed: BelievedResult[] = []
    for (const bytes of await results.read(asked.key)) {
      const opened = openResult(bytes)
      if (typeof opened === 'string') continue
      const stored = { bytes, key: asked.key, worker: opened.result.worker }
      const found = await checkResult(tools, stored, asked, { asker: head.asker, ordinals: { has: () => true } })
      if (found.is === 'believed' && !believed.some(({ key }) => key === found.believed.key))
        believed.push(found.believed)
    }
    const [first] = believed
    if (first === undefined || believed.length < head.confirm || !DECIDED_VERDICTS.has(first.result.verdict)) continue
    const { verdict, reason, mend, session, base, commit, final } = first.result
    if (session !== null && (await findProof(proofStore, session).catch(() => null)) === null) continue
    const workers = believed.map(({ result }) => result.worker)
    const answer = {
      verdict,
      reason,
      mend,
      session,
      base,
      final: final ? commit : null,
      known: true,
      seconds: 0,
      workers,
    }
    known.push(...linesFor({ jobs }, asked.key, answer))
  }
  return known
}
