import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect, nkeys } from '@nats-io/transport-node'
import type { ExecutionContext } from 'ava'
import { openssl } from '../../helpers/authority.ts'
import { launch } from '../../helpers/launch.ts'
import { fixes, machines } from '../../helpers/machines.ts'
import { needing, PYTHON } from '../../helpers/needs.ts'
import { pp } from '../../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'

const serving = needing('/usr/sbin/nats-server')
const UNITTEST = `${PYTHON} -m unittest -q`

interface Line {
  readonly id: string
  readonly verdict: string
  readonly reason: string
  readonly workers: readonly string[]
}

const verdicts = (text: string) =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

const words = (url: string, ...more: string[]) => ['prove', 'HEAD', '--on', url, '--runs', '1', ...more, UNITTEST]
const noRecheck = ['--recheck', '0']

async function proofs(repo: TestRepo): Promise<number> {
  return ((await pp(repo, ['log', '--json'])).json as unknown as { proofs: unknown[] }).proofs.length
}

/** One fix; `slow`: its tests take so many seconds. */
async function oneFix(t: ExecutionContext, slow = 0) {
  const test = `import time\nimport unittest\n\n\nclass T(unittest.TestCase):\n    def test_slow(self):\n        time.sleep(${slow})\n`
  const repo = await tempRepo(t, { 'README.md': 'x\n', ...(slow > 0 ? { 'test_slow.py': test } : {}) })
  await fixes(repo, 1)
  return { repo, ...(await machines(t, repo)) }
}

serving('a job that ends its workers is not run any more, until it is asked for again', async (t) => {
  const { repo, broker, worker } = await oneFix(t, 2)
  // Keys are read when the asking side begins.
  const known = await worker('w3')
  known.signalGroup('SIGTERM')
  await known.ended
  const first = await worker('w1')
  const asking = launch(t, repo, words(broker.url, ...noRecheck))
  await first.said('job ')
  await sleep(1000)
  first.signalGroup('SIGKILL')
  for (const name of ['w1', 'w2', 'w2']) {
    const next = await worker(name)
    await next.said('job ')
    // It tells the broker that it begins after it says so here.
    await sleep(1000)
    next.signalGroup('SIGKILL')
  }
  const last = await worker('w3')
  const [ended] = verdicts((await asking.ended).stdout)
  t.is(ended?.verdict, 'NOT_RUN')
  t.regex(ended?.reason ?? '', /ended 4 workers \(w1, w2\)/)
  t.is(await proofs(repo), 0)
  // The same call asks again, since nothing was decided; `jobs --retry` asks again for one batch.
  const [batch] = ((await pp(repo, ['jobs', '--json'])).json as unknown as { batches: { id: string }[] }).batches
  const retried = await pp(repo, ['jobs', '--retry', batch?.id ?? ''])
  t.like(verdicts(retried.stdout)[0], { verdict: 'PROVED', workers: ['w3'] })
  t.false(last.over())
})

/** A fix whose test fails on machines that have a variable, which the policy of the base and the list of the worker name. */
async function fixOnSomeMachines(t: ExecutionContext) {
  const repo = await tempRepo(t, {
    'pp.yaml': 'policy:\n  env: {allow: [ODD_MACHINE]}\n',
    'm.py': 'def f():\n    return 0\n',
    'test_m.py':
      'import os\nimport unittest\nimport m\n\n\nclass T(unittest.TestCase):\n    def test_f(self):\n        self.assertEqual(m.f(), 1 + int(os.environ.get("ODD_MACHINE", "0")))\n',
  })
  await repo.commit('fix', { 'm.py': 'def f():\n    return 1\n' })
  const found = await machines(t, repo)
  const list = `  - url: ${found.repository}\n    askers: [alice]\n    allow: {env: [ODD_MACHINE]}\n`
  return { repo, ...found, right: { list }, odd: { list, env: { ODD_MACHINE: '5' } } }
}

