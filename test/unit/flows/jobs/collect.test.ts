import test from 'ava'
import { encodeResult, jobKey } from '../../../../src/engine/core/jobs/index.ts'
import type { JobAnswer, JobBatch } from '../../../../src/engine/flows/jobs/batch.ts'
import { collect } from '../../../../src/engine/flows/jobs/collect.ts'
import type { CollectTools } from '../../../../src/engine/flows/jobs/collecting.ts'
import type { VerifierPorts } from '../../../../src/engine/flows/verify/index.ts'
import { PpError } from '../../../../src/engine/model/error.ts'
import type { AskedJob, Job, JobResult } from '../../../../src/engine/model/job.ts'
import type { PatchVerdict } from '../../../../src/engine/model/patch-verdict.ts'
import type { StoredResult } from '../../../../src/engine/ports/broker.ts'

const asked = (n: number): AskedJob => {
  const job: Job = {
    ...{ v: 1, kind: 'prove', repository: 'https://example.com/p.git', base: 'a'.repeat(40) },
    ...{
      change: { patch: `diff ${n}`, by: { name: 'a', email: 'a@b', at: 0 } },
      command: { shell: 'true' },
      target: null,
      prefix: '',
      policy: null,
    },
    ...{ runs: null, mode: null, expect: null, hangAfter: null, floor: 1, apart: [], timeout: null },
    ...{ deadline: null, environment: null },
  }
  const target = { name: 'command', command: { shell: 'true' }, cwd: '' }
  return {
    id: `job ${n}`,
    line: n,
    key: jobKey(job),
    job,
    targets: [target],
    baseTree: 'b'.repeat(40),
    tree: 'c'.repeat(40),
    commit: 'd'.repeat(40),
  }
}

/** A result without a record, as a worker answers what it does not run; the name of its key is its signature. */
function said(job: AskedJob, worker: string, more: Partial<JobResult> = {}): Omit<StoredResult, 'sequence'> {
  const result: JobResult = {
    ...{ v: 1, key: job.key, asker: 'alice', ordinal: 1, worker, verdict: 'NOT_RUN', reason: 'not here', mend: null },
    ...{ session: null, base: null, commit: null, final: false, made: null, lines: null, seconds: 1, ...more },
  }
  return {
    key: job.key,
    worker,
    bytes: new TextEncoder().encode(encodeResult(result, new TextEncoder().encode(worker))),
  }
}

interface Play {
  readonly jobs: readonly AskedJob[]
  readonly confirm?: number
  readonly rechecked?: readonly string[]
  readonly here?: string | null
  /** What each call of the board brings; an error is thrown. After the last, `more` is asked for each new asking. */
  readonly brought: readonly (readonly Omit<StoredResult, 'sequence'>[] | Error)[]
  readonly more?: (key: string, ordinal: number) => Omit<StoredResult, 'sequence'> | null
}

/** Plays a batch with a board of literals; workers are trusted if their name begins with w. */
async function play({ jobs, confirm = 1, rechecked = [], here = null, brought, more = () => null }: Play) {
  const queue = [...brought]
  const answers: PatchVerdict[] = []
  const warnings: string[] = []
  const asks: string[] = []
  const kept = new Map<string, number>()
  let [sequence, now, last] = [0, 0, { dropped: 0, workers: 0 }]
  const board: CollectTools['board'] = {
    async ask({ key, ordinal }) {
      asks.push(`${jobs.find((one) => one.key === key)?.id} ${ordinal}`)
      const found = more(key, ordinal)
      if (found) queue.push([found])
      return 'queued'
    },
    newest: async () => 0,
    async results() {
      now += 2000
      const next = queue.shift() ?? []
      if (next instanceof Error) throw next
      sequence += next.length
      return next.map((one, at) => ({ ...one, sequence: sequence - next.length + at + 1 }))
    },
    cancel: async () => {},
    depth: async () => ({ waiting: 0, claimed: 0 }),
    store: async () => ({ digest: '', bytes: 1, parts: 1 }),
    has: async () => false,
    standing: async () => new Set<string>(),
  }
  const trusted = {
    check: async (_: Uint8Array, signature: Uint8Array) => {
      const name = new TextDecoder().decode(signature)
      return name.startsWith('w') ? { mode: 'ed25519' as const, key: `key of ${name}`, fingerprint: null, name } : null
    },
  }
  const tools = {
    ...{
      board,
      ports: { verifiers: [trusted] } as unknown as VerifierPorts,
      keepCommit: async () => '',
      hasCommit: async () => true,
      keepProved: async () => {},
    },
    ...{ refs: { list: async () => new Map() }, notes: { publish: async () => {} }, withdraw: async () => {} },
    keep: async (key: string, all: readonly Uint8Array[]) => void kept.set(key, all.length),
    proveHere: async () => here,
    elapsed: () => now,
    pause: async () => {},
    rules: {},
  } as unknown as CollectTools
  const batch: JobBatch = {
    head: {
      confirm,
      rechecked: [...rechecked],
      asker: 'alice',
      after: 0,
      id: 'x',
      url: '',
      what: '',
      at: '',
      workers: '',
    },
    jobs,
    askings: new Map(jobs.map(({ key }) => [key, new Set(Array.from({ length: confirm }, (_, at) => at + 1))])),
    answers: new Map<string, JobAnswer>(),
    journal: { asked: async () => {}, answered: async () => {}, withdrawn: async () => {} },
  }
  const reports = {
    answered: (all: readonly PatchVerdict[]) => void answers.push(...all),
    progress: (progress: typeof last) => {
      last = progress
    },
    warn: (text: string) => void warnings.push(text),
  }
  await collect(tools, batch, reports, new AbortController().signal)
  return {
    answers: answers.map(({ id, verdict }) => `${id}: ${verdict}`),
    reasons: answers.map(({ reason }) => reason),
    warnings,
    asks,
    last,
    kept,
  }
}

