import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import { CALC, PYTEST } from '../helpers/calc.ts'
import { launch } from '../helpers/launch.ts'
import { fixes, machines } from '../helpers/machines.ts'
import { needing, PYTHON } from '../helpers/needs.ts'
import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

const serving = needing('/usr/sbin/nats-server')
const UNITTEST = `${PYTHON} -m unittest -q`
const patch = (line: string) =>
  `--- a/calc.py\n+++ b/calc.py\n@@ -1,3 +1,3 @@\n def add(a, b):\n-    return a - b\n+    return ${line}\n \n`
const verdicts = (text: string) =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map(
      (line) => JSON.parse(line) as { id: string; verdict: string; known: boolean; workers?: string[]; final: string },
    )

serving('workers prove every commit of a range, and what they proved is known the next time', async (t) => {
  const repo = await tempRepo(t, { 'README.md': 'x\n' })
  const made = await fixes(repo, 2)
  const { broker, worker, workers } = await machines(t, repo)
  const one = await worker('w1')
  const words = ['prove', 'HEAD~2..HEAD', '--each', '--on', broker.url, '--runs', '1', '--recheck', '0', UNITTEST]
  const first = await pp(repo, words)
  t.log(first.stderr)
  const found = verdicts(first.stdout)
  t.deepEqual(
    found.map(({ id, verdict, known }) => [id, verdict, known]).sort(),
    made.map((id) => [id, 'PROVED', false]).sort(),
  )
  t.is(first.status, 0)
  const checked = await pp(repo, ['verify', 'HEAD~2..HEAD', '--trust', workers])
  t.is(checked.status, 0, checked.stdout)
  const again = await pp(repo, words)
  t.deepEqual(
    verdicts(again.stdout).map(({ verdict, known }) => [verdict, known]),
    [
      ['PROVED', true],
      ['PROVED', true],
    ],
  )
  one.signalGroup('SIGTERM')
  t.is((await one.ended).status, 0)
  t.regex((await one.ended).stdout, /2 answered, 0 refused/)
})

serving('workers prove the patches of a file; one bad line is one answer', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { broker, worker } = await machines(t, repo)
  await worker('w1')
  const lines = [
    { id: 'right', patch: patch('a + b') },
    { id: 'wrong', patch: patch('a * b') },
    { id: 'same', patch: patch('a + b') },
    { id: 'other', patch: patch('a + b').replace('a - b', 'a / b') },
  ]
  const input = lines.map((one) => `${JSON.stringify(one)}\n`).join('')
  const words = ['prove', '--patches', '-', '--on', broker.url, '--runs', '1', '--recheck', '0', PYTEST]
  const ran = await pp(repo, words, { input })
  t.log(ran.stderr)
  const found = new Map(verdicts(ran.stdout).map((one) => [one.id, one]))
  t.deepEqual([...found].map(([id, { verdict }]) => [id, verdict]).sort(), [
    ['other', 'USAGE'],
    ['right', 'PROVED'],
    ['same', 'PROVED'],
    ['wrong', 'NOT_FIXED'],
  ])
  t.is(
    (await pp(repo, ['verify', found.get('right')?.final ?? '', '--trust', await repo.git('config', 'pp.workers')]))
      .status,
    0,
  )
})

/** Fixes whose tests take `seconds`, so that a kill meets a worker in the middle of a proof. */
async function slowFixes(t: ExecutionContext, count: number, seconds: number) {
  const repo = await tempRepo(t, { 'README.md': 'x\n', 'test_slow.py': slowTest(seconds) })
  const made = await fixes(repo, count)
  return { repo, made, ...(await machines(t, repo)) }
}

function slowTest(seconds: number): string {
  return `import time\nimport unittest\n\n\nclass T(unittest.TestCase):\n    def test_slow(self):\n        time.sleep(${seconds})\n`
}

const each = (count: number, url: string) => [
  'prove',
  `HEAD~${count}..HEAD`,
  '--each',
  '--on',
  url,
  '--runs',
  '1',
  '--recheck',
  '0',
  UNITTEST,
]