serving('two workers that disagree are told, with what they disagree about', async (t) => {
  const { repo, broker, worker, right, odd } = await fixOnSomeMachines(t)
  await worker('w1', right)
  await worker('odd', odd)
  const asked = await pp(repo, words(broker.url, ...noRecheck, '--confirm-by', '2'))
  t.log(asked.stderr)
  const [one] = verdicts(asked.stdout)
  t.is(one?.verdict, 'INCONCLUSIVE')
  t.regex(one?.reason ?? '', /^(?:w1 and odd|odd and w1) disagree about the verdict$/)
  t.is(asked.status, 6)
})

serving('two workers that agree are told, and neither is asked twice', async (t) => {
  const { repo, broker, worker, workers, right } = await fixOnSomeMachines(t)
  await worker('w1', right)
  await worker('w2', right)
  const asked = await pp(repo, words(broker.url, ...noRecheck, '--confirm-by', '2'))
  const [one] = verdicts(asked.stdout)
  t.is(one?.verdict, 'PROVED', asked.stdout)
  t.deepEqual([...(one?.workers ?? [])].sort(), ['w1', 'w2'])
  t.is((await pp(repo, ['verify', 'HEAD', '--trust', workers])).status, 0)
  t.is(await proofs(repo), 2)
})

serving('a worker whose verdict is not reproduced here is not believed, and its job is asked for again', async (t) => {
  const { repo, broker, worker, right, odd } = await fixOnSomeMachines(t)
  const wrong = await worker('odd', odd)
  // Its key has to be known when the asking side begins.
  const other = await worker('w1', right)
  other.signalGroup('SIGTERM')
  await other.ended
  const asking = launch(t, repo, words(broker.url, '--recheck', '100'))
  await wrong.said(': answered')
  wrong.signalGroup('SIGKILL')
  await worker('w1', right)
  const ended = await asking.ended
  t.like(verdicts(ended.stdout).at(-1), { verdict: 'PROVED', workers: ['w1'] })
  t.regex(ended.stderr, /odd says \w+, but this machine PROVED; nothing of its key is believed any more/)
})

serving('a worker without room leaves its jobs to others', async (t) => {
  const { repo, broker, worker, workers } = await oneFix(t)
  const home = join(dirname(repo.dir), 'full')
  const mount = `mkdir -p ${home}/.cache && mount -t tmpfs -o size=64k,mode=700 tmpfs ${home}/.cache && exec "$@"`
  const full = await worker('full', { by: ['unshare', '-m', 'sh', '-c', mount, 'sh'] })
  const other = await worker('w2')
  other.signalGroup('SIGTERM')
  await other.ended
  const asking = launch(t, repo, words(broker.url, ...noRecheck))
  await full.said('fault: ')
  t.false(full.over())
  await worker('w2')
  const ended = await asking.ended
  t.like(verdicts(ended.stdout)[0], { verdict: 'PROVED', workers: ['w2'] }, ended.stdout + full.text())
  t.is((await pp(repo, ['verify', 'HEAD', '--trust', workers])).status, 0)
})

serving('results that come several times count once', async (t) => {
  const { repo, broker, worker } = await oneFix(t)
  const one = await worker('w1')
  const detached = await pp(repo, words(broker.url, ...noRecheck, '--detach', '--json'))
  await one.said(': answered')
  const connection = await connect({ servers: [broker.url] })
  t.teardown(() => connection.close())
  const manager = await jetstreamManager(connection)
  const stored = await manager.streams.getMessage('PP_RESULTS', { seq: 1 })
  for (let times = 0; times < 3; times += 1) await connection.request(stored?.subject ?? '', stored?.data)
  t.is((await manager.streams.info('PP_RESULTS')).state.messages, 4)
  const watched = await pp(repo, ['jobs', '--watch', String(detached.json['batch'])])
  t.is(verdicts(watched.stdout).length, 1)
  t.is(await proofs(repo), 1)
  // A second collector, which begins with the first result again.
  const again = await pp(repo, ['jobs', '--watch', String(detached.json['batch'])])
  t.is(again.status, 0)
  t.is(await proofs(repo), 1)
})

