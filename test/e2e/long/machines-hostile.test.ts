import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { connect } from '@nats-io/transport-node'
import type { ExecutionContext } from 'ava'
import { natsBroker } from '../../../src/engine/brokers/index.ts'
import {
  encodeJob,
  encodeResult,
  jobKey,
  openResult,
  queueOf,
  repositoryToken,
  resultMessage,
} from '../../../src/engine/core/jobs/index.ts'
import type { Job, JobResult } from '../../../src/engine/model/job.ts'
import type { Broker } from '../../../src/engine/ports/broker.ts'
import { findSigner } from '../../../src/engine/signers/index.ts'
import { launch } from '../../helpers/launch.ts'
import { fixes, machines } from '../../helpers/machines.ts'
import { needing, PYTHON } from '../../helpers/needs.ts'
import { pp } from '../../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'

const serving = needing('/usr/sbin/nats-server')
const UNITTEST = `${PYTHON} -m unittest -q`
const answersOf = (text: string) =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { verdict: string; workers: string[] }]))

async function oneFix(t: ExecutionContext) {
  const repo = await tempRepo(t, { 'README.md': 'x\n' })
  const [commit = ''] = await fixes(repo, 1)
  const found = await machines(t, repo)
  const open = async (name: string): Promise<Broker> => {
    const broker = await natsBroker({ url: found.broker.url, name, nkey: null, creds: null, tls: null })
    t.teardown(() => broker.close())
    return broker
  }
  return { repo, commit, open, ...found }
}

async function signer(repo: TestRepo, name: string) {
  const file = join(dirname(repo.dir), name, 'key')
  const kind = findSigner('ed25519')
  return kind?.signer({ text: await readFile(file, 'utf8'), origin: file, file }, { env: {}, scratch: '/nowhere' })
}

const words = (url: string) => ['prove', 'HEAD', '--on', url, '--runs', '1', '--recheck', '0']

serving('results that are forged, of another job, too large or of nobody who is trusted change nothing', async (t) => {
  const { repo, open, broker, worker } = await oneFix(t)
  // Their keys have to exist, and one of them is not trusted.
  for (const [name, trusted] of [
    ['w1', true],
    ['w2', true],
    ['stranger', false],
  ] as const) {
    const one = await worker(name, { trusted })
    one.signalGroup('SIGTERM')
    await one.ended
  }
  const asking = launch(t, repo, [...words(broker.url), UNITTEST])
  const hostile = await open('hostile')
  let claimed = null
  for (let tries = 0; claimed === null && tries < 20; tries += 1)
    claimed = await hostile.queue.next([repositoryToken(await repo.git('config', 'pp.jobRepository'), null)], 2000)
  t.truthy(claimed)
  const { key, asker, ordinal } = claimed?.address ?? { key: '', asker: '', ordinal: 1 }
  const result = (worker: string, more: Partial<JobResult> = {}): JobResult => ({
    ...{ v: 1, key, asker, ordinal, worker, verdict: 'NOT_RUN', reason: 'I say so', mend: null, session: null },
    ...{ base: null, commit: null, final: false, made: null, lines: null, seconds: 1, ...more },
  })
  const connection = await connect({ servers: [broker.url] })
  t.teardown(() => connection.close())
  const { deflateRawSync } = await import('node:zlib')
  const send = async (worker: string, text: string, under = key) => {
    await connection.request(`pp.results.${asker}.${under}.${worker}`, deflateRawSync(text))
  }
  const [w1, w2, stranger] = [await signer(repo, 'w1'), await signer(repo, 'w2'), await signer(repo, 'stranger')]
  const signed = async (one: typeof w1, of: JobResult) =>
    encodeResult(of, (await one?.sign(resultMessage(of))) ?? new Uint8Array())
  const right = await signed(w1, result('w1'))
  await send('w1', 'nonsense')
  await send('w1', right.replace('I say so', 'I lie here'))
  await send('w2', right)
  await send('w1', await signed(w1, result('w1', { key: 'f'.repeat(64) })))
  await send('stranger', await signed(stranger, result('stranger')))
  await send('w2', await signed(w2, result('w2', { ordinal: 7 })))
  await send('w2', await signed(w2, result('w2', { asker: 'bob' })))
  // It grows to 64 MiB where it is read.
  await send('w2', ' '.repeat(64 * 1024 * 1024))
  await claimed?.giveBack(0)
  await worker('w1')
  const ended = await asking.ended
  t.log(ended.stderr)
  t.like(answersOf(ended.stdout), [{ verdict: 'PROVED', workers: ['w1'] }])
  t.notRegex(ended.stderr, /wrong result/)
})

