import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { natsBroker } from '../../src/engine/brokers/index.ts'
import { encodeJob, jobKey, openResult, queueOf, repositoryToken } from '../../src/engine/core/jobs/index.ts'
import { askFor, type CollectTools, collect, type JobAnswer, type JobBatch } from '../../src/engine/flows/jobs/index.ts'
import type { AskedJob, Job } from '../../src/engine/model/job.ts'
import { testBroker } from '../../test/helpers/broker.ts'
import { launch } from '../../test/helpers/launch.ts'
import { fixes, machines } from '../../test/helpers/machines.ts'
import { pp } from '../../test/helpers/pp.ts'
import { tempRepo } from '../../test/helpers/repo.ts'

/**
 * Jobs over a real nats-server: 10,000 jobs that do nothing, with a broker that is killed in the middle; jobs of workers that are
 * killed, and jobs that are held on a busy machine; and 200 proofs of real commits
 * on four workers, with three kills of workers, one of the broker, and one of the asking side. Status 1 if a job is lost or counted
 * twice.
 * usage: npx tsx evaluation/shown/machines.ts [--sample N]; N proofs, and 50 times as many empty jobs
 */
const { values } = parseArgs({ options: { sample: { type: 'string' } } })
const PROOFS = Number(values.sample ?? '200')
const EMPTY = PROOFS * 50
const WORKERS = 4
const PYTHON = '/usr/bin/python3'
const ends: (() => unknown)[] = []
const undoing = { teardown: (end: () => unknown) => void ends.push(end) } as Parameters<typeof testBroker>[0]

function emptyJob(n: number): AskedJob {
  const job: Job = {
    ...{ v: 1, kind: 'prove', repository: 'https://example.com/p.git', base: 'a'.repeat(40) },
    ...{
      change: { patch: `patch ${n}`, by: { name: 'a', email: 'a@b', at: 0 } },
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
    id: `${n}`,
    line: n,
    key: jobKey(job),
    job,
    targets: [target],
    baseTree: 'b'.repeat(40),
    tree: 'c'.repeat(40),
    commit: 'd'.repeat(40),
  }
}

/** The queue alone: everything but sessions, signatures and notes. */
async function empty(): Promise<boolean> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'pp-machines-')))
  ends.push(() => rm(dir, { recursive: true, force: true }))
  const broker = await testBroker(undoing, dir)
  const jobs = Array.from({ length: EMPTY }, (_, n) => emptyJob(n + 1))
  const token = repositoryToken(jobs[0]?.job.repository ?? '', null)
  const asker = await natsBroker({ url: broker.url, name: 'alice', nkey: null, creds: null, tls: null })
  await asker.prepare([token])
  const head = { asker: 'alice', after: 0, confirm: 1, rechecked: [], id: '', url: '', what: '', at: '', workers: '' }
  const journal = { asked: async () => {}, answered: async () => {}, withdrawn: async () => {} }
  const batch: JobBatch = { head, jobs, askings: new Map(), answers: new Map<string, JobAnswer>(), journal }
  const askedAt = new Map<string, number>()
  const began = performance.now()
  for (let at = 0; at < jobs.length; at += 200)
    await Promise.all(
      jobs.slice(at, at + 200).map(async (one) => {
        askedAt.set(one.key, Date.now())
        await askFor(asker.board, batch, one, [1])
      }),
    )
  const put = (performance.now() - began) / 1000
  const children: ChildProcess[] = []
  for (let n = 1; n <= WORKERS; n += 1)
    children.push(
      spawn(
        process.execPath,
        ['--import=tsx', join(import.meta.dirname, 'machines-worker.ts'), broker.url, `w${n}`, token],
        {
          stdio: 'inherit',
        },
      ),
    )
  ends.push(() => children.map((child) => child.kill('SIGKILL')))
  const waited: number[] = []
  let [answered, first, isKilled] = [0, 0, false]
  const tools = {
    board: asker.board,
    ports: { verifiers: [{ check: async () => ({ mode: 'ed25519', key: 'k', fingerprint: null, name: 'w' }) }] },
    ...{ refs: { list: async () => new Map() }, notes: { publish: async () => {} }, withdraw: async () => {} },
    async keep(key: string, [bytes]: readonly Uint8Array[]) {
      const opened = openResult(bytes ?? new Uint8Array())
      if (typeof opened !== 'string') waited.push(Number(opened.result.reason) - (askedAt.get(key) ?? 0))
    },
    ...{ elapsed: () => performance.now(), pause: (ms: number) => sleep(ms), proveHere: async () => null },
  } as unknown as CollectTools
  const reports = {
    answered(all: readonly unknown[]) {
      if (answered === 0) first = performance.now()
      answered += all.length
      if (isKilled || answered < EMPTY / 2) return
      isKilled = true
      void broker.kill().then(broker.start)
    },
    progress: () => {},
    warn: () => {},
  }
  await collect(tools, batch, reports, new AbortController().signal)
  const seconds = (performance.now() - first) / 1000
  for (const child of children) child.kill('SIGTERM')
  await asker.close()
  await broker.kill()
  waited.sort((a, b) => a - b)
  const part = (share: number) => ((waited[Math.floor(share * (waited.length - 1))] ?? 0) / 1000).toFixed(1)
  console.log(
    `${EMPTY} empty jobs on ${WORKERS} workers, the broker killed in the middle: ${answered} answered, ${EMPTY - batch.answers.size} lost, ${answered - batch.answers.size} answered twice; put into the queue at ${Math.round(EMPTY / put)} a second, done at ${Math.round(EMPTY / seconds)} a second with the outage; time in the queue p50 ${part(0.5)} s, p99 ${part(0.99)} s; load ${loadavg()[0]?.toFixed(1)}`,
  )
  return answered === EMPTY && batch.answers.size === EMPTY
}