needing('/usr/sbin/nats-server', 'faketime')('clocks of workers that are days off change nothing', async (t) => {
  const { repo, broker, worker, workers } = await oneFix(t)
  for (const [name, off] of [
    ['late', '-400d'],
    ['early', '+400d'],
  ] as const) {
    const one = await worker(name, { by: ['faketime', '-f', off], env: { FAKETIME_DONT_FAKE_MONOTONIC: '1' } })
    const asked = await pp(
      repo,
      words(broker.url, ...noRecheck, '--deadline', '120', '--hang-after', name === 'late' ? '50' : '51'),
    )
    t.like(verdicts(asked.stdout)[0], { verdict: 'PROVED', workers: [name] }, asked.stdout + asked.stderr)
    one.signalGroup('SIGTERM')
    await one.ended
  }
  t.is((await pp(repo, ['verify', 'HEAD', '--trust', workers])).status, 0)
  t.is(await proofs(repo), 2)
})

serving('a deadline ends the waiting, although no worker is there', async (t) => {
  const { repo, broker, worker } = await oneFix(t)
  const one = await worker('w1')
  one.signalGroup('SIGTERM')
  await one.ended
  const asked = await pp(repo, words(broker.url, ...noRecheck, '--deadline', '1'))
  t.like(verdicts(asked.stdout)[0], { verdict: 'NOT_RUN' })
  t.regex(verdicts(asked.stdout)[0]?.reason ?? '', /no worker answered within its deadline of 1 s/)
  // It was cancelled, too: nobody takes it up later.
  const later = await worker('w1')
  await sleep(3000)
  later.signalGroup('SIGTERM')
  t.regex((await later.ended).stdout, /0 answered, 0 refused, 0 given back, 1 cancelled/)
})

serving('a job for machines that are set up in one way is done by those alone', async (t) => {
  const { repo, broker, worker, repository } = await oneFix(t)
  const plain = await worker('plain')
  const list = `  - url: ${repository}\n    environment: image-7\n    askers: [alice]\n`
  await worker('w7', { list })
  const asked = await pp(repo, words(broker.url, ...noRecheck, '--environment', 'image-7'))
  t.like(verdicts(asked.stdout)[0], { verdict: 'PROVED', workers: ['w7'] })
  t.notRegex(plain.text(), /job /)
})

const sh = needing('/usr/sbin/nats-server', 'openssl')

sh('over TLS with an authority of our own and nkeys; without them nothing is asked', async (t) => {
  const repo = await tempRepo(t, { 'README.md': 'x\n' })
  await fixes(repo, 1)
  const root = dirname(repo.dir)
  const { ca, cert, key } = await openssl(root)
  const seeds = { alice: nkeys.createUser(), w1: nkeys.createUser() }
  const file = async (name: 'alice' | 'w1') => {
    const path = join(root, `${name}.nkey`)
    await writeFile(path, seeds[name].getSeed(), { mode: 0o600 })
    return path
  }
  const users = Object.values(seeds).map((one) => `{ nkey: ${one.getPublicKey()} }`)
  const config = `tls { cert_file: "${cert}", key_file: "${key}" }\nauthorization { users: [${users.join(', ')}] }`
  const { broker, worker, workers } = await machines(t, repo, config)
  const url = broker.url.replace('nats:', 'tls:').replace('127.0.0.1', 'localhost')
  const settings = { PP_BROKER_CA: ca, PP_BROKER_NKEY: await file('alice') }
  await worker('w1', { env: { PP_BROKER_CA: ca, PP_BROKER_NKEY: await file('w1') }, on: url })
  const asked = await pp(repo, words(url, ...noRecheck), { env: settings })
  t.like(verdicts(asked.stdout)[0], { verdict: 'PROVED', workers: ['w1'] }, asked.stderr)
  t.is((await pp(repo, ['verify', 'HEAD', '--trust', workers])).status, 0)
  for (const [what, env] of [
    ['another authority', { ...settings, PP_BROKER_CA: cert }],
    ['no authority', { PP_BROKER_NKEY: settings.PP_BROKER_NKEY }],
    ['no key', { PP_BROKER_CA: ca }],
  ] as const) {
    const refused = await pp(repo, [...words(url, ...noRecheck).slice(0, -1), 'true'], { env })
    t.not(refused.status, 0, what)
    t.regex(refused.stderr, /broker .* cannot be reached/, what)
    t.is(refused.stdout, '')
  }
  const facts = await pp(repo, ['doctor', '--on', url, '--json'], { env: settings })
  t.regex(JSON.stringify(facts.json), /TLS|encrypt/i)
})