test('each job is answered once, however often its result comes, and for every line that asks for it', async (t) => {
  const [one, two] = [asked(1), asked(2)]
  const same = { ...one, id: 'job 1 again', line: 3 }
  const brought = [
    [said(one, 'w1'), said(one, 'w1'), said(one, 'w2')],
    [said(two, 'w2'), said(one, 'w1')],
  ]
  const { answers, asks } = await play({ jobs: [one, two, same], brought })
  t.deepEqual(answers, ['job 1: NOT_RUN', 'job 1 again: NOT_RUN', 'job 2: NOT_RUN'])
  t.deepEqual(asks, [])
})

test('a broker that is away is waited for', async (t) => {
  const one = asked(1)
  const { answers, warnings } = await play({
    jobs: [one],
    brought: [new PpError('BROKER_FAILED', 'away'), [said(one, 'w1')]],
  })
  t.deepEqual(answers, ['job 1: NOT_RUN'])
  t.deepEqual(warnings, ['away; trying again'])
})

test('results of nobody who is trusted change nothing', async (t) => {
  const one = asked(1)
  const forged = Array.from({ length: 5 }, () => said(one, 'stranger', { reason: 'believe me' }))
  const { answers, reasons, last } = await play({
    jobs: [one, asked(2)],
    brought: [forged, [said(one, 'w1')], [], [said(asked(2), 'w1')]],
  })
  t.deepEqual(answers, ['job 1: NOT_RUN', 'job 2: NOT_RUN'])
  t.is(reasons[0], 'not here')
  t.is(last.dropped, 5)
})

test('a trusted key that signs something wrong is not believed any more, and its jobs are asked for again', async (t) => {
  const [one, two, three] = [asked(1), asked(2), asked(3)]
  const { answers, warnings, asks } = await play({
    jobs: [one, two, three],
    brought: [[said(one, 'w1')], [said(two, 'w1', { verdict: 'PROVED' })], [said(three, 'w1')]],
    more: (key, ordinal) => said([one, two, three].find((job) => job.key === key) ?? one, 'w2', { ordinal }),
  })
  t.regex(warnings[0] ?? '', /^w1 signed a wrong result/)
  t.deepEqual(asks, ['job 1 2', 'job 2 2', 'job 3 2'])
  t.deepEqual(answers, ['job 1: NOT_RUN', 'job 1: NOT_RUN', 'job 2: NOT_RUN', 'job 3: NOT_RUN'])
})

test('a job that left the queue without a result that counts is asked for again, but not for ever', async (t) => {
  const one = asked(1)
  const found = await play({ jobs: [one], brought: [[said(one, 'stranger')]] })
  t.deepEqual(
    found.asks,
    [2, 3, 4, 5, 6, 7].map((ordinal) => `job 1 ${ordinal}`),
  )
  t.regex(found.reasons[0] ?? '', /no worker whose key is trusted gave a right answer/)
  const again = await play({
    jobs: [one],
    brought: [],
    more: (_, ordinal) => (ordinal === 3 ? said(one, 'w1', { ordinal }) : null),
  })
  t.deepEqual(again.asks, ['job 1 2', 'job 1 3'])
  t.deepEqual(again.answers, ['job 1: NOT_RUN'])
})

test('two workers have to agree, and one key does not count twice', async (t) => {
  const one = asked(1)
  const { answers, last } = await play({
    jobs: [one, asked(2)],
    confirm: 2,
    brought: [
      [said(one, 'w1'), said(one, 'w1', { ordinal: 2 })],
      [said(one, 'w2', { ordinal: 2 })],
      [said(asked(2), 'w1'), said(asked(2), 'w3', { ordinal: 2 })],
    ],
  })
  t.deepEqual(answers, ['job 1: NOT_RUN', 'job 2: NOT_RUN'])
  t.is(last.workers, 3)
})

test('a worker whose verdict is not reproduced here is not believed', async (t) => {
  const one = asked(1)
  const { answers, warnings, asks } = await play({
    jobs: [one],
    rechecked: [one.key],
    here: 'PROVED',
    brought: [[said(one, 'w1', { verdict: 'DENIED' })]],
    more: (_, ordinal) => said(one, 'w2', { ordinal }),
  })
  t.regex(warnings[0] ?? '', /w1 says DENIED, but this machine PROVED/)
  t.deepEqual(asks, ['job 1 2'])
  t.deepEqual(answers, ['job 1: NOT_RUN'])
  const same = await play({
    jobs: [one],
    rechecked: [one.key],
    here: 'DENIED',
    brought: [[said(one, 'w1', { verdict: 'DENIED' })]],
  })
  t.deepEqual([same.answers, same.warnings, same.kept.get(one.key)], [['job 1: DENIED'], [], 1])
})
