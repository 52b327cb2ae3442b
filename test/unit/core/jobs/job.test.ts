import test from 'ava'
import {
  deathsIn,
  encodeJob,
  encodeResult,
  endsWorkers,
  jobKey,
  jobMessageId,
  jobSubject,
  openResult,
  outcomesDiffer,
  readJob,
  readJobSubject,
  readResultSubject,
  readRunSubject,
  repositoryToken,
  resultMessage,
  resultMessageId,
  resultSubject,
  runSubject,
} from '../../../../src/engine/core/jobs/index.ts'
import type { Job, JobResult, ToldRun } from '../../../../src/engine/model/job.ts'
import type { Repro } from '../../../../src/engine/model/proof.ts'

const job: Job = {
  ...{ v: 1, kind: 'prove', repository: 'https://example.com/p.git', base: 'a'.repeat(40) },
  ...{ change: { commit: 'b'.repeat(40) }, command: { shell: 'pytest -q' }, target: null, prefix: '', policy: null },
  ...{ runs: null, mode: null, expect: null, hangAfter: null, floor: 1, apart: [], timeout: null },
  ...{ deadline: null, environment: null },
}
const address = { repository: repositoryToken(job.repository, null), asker: 'alice', key: jobKey(job), ordinal: 1 }

test('the key of a job follows from all that decides, and from nothing else', (t) => {
  const key = jobKey(job)
  for (const other of [
    { ...job, base: 'c'.repeat(40) },
    { ...job, change: { commit: 'c'.repeat(40) } },
    { ...job, change: { patch: 'diff', by: { name: 'a', email: 'a@b', at: 0 } } },
    { ...job, environment: 'image' },
    { ...job, command: { argv: ['pytest', '-q'] } },
    { ...job, target: 'unit' },
    { ...job, prefix: 'sub' },
    { ...job, policy: 'd'.repeat(40) },
    { ...job, runs: 1 },
    { ...job, floor: 2 },
    { ...job, mode: 'refactor' as const },
  ])
    t.not(jobKey(other), key)
  t.is(jobKey({ ...job, repository: 'ssh://mirror/p.git', timeout: 5, deadline: 9, apart: [1, 2] }), key)
})

test('a job is read back from its message', (t) => {
  t.deepEqual(readJob(encodeJob(job), address), job)
  t.deepEqual(readJobSubject(jobSubject(address)), address)
})

test('a job under a foreign key, in a foreign queue or of another form is refused', (t) => {
  const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  const wrong = (value: unknown) => readJob(bytes(value), address)
  t.regex(String(readJob(encodeJob(job), { ...address, key: 'e'.repeat(64) })), /key of another job/)
  t.regex(String(wrong({ ...job, repository: 'ext::sh -c id' })), /queue of another repository/)
  t.regex(String(wrong({ ...job, runs: 2 })), /key of another job/)
  t.regex(String(wrong({ ...job, v: 2 })), /cannot be read/)
  t.regex(String(wrong({ ...job, results: 'pp.results.bob' })), /cannot be read/)
  for (const prefix of ['../x', '/etc', 'a//b', 'a/./b', '.git', 'a/.GIT/hooks', 'a\\b', 'a\nb', 'GIT~1'])
    t.regex(String(wrong({ ...job, prefix })), /not a directory below the top/, prefix)
  t.regex(String(readJob(new Uint8Array(2_000_000), address)), /at most/)
  t.regex(String(readJob(new Uint8Array([0xff]), address)), /not JSON/)
})

test('a subject with more or other tokens names no job', (t) => {
  const good = jobSubject(address)
  for (const subject of [
    `${good}.x`,
    good.replace('alice', 'a*'),
    good.replace(/\.1$/, '.0'),
    'pp.jobs',
    good.slice(0, -3),
  ])
    t.is(readJobSubject(subject), null, subject)
})

test('results and runs say by their subject whose they are', (t) => {
  t.deepEqual(readResultSubject(resultSubject(address, 'w1')), { asker: 'alice', key: address.key, worker: 'w1' })
  t.is(readResultSubject(`${resultSubject(address, 'w1')}.x`), null)
  t.deepEqual(readRunSubject(runSubject(address, 'w1')), { ordinal: 1, worker: 'w1' })
})

