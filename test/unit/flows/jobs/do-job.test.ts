import test from 'ava'
import { encodeJob, jobKey, openResult, repositoryToken } from '../../../../src/engine/core/jobs/index.ts'
import { doJob, type JobOutcome, type WorkerTools } from '../../../../src/engine/flows/jobs/do-job.ts'
import { work } from '../../../../src/engine/flows/jobs/work.ts'
import { PpError } from '../../../../src/engine/model/error.ts'
import type { Job, JobResult, JobRun, ToldRun } from '../../../../src/engine/model/job.ts'
import type { ClaimedJob } from '../../../../src/engine/ports/broker.ts'

const job: Job = {
  ...{ v: 1, kind: 'prove', repository: 'https://example.com/p.git', base: 'a'.repeat(40) },
  ...{ change: { commit: 'b'.repeat(40) }, command: { shell: 'true' }, target: null, prefix: '', policy: null },
  ...{ runs: null, mode: null, expect: null, hangAfter: null, floor: 1, apart: [], timeout: null },
  ...{ deadline: null, environment: null },
}
const right: JobOutcome = {
  ...{ verdict: 'NOT_FIXED', reason: 'it fails', mend: null, session: '01jd0000000000000000000000', base: job.base },
  ...{ commit: null, final: false, made: null, lines: null },
}

interface Setting {
  readonly job?: Job
  readonly ordinal?: number
  readonly deliveries?: number
  readonly told?: readonly ToldRun[]
  readonly cancelled?: boolean
  readonly prove?: WorkerTools['prove']
  readonly answer?: (bytes: Uint8Array, times: number) => void
}

/** One claimed job, and everything that the worker did about it. */
function claim(setting: Setting = {}) {
  const asked = setting.job ?? job
  const address = {
    ...{ repository: repositoryToken(asked.repository, null), asker: 'alice', key: jobKey(asked) },
    ordinal: setting.ordinal ?? 1,
  }
  const did: string[] = []
  const results: JobResult[] = []
  const runs: JobRun[] = []
  let answers = 0
  const claimed: ClaimedJob = {
    ...{ address, bytes: encodeJob(asked), deliveries: setting.deliveries ?? 1, queuedAt: 0 },
    done: async () => void did.push('done'),
    giveBack: async (afterMs) => void did.push(`back after ${afterMs}`),
  }
  const tools: WorkerTools = {
    queue: {
      next: async () => null,
      tell: async (_, run) => void runs.push(run),
      told: async () => setting.told ?? [],
      async answer(_, __, bytes) {
        answers += 1
        setting.answer?.(bytes, answers)
        const opened = openResult(bytes)
        if (typeof opened !== 'string') results.push(opened.result)
        did.push('answered')
      },
      load: async () => null,
      isCancelled: async () => setting.cancelled ?? false,
    },
    name: 'w1',
    signer: { mode: 'ed25519', keyid: 'k', fingerprint: 'k', sign: async () => new Uint8Array([1]) },
    clock: { now: () => new Date(0), elapsed: () => 0, random: (n) => new Uint8Array(n) },
    runId: () => 'own',
    prove: setting.prove ?? (async () => right),
    pause: (_, until) => (until ? new Promise(() => {}) : Promise.resolve()),
  }
  return { claimed, tools, did, results, runs }
}

const never = new AbortController().signal
const began = (run: string, worker: string, ordinal = 1): ToldRun => ({ run, worker, ordinal, is: 'began', at: 0 })

test('a result is stored before the job leaves the queue, and it names what the broker said', async (t) => {
  const { claimed, tools, did, results, runs } = claim()
  t.is(await doJob(tools, claimed, never), 'answered')
  t.deepEqual(did, ['answered', 'done'])
  t.deepEqual(runs, [
    { run: 'own', is: 'began' },
    { run: 'own', is: 'ended' },
  ])
  const [result] = results
  t.like(result, { key: claimed.address.key, asker: 'alice', ordinal: 1, worker: 'w1', verdict: 'NOT_FIXED' })
})

test('a result is sent until the broker has it', async (t) => {
  const broken = claim({
    answer(_, times) {
      if (times < 3) throw new PpError('BROKER_FAILED', 'away')
    },
  })
  t.is(await doJob(broken.tools, broken.claimed, never), 'answered')
  t.deepEqual(broken.did, ['answered', 'done'])
})

test('a job of another form is refused with its reason, and never run', async (t) => {
  const { claimed, tools, results, runs } = claim({ prove: () => Promise.reject(new Error('it ran')) })
  const bytes = new TextEncoder().encode('{"v":1}')
  t.is(await doJob(tools, { ...claimed, bytes }, never), 'refused')
  t.like(results[0], { verdict: 'NOT_RUN' })
  t.regex(results[0]?.reason ?? '', /cannot be read/)
  t.deepEqual(
    runs.filter(({ is }) => is === 'began'),
    [],
  )
})

test('a job that ended four workers on two machines is not run; one that was given back is', async (t) => {
  const told = [began('1', 'w1'), began('2', 'w2'), began('3', 'w2'), began('4', 'w3')]
  const poison = claim({ deliveries: 2, told, prove: () => Promise.reject(new Error('it ran')) })
  t.is(await doJob(poison.tools, poison.claimed, never), 'refused')
  t.regex(poison.results[0]?.reason ?? '', /ended 4 workers \(w1, w2, w3\)/)
  const back = claim({ deliveries: 2, told: [...told.slice(1), { ...began('2', 'w2'), is: 'given back' }] })
  t.is(await doJob(back.tools, back.claimed, never), 'answered')
  const retried = claim({ deliveries: 2, told, ordinal: 2 })
  t.is(await doJob(retried.tools, retried.claimed, never), 'answered')
})