serving('a trusted key that signs what was not asked for is not believed any more', async (t) => {
  const { repo, open, broker, worker } = await oneFix(t)
  for (const name of ['liar', 'w1']) {
    const one = await worker(name)
    one.signalGroup('SIGTERM')
    await one.ended
  }
  const asking = launch(t, repo, [...words(broker.url), UNITTEST])
  const hostile = await open('liar')
  let claimed = null
  for (let tries = 0; claimed === null && tries < 20; tries += 1)
    claimed = await hostile.queue.next([repositoryToken(await repo.git('config', 'pp.jobRepository'), null)], 2000)
  const { key = '', asker = '', ordinal = 1 } = claimed?.address ?? {}
  const lie: JobResult = {
    ...{ v: 1, key, asker, ordinal, worker: 'liar', verdict: 'PROVED', reason: 'believe me', mend: null },
    ...{ session: null, base: null, commit: null, final: true, made: null, lines: null, seconds: 1 },
  }
  const liar = await signer(repo, 'liar')
  const signature = (await liar?.sign(resultMessage(lie))) ?? new Uint8Array()
  await hostile.queue.answer(claimed?.address ?? never(), 'r', new TextEncoder().encode(encodeResult(lie, signature)))
  await claimed?.done()
  await worker('w1')
  const ended = await asking.ended
  t.like(answersOf(ended.stdout), [{ verdict: 'PROVED', workers: ['w1'] }])
  t.regex(
    ended.stderr,
    /liar signed a wrong result, and nothing of its key is believed any more: it says PROVED without/,
  )
})

function never(): never {
  throw new Error('no job was there')
}