test('message ids differ by asker, key, asking, worker and run', (t) => {
  const ids = [
    jobMessageId(address),
    jobMessageId({ ...address, ordinal: 2 }),
    jobMessageId({ ...address, asker: 'bob' }),
    resultMessageId(address, 'w1', 'r1'),
    resultMessageId(address, 'w2', 'r1'),
    resultMessageId(address, 'w1', 'r2'),
  ]
  t.is(new Set(ids).size, ids.length)
})

const result: JobResult = {
  ...{ v: 1, key: address.key, asker: 'alice', ordinal: 1, worker: 'w1', verdict: 'NOT_FIXED', reason: 'it fails' },
  ...{ mend: null, session: null, base: null, commit: null, final: false, made: null, lines: null, seconds: 1.5 },
}

test('a result is read with the bytes that its signature has to cover', (t) => {
  const opened = openResult(new TextEncoder().encode(encodeResult(result, new Uint8Array([1, 2]))))
  if (typeof opened === 'string') return t.fail(opened)
  t.deepEqual(opened.result, result)
  t.deepEqual(opened.message, resultMessage(result))
  t.deepEqual([...opened.signature], [1, 2])
})

test('what is no result is told, whatever it holds', (t) => {
  const text = encodeResult(result, new Uint8Array([1, 2]))
  const open = (value: string) => openResult(new TextEncoder().encode(value))
  t.regex(String(open('{')), /not a signed result/)
  t.regex(String(open(text.replace('job-result', 'other'))), /not a signed result/)
  t.regex(String(open(JSON.stringify({ ...JSON.parse(text), payload: `${JSON.parse(text).payload} ` }))), /canonical/)
  t.regex(String(openResult(new Uint8Array(5_000_000))), /at most/)
})

test('only runs that nobody heard of again count as ends of workers, on at least two of them', (t) => {
  const began = (run: string, worker: string, ordinal = 1): ToldRun => ({ run, worker, ordinal, is: 'began', at: 0 })
  const over = (run: string, is: 'ended' | 'given back'): ToldRun => ({ run, worker: 'w1', ordinal: 1, is, at: 0 })
  const four = [began('1', 'w1'), began('2', 'w2'), began('3', 'w1'), began('4', 'w2')]
  t.deepEqual(deathsIn(four, 1, 'own'), { count: 4, workers: ['w1', 'w2'] })
  t.true(endsWorkers(deathsIn([...four, began('own', 'w1')], 1, 'own')))
  t.false(endsWorkers(deathsIn([...four, over('3', 'given back')], 1, 'own')))
  t.false(endsWorkers(deathsIn([...four, over('1', 'ended')], 1, 'own')))
  t.false(endsWorkers(deathsIn(four, 2, 'own')))
  t.false(
    endsWorkers(
      deathsIn(
        four.map((one) => ({ ...one, worker: 'w1' })),
        1,
        'own',
      ),
    ),
  )
})

test('two records of one job are compared by what they show', (t) => {
  const tree = 'c'.repeat(40)
  const one = {
    ...{ verdict: 'PROVED', base: { commit: job.base, tree, snapshot: false }, redTree: tree, finalTree: tree },
    ...{ judges: 'base', judgesChanged: [], tests: [], flipped: ['a', 'b'] },
    reds: [{ target: 't', failing: ['a', 'b'], headline: 'x', ended: 'exited 1' }],
  } as unknown as Repro
  t.is(
    outcomesDiffer(one, { ...one, flipped: ['b', 'a'], reds: one.reds.map((red) => ({ ...red, headline: 'y' })) }),
    null,
  )
  t.is(outcomesDiffer(one, { ...one, verdict: 'NOT_FIXED' }), 'the verdict')
  t.is(outcomesDiffer(one, { ...one, flipped: ['a'] }), 'the tests that pass now')
  t.is(outcomesDiffer(one, { ...one, finalTree: 'd'.repeat(40) }), 'the tree of the change')
})
