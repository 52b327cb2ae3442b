import { existsSync, readdirSync } from 'node:fs'
import { utimes } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import test from 'ava'
import { launch, running } from '../../helpers/launch.ts'
import { nothingLeft, processesOf, sessionDirs } from '../../helpers/left.ts'
import { pp } from '../../helpers/pp.ts'
import { fsckClean, type TestRepo, tempRepo } from '../../helpers/repo.ts'

const FILES = { 'state.txt': 'bad\n' }
const FIX = '```diff\n--- a/state.txt\n+++ b/state.txt\n@@ -1 +1 @@\n-bad\n+good\n```\n'
let used = 0
const unique = () => `${2000 + process.pid + used++}.5`

/** The directory in which the one command under way works with git. */
const scratchOf = (repo: TestRepo) =>
  sessionDirs(repo)
    .flatMap((dir) => readdirSync(dir))
    .find((name) => name.startsWith('git-')) ?? ''

test('after kill -9 no process of the session lives on, and gc removes the rest, but nothing of a living session', async (t) => {
  const repo = await tempRepo(t, FILES)
  const before = await repo.snapshotState()
  const [dead, alive] = [unique(), unique()]
  const killed = launch(t, repo, ['run', `sleep ${dead}`, '--json'])
  await running(dead)
  // Without a sandbox, so that it can wait for a sign of ours.
  const waits = `while [ ! -e ${repo.home}/go ]; do sleep 0.${alive.replace('.', '')}; done; grep -q good state.txt`
  const bare = ['--sandbox', 'none', '--network', 'allow']
  const stub = { PP_STUB_REPLY: FIX }
  const living = launch(t, repo, ['run', waits, '--provider', 'stub', ...bare, '--json'], stub)
  await running(`0.${alive.replace('.', '')}`)
  process.kill(killed.pid, 'SIGKILL')
  await killed.ended
  await sleep(500)
  t.deepEqual(processesOf(`sleep ${dead}`), [])
  const ofLiving = sessionDirs(repo).filter((dir) => processesOf(dir).length > 0)
  t.true(ofLiving.length > 0)

  const dry = await pp(repo, ['gc', '-n', '--json'])
  const removed = dry.json['removed'] as { what: string }[]
  t.is(removed.filter(({ what }) => what.includes('/worktrees/')).length, 1)
  t.true(removed.every(({ what }) => existsSync(what)))
  const swept = await pp(repo, ['gc', '--json'])
  t.deepEqual(swept.json['removed'], removed)
  t.true(removed.every(({ what }) => !existsSync(what)))
  t.true(ofLiving.every((dir) => existsSync(dir)))

  await repo.write('../home/go', '')
  const { json } = await living.ended
  t.is(json.verdict, 'PROVED', json.reason)
  await nothingLeft(repo)
  await fsckClean(repo)
  t.deepEqual(await repo.snapshotState(), before)
})

test('the next session removes what a killed one left, without being asked', async (t) => {
  const repo = await tempRepo(t, FILES)
  const before = await repo.snapshotState()
  const seconds = unique()
  const killed = launch(t, repo, ['run', `sleep ${seconds}`])
  await running(seconds)
  process.kill(killed.pid, 'SIGKILL')
  await killed.ended
  t.true(sessionDirs(repo).length > 0)
  const tip = await repo.git('rev-parse', 'HEAD')
  await repo.git('update-ref', `refs/notes/pp-tmp/${scratchOf(repo)}-note-3`, tip)
  // Several at once: they may all want to sweep the same.
  const next = Array.from({ length: 3 }, () => launch(t, repo, ['run', 'grep -q bad state.txt']))
  for (const { ended } of next) t.is((await ended).status, 0)
  await nothingLeft(repo)
  t.deepEqual(await repo.snapshotState(), before)
})

test('eight sessions at once in one repository all prove their change, and every note is kept', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.write('state.txt', 'good\n')
  const before = await repo.snapshotState()
  const tools = Array.from({ length: 8 }, () =>
    launch(t, repo, ['prove', 'grep -q good state.txt', '--runs', '1', '--json']),
  )
  const all = await Promise.all(tools.map(({ ended }) => ended))
  t.deepEqual(
    all.map(({ json, stderr }) => json.verdict ?? stderr),
    all.map(() => 'PROVED'),
  )
  const finals = new Set(all.map(({ json }) => json['final']))
  t.is(finals.size, 8)
  const annotated = await repo.git('notes', '--ref=pp/bundles', 'list')
  t.is(annotated.split('\n').length, 8)
  for (const { json } of all) {
    const shown = await pp(repo, ['show', String(json['session']), '--json'])
    t.is(shown.json.verdict, 'PROVED')
  }
  t.is(((await pp(repo, ['log', '--json'])).json['proofs'] as unknown[]).length, 8)
  await nothingLeft(repo)
  await fsckClean(repo)
  t.deepEqual(await repo.snapshotState(), before)
})

test('a session that may be alive elsewhere is left alone for a day', async (t) => {
  const repo = await tempRepo(t, FILES)
  const dir = `${repo.env['XDG_CACHE_HOME']}/git-pp/sessions/01elsewhere`
  const owner = { pid: 1, started: '1', boot: 'another machine', space: 'pid:[1]' }
  await repo.write(`../home/.cache/git-pp/sessions/01elsewhere/owner`, JSON.stringify(owner))
  t.deepEqual((await pp(repo, ['gc', '--json'])).json['removed'], [])
  const yesterday = new Date(Date.now() - 25 * 3_600_000)
  await utimes(dir, yesterday, yesterday)
  t.is(((await pp(repo, ['gc', '--json'])).json['removed'] as unknown[]).length, 1)
  await nothingLeft(repo)
})

test('gc --all and --older-than leave the refs of a session under way', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.write('state.txt', 'worse\n')
  const seconds = unique()
  const living = launch(t, repo, ['run', `sleep ${seconds}`])
  await running(seconds)
  const refs = () => repo.git('for-each-ref', '--format=%(refname)', 'refs/pp')
  const before = await refs()
  t.regex(before, /\/base$/)
  t.is((await pp(repo, ['gc', '--all'])).status, 0)
  await sleep(1100)
  t.is((await pp(repo, ['gc', '--older-than', '1s'])).status, 0)
  t.is(await refs(), before)
  living.signalGroup('SIGTERM')
  t.is((await living.ended).status, 143)
  t.is((await pp(repo, ['gc', '--all'])).status, 0)
  t.is(await refs(), '')
})