serving(
  'a worker that is killed, or stands still, costs time and no job; the broker may be killed meanwhile',
  async (t) => {
    const { repo, made, broker, worker, workers } = await slowFixes(t, 4, 1)
    const [one, two] = [await worker('w1'), await worker('w2')]
    const asking = launch(t, repo, each(4, broker.url))
    await Promise.all([one.said('job '), two.said('job ')])
    one.signalGroup('SIGKILL')
    process.kill(two.pid, 'SIGSTOP')
    await broker.kill()
    await broker.start()
    await sleep(17_000)
    process.kill(two.pid, 'SIGCONT')
    await worker('w1')
    const ended = await asking.ended
    t.log(ended.stderr)
    const found = verdicts(ended.stdout)
    t.deepEqual(found.map(({ id, verdict }) => [id, verdict]).sort(), made.map((id) => [id, 'PROVED']).sort())
    t.is((await pp(repo, ['verify', 'HEAD~4..HEAD', '--trust', workers])).status, 0)
    const log = (await pp(repo, ['log', '--json'])).json as unknown as { proofs: unknown[] }
    t.is(log.proofs.length, 4)
  },
)

serving('an asking side that is killed comes back; what is cancelled is not run', async (t) => {
  const { repo, made, broker, worker } = await slowFixes(t, 3, 1)
  const one = await worker('w1')
  const asking = launch(t, repo, each(3, broker.url))
  const list = async () =>
    ((await pp(repo, ['jobs', '--json'])).json as unknown as { batches: { id: string; answered: number }[] }).batches
  await one.said('job ')
  asking.signalGroup('SIGKILL')
  const [batch] = await list()
  const watched = await pp(repo, ['jobs', '--watch', batch?.id ?? ''])
  t.deepEqual(
    verdicts(watched.stdout)
      .map(({ id, verdict }) => [id, verdict])
      .sort(),
    made.map((id) => [id, 'PROVED']).sort(),
  )
  const known = await pp(repo, each(3, broker.url))
  t.true(verdicts(known.stdout).every((one) => one.known))

  one.signalGroup('SIGTERM')
  await one.ended
  const detached = await pp(repo, [...each(3, broker.url).with(6, '2').slice(0, -1), '--detach', '--json', UNITTEST])
  t.like(detached.json, { verdict: 'OK', open: 3 })
  const id = String(detached.json['batch'])
  t.like((await pp(repo, ['jobs', '--cancel', id, '--json'])).json, { cancelled: 3 })
  const idle = await worker('w1')
  await sleep(3000)
  idle.signalGroup('SIGTERM')
  t.regex((await idle.ended).stdout, /0 answered, 0 refused, 0 given back, 3 cancelled/)
})

serving('a worker that is told to end finishes its job, and gives it back when it is told again', async (t) => {
  const { repo, made, broker, worker } = await slowFixes(t, 2, 2)
  // The asking side reads the keys of the workers when it starts, so one has to be there.
  const one = await worker('w1')
  const asking = launch(t, repo, each(2, broker.url))
  await one.said('job ').catch((error: unknown) => t.fail(`${error}; the asking side: ${asking.text()}`))
  one.signalGroup('SIGTERM')
  t.regex((await one.ended).stdout, /1 answered, 0 refused, 0 given back/)
  const two = await worker('w2')
  await two.said('job ')
  two.signalGroup('SIGTERM')
  await sleep(1500)
  two.signalGroup('SIGTERM')
  t.regex((await two.ended).stdout, /0 answered, 0 refused, 1 given back/)
  await worker('w1')
  const found = verdicts((await asking.ended).stdout)
  t.deepEqual(found.map(({ id, verdict }) => [id, verdict]).sort(), made.map((id) => [id, 'PROVED']).sort())
})

serving('an untrusted worker is not believed, and what it took is asked for again', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { broker, worker } = await machines(t, repo)
  const stranger = await worker('stranger', { trusted: false })
  const trusted = await worker('w2')
  trusted.signalGroup('SIGTERM')
  await trusted.ended
  const input = `${JSON.stringify({ id: 'one', patch: patch('a + b') })}\n`
  const asking = pp(repo, ['prove', '--patches', '-', '--on', broker.url, '--runs', '1', '--recheck', '0', PYTEST], {
    input,
  })
  await stranger.said(': answered')
  stranger.signalGroup('SIGKILL')
  await worker('w2')
  const [one] = verdicts((await asking).stdout)
  t.like(one, { verdict: 'PROVED', workers: ['w2'] })
})