serving('jobs that want more than a worker lists are refused, and nothing of them is run', async (t) => {
  const { repo, commit, open, worker, repository } = await oneFix(t)
  const root = dirname(repo.dir)
  const proof = join(root, 'it-ran')
  await writeFile(join(root, 'only.yaml'), `policy:\n  allowed_commands: ["${UNITTEST}"]\n`)
  const list = `  - url: ${repository}\n    askers: [alice]\n    policy: ${join(root, 'only.yaml')}\n`
  const one = await worker('w1', { list })
  const alice = await open('alice')
  await alice.prepare([repositoryToken(repository, null)])
  const base = await repo.git('rev-parse', `${commit}^`)
  const job: Job = {
    ...{ v: 1, kind: 'prove', repository, environment: null, base, change: { commit }, command: { shell: UNITTEST } },
    ...{ target: null, prefix: '', policy: null, runs: 1, mode: null, expect: null, hangAfter: null, floor: 1 },
    ...{ apart: [], timeout: null, deadline: null },
  }
  const unreachable = await repo.git('commit-tree', '-p', base, '-m', 'hidden', `${commit}^{tree}`)
  const queue = queueOf(job)
  let ordinal = 0
  /** What the worker says to a message, whatever it holds; `as`: what the subject says. */
  const answerTo = async (sent: unknown, as: { key?: string; asker?: string } = {}) => {
    ordinal += 1
    const text = sent as Job
    const key = as.key ?? jobKey(text)
    const asker = as.asker ?? 'alice'
    const after = await alice.board.newest()
    await alice.board.ask({ repository: queue, asker, key, ordinal }, encodeJob(text))
    for (let tries = 0; tries < 30; tries += 1) {
      const [stored] = await alice.board.results(asker, after, 1, 2000)
      const opened = stored === undefined ? null : openResult(stored.bytes)
      if (opened !== null && typeof opened !== 'string') return opened.result
    }
    return null
  }
  const refused = async (what: string, sent: unknown, why: RegExp, as: { key?: string; asker?: string } = {}) => {
    const result = await answerTo(sent, as)
    t.true(result?.verdict === 'NOT_RUN' || result?.verdict === 'USAGE', `${what}: ${result?.verdict}`)
    t.regex(result?.reason ?? '', why, what)
    t.is(result?.lines ?? null, null, what)
  }
  const evil = `touch ${proof}`
  await refused('another command', { ...job, command: { shell: evil } }, /allow/)
  await refused('a program as url', { ...job, repository: `ext::sh -c ${evil}` }, /queue of another repository/)
  await refused('a file as url', { ...job, repository: `file://${repo.dir}` }, /queue of another repository/)
  for (const prefix of ['../..', '/etc', 'a/../../b', '.git', 'a/.GIT/hooks', 'git~1', 'a\\b', 'a//b'])
    await refused(`prefix ${prefix}`, { ...job, prefix }, /not a directory below|cannot be read/)
  await refused('an option as base', { ...job, base: '--upload-pack=x' }, /cannot be read/)
  await refused('a commit that was not fetched', { ...job, change: { commit: unreachable } }, /no ref .* contains/)
  await refused('a key of another job', job, /key of another job/, { key: 'e'.repeat(64) })
  await refused('somebody who is not listed', job, /does nothing in .* for mallory/, { asker: 'mallory' })
  await refused('another policy', { ...job, policy: 'a'.repeat(40) }, /policy of the base is not the one/)
  await refused('a stronger sandbox', { ...job, floor: 99 }, /weaker than the job asks for/)
  await refused('a field that nobody knows', { ...job, env: { X: 'y' } }, /cannot be read/)
  const by = { name: 'a', email: 'a@b', at: 0 }
  const hook = `diff --git a/.git/hooks/post-checkout b/.git/hooks/post-checkout\nnew file mode 100755\n--- /dev/null\n+++ b/.git/hooks/post-checkout\n@@ -0,0 +1 @@\n+${evil}\n`
  await refused('a patch into .git', { ...job, change: { patch: hook, by } }, /does not apply/)
  const out = hook.replaceAll('.git/hooks/post-checkout', '../../out')
  await refused('a patch out of the tree', { ...job, change: { patch: out, by } }, /does not apply/)
  await refused(
    'an author with a line',
    { ...job, change: { patch: hook, by: { ...by, name: 'a\nparent x' } } },
    /cannot be read/,
  )
  // The same worker still does what it may.
  t.like(await answerTo(job), { verdict: 'PROVED', worker: 'w1' })
  await t.throwsAsync(readFile(proof), { code: 'ENOENT' })
  t.false(one.over())
})

const HOSTILE_URLS = [
  ...['ext::sh -c id', 'file:///etc', '/etc', 'git://example.com/x', 'https://user:secret@example.com/x'],
  ...['https://user@example.com/x', 'ssh://u:secret@example.com/x', 'ssh://-oProxyCommand=id/x', 'https:///x'],
]

serving('a worker does not start with a list that names programs, files or secrets as URLs', async (t) => {
  const { repo, broker } = await oneFix(t)
  const root = dirname(repo.dir)
  await pp(repo, ['keygen', join(root, 'key')])
  for (const url of HOSTILE_URLS) {
    await writeFile(join(root, 'list.yaml'), JSON.stringify({ repositories: [{ url, askers: ['alice'] }] }))
    const list = ['--repositories', join(root, 'list.yaml'), '--key', join(root, 'key')]
    const ran = await pp(repo, ['worker', '--on', broker.url, ...list])
    t.is(ran.status, 2, url)
    t.regex(ran.stderr, /a repository is an https:/, url)
  }
})