test('a worker on which a job died twice says so when nobody else takes it up', async (t) => {
  const told = [began('1', 'w1'), began('2', 'w1'), began('3', 'w2')]
  const waits = claim({ deliveries: 62, told })
  t.is(await doJob(waits.tools, waits.claimed, never), 'given back')
  const alone = claim({ deliveries: 63, told })
  t.is(await doJob(alone.tools, alone.claimed, never), 'refused')
  t.regex(alone.results[0]?.reason ?? '', /ended 3 workers \(w1, w2\), and for 10 minutes no other worker took it up/)
})

test('a deadline is counted by the clock of the broker, and bounds the session', async (t) => {
  const timeouts: (number | null)[] = []
  const prove: WorkerTools['prove'] = async ({ timeout }) => {
    timeouts.push(timeout)
    return right
  }
  const told = [{ ...began('own', 'w1'), at: 7000 }]
  const soon = claim({ job: { ...job, deadline: 10 }, told, prove })
  t.is(await doJob(soon.tools, soon.claimed, never), 'answered')
  const bounded = claim({ job: { ...job, deadline: 10, timeout: 2 }, told, prove })
  t.is(await doJob(bounded.tools, bounded.claimed, never), 'answered')
  t.deepEqual(timeouts, [3, 2])
  const late = claim({ job: { ...job, deadline: 7 }, told, prove: () => Promise.reject(new Error('it ran')) })
  t.is(await doJob(late.tools, late.claimed, never), 'refused')
  t.regex(late.results[0]?.reason ?? '', /deadline of 7 s/)
})

test('a worker on which a job died twice leaves it to others', async (t) => {
  const told = [began('1', 'w1'), began('2', 'w1')]
  const { claimed, tools, did } = claim({ deliveries: 2, told })
  t.is(await doJob(tools, claimed, never), 'given back')
  t.deepEqual(did, ['back after 10000'])
})

test('an asking that has to be for another worker is given back by the one that had the other', async (t) => {
  const apart = { ...job, apart: [1, 2] }
  const same = claim({ job: apart, ordinal: 2, told: [began('1', 'w1'), { ...began('1', 'w1'), is: 'ended' }] })
  t.is(await doJob(same.tools, same.claimed, never), 'given back')
  const other = claim({ job: apart, ordinal: 2, told: [began('1', 'w2')] })
  t.is(await doJob(other.tools, other.claimed, never), 'answered')
  const unfinished = claim({
    job: apart,
    ordinal: 2,
    told: [began('1', 'w1'), { ...began('1', 'w1'), is: 'given back' }],
  })
  t.is(await doJob(unfinished.tools, unfinished.claimed, never), 'answered')
})

test('a cancelled job leaves the queue without a result', async (t) => {
  const { claimed, tools, did, results } = claim({ cancelled: true })
  t.is(await doJob(tools, claimed, never), 'cancelled')
  t.deepEqual([did, results], [['done'], []])
})

test('a job under way is given back at once if the worker has to end', async (t) => {
  const stop = new AbortController()
  const prove: WorkerTools['prove'] = async () => {
    stop.abort()
    throw new PpError('INTERRUPTED', 'interrupted')
  }
  const { claimed, tools, did, runs } = claim({ prove })
  t.is(await doJob(tools, claimed, stop.signal), 'given back')
  t.deepEqual(did, ['back after 0'])
  t.deepEqual(runs.at(-1), { run: 'own', is: 'given back' })
})

test('a fault of the machine gives the job to others, and is the result only after four of them', async (t) => {
  const prove = () => Promise.reject(new PpError('DISK_FAILED', 'the disk is full'))
  const first = claim({ prove })
  await t.throwsAsync(doJob(first.tools, first.claimed, never), { message: 'the disk is full' })
  t.deepEqual(first.did, ['back after 10000'])
  t.deepEqual(first.runs.at(-1), { run: 'own', is: 'failed' })
  const failed = (run: string): ToldRun => ({ ...began(run, 'w2'), is: 'failed' })
  const told = ['1', '2', '3'].flatMap((run) => [began(run, 'w2'), failed(run)])
  const last = claim({ prove, deliveries: 2, told })
  await t.throwsAsync(doJob(last.tools, last.claimed, never))
  t.deepEqual(last.did, ['answered', 'done'])
  t.regex(last.results[0]?.reason ?? '', /4 times a worker could not run it: the disk is full/)
})

test('a worker goes on after a fault of the broker, takes nothing new once it drains, and counts what it did', async (t) => {
  const drain = new AbortController()
  const { claimed, tools } = claim()
  let asked = 0
  const next = async () => {
    asked += 1
    if (asked === 1) throw new PpError('BROKER_FAILED', 'away')
    if (asked === 3) drain.abort()
    return claimed
  }
  const said: string[] = []
  const terms = { repositories: ['x'], slots: 1, drain: drain.signal, stop: never }
  const ends = await work({ ...tools, queue: { ...tools.queue, next } }, terms, (event) => void said.push(event.is))
  t.deepEqual(ends, { answered: 1, refused: 0, 'given back': 1, cancelled: 0 })
  t.deepEqual(said, ['fault', 'began', 'ended'])
})
