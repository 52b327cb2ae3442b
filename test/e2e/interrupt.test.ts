import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import { type Launched, launch, running, until } from '../helpers/launch.ts'
import { nothingLeft } from '../helpers/left.ts'
import { startModelServer } from '../helpers/model-server.ts'
import { pp } from '../helpers/pp.ts'
import { fsckClean, type TestRepo, tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(3)

/** A file that the command wants to say `good`; the number makes the program that hangs findable among all processes. */
const FILES = { 'state.txt': 'bad\n', 'other.txt': 'x\n' }
const FIX = '```diff\n--- a/state.txt\n+++ b/state.txt\n@@ -1 +1 @@\n-bad\n+good\n```\n'
let used = 0
const unique = (t: ExecutionContext) => `${1000 + process.pid + used++}.${t.title.length}`

const STUB = { PP_STUB_REPLY: FIX }

/** Sends `signal` to the whole group and checks what every interrupted command owes. */
async function interrupted(
  t: ExecutionContext,
  repo: TestRepo,
  tool: Launched,
  signal: NodeJS.Signals,
  status: number,
) {
  tool.signalGroup(signal)
  const ran = await tool.ended
  t.is(ran.status, status, ran.stderr)
  t.is(ran.json.verdict, 'INTERRUPTED', ran.stdout)
  t.is(ran.json.reason, signal === 'SIGINT' ? 'interrupted' : 'terminated')
  await nothingLeft(repo, { withinMs: 0 })
  await fsckClean(repo)
  return ran
}

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} while the base runs ends at once, with status ${status}, and nothing is left`, async (t) => {
    const repo = await tempRepo(t, FILES)
    await repo.write('other.txt', 'dirty\n')
    const before = await repo.snapshotState()
    const seconds = unique(t)
    const tool = launch(t, repo, ['run', `sleep ${seconds}; grep -q good state.txt`, '--json'])
    await running(seconds)
    await interrupted(t, repo, tool, signal, status)
    t.deepEqual(await repo.snapshotState(), before)
  })

  test(`${signal} during an attempt keeps its commit, and show tells of the session`, async (t) => {
    const repo = await tempRepo(t, FILES)
    const before = await repo.snapshotState()
    const seconds = unique(t)
    const command = `grep -q good state.txt && exec sleep ${seconds}`
    const tool = launch(t, repo, ['run', command, '--provider', 'stub', '--json'], STUB)
    await running(seconds)
    const { json } = await interrupted(t, repo, tool, signal, status)
    const session = String(json['session'])
    t.is(await repo.git('show', `refs/pp/${session}/attempts/1:state.txt`), 'good')
    const [attempt] = json['attempts'] as { n: number; commit: string; verdict: string }[]
    t.is(attempt?.commit, await repo.git('rev-parse', `refs/pp/${session}/attempts/1`))
    t.is(attempt?.verdict, 'INTERRUPTED')
    const shown = await pp(repo, ['show', session, '--json'])
    t.is(shown.status, 0, shown.stderr)
    t.is(shown.json.verdict, 'INTERRUPTED')
    t.is((await pp(repo, ['show'])).status, 0)
    t.deepEqual(await repo.snapshotState(), before)
  })

  test(`${signal} during the pairs proves nothing, and the change is kept`, async (t) => {
    const repo = await tempRepo(t, FILES)
    await repo.write('state.txt', 'good\n')
    const before = await repo.snapshotState()
    const seconds = unique(t)
    // Outside of the sandbox: the third run of the command is the first of the pairs.
    const count = `${repo.home}/count`
    const command = `echo >>${count}; [ $(wc -l <${count}) -lt 3 ] || exec sleep ${seconds}; grep -q good state.txt`
    const bare = ['--sandbox', 'none', '--network', 'allow']
    const tool = launch(t, repo, ['prove', command, '--runs', '1', ...bare, '--json'])
    await running(seconds)
    const { json } = await interrupted(t, repo, tool, signal, status)
    t.is(json['final'], null)
    t.is(await repo.git('show', `refs/pp/${String(json['session'])}/attempts/1:state.txt`), 'good')
    t.deepEqual(await repo.snapshotState(), before)
  })

  test(`${signal} while the model hangs is obeyed at once`, async (t) => {
    const repo = await tempRepo(t, FILES)
    const before = await repo.snapshotState()
    const server = await startModelServer([{ does: 'hang', text: 'Let me think' }])
    t.teardown(() => server.close())
    const env = { PP_LOCAL_BASE_URL: server.url, PP_LOCAL_MODEL: 'm' }
    const tool = launch(t, repo, ['run', 'grep -q good state.txt', '--provider', 'local', '--json'], env)
    await until(
      () => server.requests.length > 0,
      () => 'the model was never asked',
    )
    const { json } = await interrupted(t, repo, tool, signal, status)
    t.deepEqual(json['counts'], { reds: 1, greens: 0 })
    t.deepEqual(await repo.snapshotState(), before)
  })

  test(`${signal} while setup runs leaves nothing of it`, async (t) => {
    const repo = await tempRepo(t, { ...FILES, '.gitignore': 'deps/\n' })
    const before = await repo.snapshotState()
    const seconds = unique(t)
    const setup = `mkdir deps && touch deps/a && exec sleep ${seconds}`
    const tool = launch(t, repo, ['run', 'grep -q good state.txt', '--setup', setup, '--json'])
    await running(seconds)
    await interrupted(t, repo, tool, signal, status)
    t.deepEqual(await repo.snapshotState(), before)
  })
}

test('Ctrl-C while git works reaches no git: what was found is still written down', async (t) => {
  const repo = await tempRepo(t, FILES)
  const before = await repo.snapshotState()
  const seconds = unique(t)
  const slow = `#!/bin/sh\ncase " $* " in *" read-tree --reset "*) sleep 1.${seconds.replace('.', '')} ;; esac\nexec git "$@"\n`
  await repo.write('../slow/git', slow.replace('exec git', `PATH=${repo.env['PATH']} exec git`))
  await chmod(`${repo.home}/../slow/git`, 0o755)
  const env = { ...STUB, PATH: `${repo.home}/../slow:${repo.env['PATH']}` }
  const tool = launch(t, repo, ['run', 'grep -q good state.txt', '--provider', 'stub', '--json'], env)
  await tool.said('attempt 1')
  await running(`1.${seconds.replace('.', '')}`)
  const { json } = await interrupted(t, repo, tool, 'SIGINT', 130)
  t.is((json['attempts'] as unknown[]).length, 1)
  t.deepEqual(await repo.snapshotState(), before)
})