const CLAIM_S = 15
const BURNERS = 20

/** How long a job waits after its worker was killed while another one is idle; and whether claims hold on a machine that is busy. */
async function redelivery(): Promise<boolean> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'pp-machines-')))
  ends.push(() => rm(dir, { recursive: true, force: true }))
  const broker = await testBroker(undoing, dir)
  const idle = await natsBroker({ url: broker.url, name: 'idle', nkey: null, creds: null, tls: null })
  const held = emptyJob(1)
  const token = queueOf(held.job)
  await idle.prepare([token])
  const holding = (slots: number) => {
    const args = [
      '--import=tsx',
      join(import.meta.dirname, 'machines-worker.ts'),
      broker.url,
      'holds',
      token,
      `${slots}`,
    ]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    ends.push(() => child.kill('SIGKILL'))
    return child
  }
  const heard = (child: ReturnType<typeof holding>, times: number) =>
    new Promise<void>((resolve) => {
      let all = ''
      child.stdout.on('data', (chunk: Buffer) => {
        all += chunk.toString()
        if (all.split('has it').length > times) resolve()
      })
    })
  const waits: number[] = []
  for (let time = 0; time < 4; time += 1) {
    const { key, job } = emptyJob(time + 1)
    const child = holding(1)
    await idle.board.ask({ repository: token, asker: 'alice', key, ordinal: 1 }, encodeJob(job))
    await heard(child, 1)
    await sleep(1000 * time)
    child.kill('SIGKILL')
    const killed = performance.now()
    let claimed = null
    while (claimed === null) claimed = await idle.queue.next([token], 2000)
    waits.push((performance.now() - killed) / 1000)
    await claimed.done()
  }
  const held200 = Math.min(200, EMPTY)
  const child = holding(held200)
  for (let n = 0; n < held200; n += 1) {
    const { key, job } = emptyJob(1000 + n)
    await idle.board.ask({ repository: token, asker: 'alice', key, ordinal: 1 }, encodeJob(job))
  }
  await heard(child, held200)
  const burners = Array.from({ length: BURNERS }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  )
  ends.push(() => burners.map((one) => one.kill('SIGKILL')))
  let lost = 0
  const until = performance.now() + 3000 * CLAIM_S
  while (performance.now() < until) if ((await idle.queue.next([token], 2000)) !== null) lost += 1
  const load = loadavg()[0]?.toFixed(1)
  for (const one of [...burners, child]) one.kill('SIGKILL')
  await idle.close()
  await broker.kill()
  const most = Math.max(...waits)
  console.log(
    `a job of a worker that was killed, with an idle worker beside: taken up after ${waits.map((one) => one.toFixed(1)).join(', ')} s (the claim is ${CLAIM_S} s); ${held200} jobs held for ${3 * CLAIM_S} s beside ${BURNERS} busy processes: ${lost} given to somebody else; load ${load}`,
  )
  return most <= CLAIM_S + 3 && lost === 0
}

/** Proofs of real commits by real workers, with kills. */
async function proofs(): Promise<boolean> {
  const repo = await tempRepo(undoing, { 'README.md': 'x\n' })
  const made = await fixes(repo, PROOFS)
  const { broker, worker, workers } = await machines(undoing, repo)
  const all = await Promise.all(Array.from({ length: WORKERS }, (_, n) => worker(`w${n + 1}`)))
  const began = performance.now()
  const words = ['prove', `HEAD~${PROOFS}..HEAD`, '--each', '--on', broker.url, '--runs', '1', '--recheck', '0']
  const asking = launch(undoing, repo, [...words, `${PYTHON} -m unittest -q`])
  let done = 0
  const noted = async () => {
    done = (await repo.git('for-each-ref', '--format=%(refname)', 'refs/pp'))
      .split('\n')
      .filter((one) => one !== '').length
  }
  const until = async (share: number) => {
    for (await noted(); done < share * PROOFS; await noted()) await sleep(500)
  }
  for (const [at, share] of [0.2, 0.4, 0.7].entries()) {
    await until(share)
    all[at]?.signalGroup('SIGKILL')
    await worker(`w${at + 1}`)
    if (at === 0) await broker.kill().then(broker.start)
    if (at === 1) asking.signalGroup('SIGKILL')
    if (at === 1) break
  }
  const [batch] = ((await pp(repo, ['jobs', '--json'])).json as unknown as { batches: { id: string }[] }).batches
  const watching = launch(undoing, repo, ['jobs', '--watch', batch?.id ?? ''])
  await until(0.7)
  all[2]?.signalGroup('SIGKILL')
  await worker('w3')
  await watching.ended
  const seconds = (performance.now() - began) / 1000
  await noted()
  const checked = await pp(repo, ['verify', `HEAD~${PROOFS}..HEAD`, '--trust', workers])
  console.log(
    `${PROOFS} proofs on ${WORKERS} workers in ${seconds.toFixed(0)} s, with three workers, the broker and the asking side killed: ${done} proofs, ${Math.max(0, made.length - done)} lost, ${Math.max(0, done - made.length)} twice; verify with the keys of the workers ended with ${checked.status}; load ${loadavg()[0]?.toFixed(1)}`,
  )
  return done === PROOFS && checked.status === 0
}

try {
  const isQueueRight = await empty()
  console.log('')
  const areClaimsRight = await redelivery()
  console.log('')
  const areProofsRight = await proofs()
  process.exitCode = isQueueRight && areClaimsRight && areProofsRight ? 0 : 1
} finally {
  for (const end of ends.reverse()) await end()
}