test('whenever Ctrl-C comes, the answer is one object, and nothing is left or changed', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.write('other.txt', 'dirty\n')
  const before = await repo.snapshotState()
  const moments = Array.from({ length: 8 }, (_, n) => 300 + n * 250)
  const tools = moments.map(async (ms) => {
    const tool = launch(t, repo, ['run', 'grep -q good state.txt', '--provider', 'stub', '--json'], STUB)
    await Promise.race([sleep(ms), tool.ended])
    if (!tool.over()) tool.signalGroup('SIGINT')
    return tool.ended
  })
  for (const { status, json, stderr } of await Promise.all(tools)) {
    // Before Node listens it dies of the signal; what came too late was proved.
    if (status === null || json.verdict === 'PROVED') continue
    t.is(status, 130, stderr)
    t.is(json.verdict, 'INTERRUPTED', json.reason)
  }
  t.deepEqual(await repo.snapshotState(), before)
  await nothingLeft(repo)
  await fsckClean(repo)
})

test('a git that ignores signals holds up neither the first one for long nor the second at all', async (t) => {
  const repo = await tempRepo(t, FILES)
  const bin = `${repo.home}/bin`
  await mkdir(bin)
  const seconds = unique(t)
  await writeFile(`${bin}/git`, `#!/bin/sh\ntrap "" TERM INT HUP\nwhile :; do sleep ${seconds}; done\n`)
  await chmod(`${bin}/git`, 0o755)
  const env = { PATH: `${bin}:${repo.env['PATH']}` }
  for (const twice of [false, true]) {
    const tool = launch(t, repo, ['prove', 'grep -q good state.txt', '--json'], env)
    await running(seconds)
    process.kill(tool.pid, 'SIGTERM')
    await tool.said('interrupt again to stop at once')
    const began = performance.now()
    if (twice) {
      await sleep(1100)
      process.kill(tool.pid, 'SIGTERM')
    }
    const { status } = await tool.ended
    t.is(status, 143)
    t.true(performance.now() - began < (twice ? 4500 : 30_000))
    for (const pid of await pidsOf(seconds)) process.kill(pid, 'SIGKILL')
  }
})

/** Processes with `word` among their arguments. */
async function pidsOf(word: string): Promise<number[]> {
  const found: number[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)))
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').includes(word))
      found.push(Number(pid))
  return found
}
