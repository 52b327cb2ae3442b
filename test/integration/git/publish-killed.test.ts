import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import test from 'ava'
import { fsckClean, type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { WHOLE } from '../../helpers/sample.ts'
import { open, scratchOf } from '../../unit/git/open.ts'

const ROOM = new URL('../../../src/engine/git/repository.ts', import.meta.url).href
const KINDS = ['bundles', 'index', 'summary']
const ROUNDS = WHOLE ? 20 : 4

/** Publishes one session after the other until it is killed; `said` resolves once the first of them is written. */
function publishing(repo: TestRepo, head: string, from: number) {
  const script = `
    import { createHash } from 'node:crypto'
    const { openRepository } = await import(${JSON.stringify(ROOM)})
    const repository = await openRepository({ cwd: process.argv[1], env: process.env, scratch: process.argv[2] })
    for (let n = ${from}; ; n++) {
      const commit = createHash('sha1').update(String(n)).digest('hex')
      const writes = ${JSON.stringify(KINDS)}.map((kind) => ({ ref: 'refs/notes/pp/' + kind, commit, line: 'session ' + n }))
      const moves = [{ ref: 'refs/pp/s' + n + '/final', to: '${head}', from: null }, { ref: 'PP_HEAD', to: '${head}' }]
      await repository.notes.publish(writes, moves)
      if (n === ${from}) process.stdout.write('first')
    }`
  const argv = ['--import=tsx', '--input-type=module', '-e', script, repo.dir, scratchOf(repo)]
  const child = spawn(process.execPath, argv, {
    env: repo.env,
    cwd: process.cwd(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return { child, said, ended }
}

/** Waits until a git that had been told everything has written it. */
async function settled(repo: TestRepo): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const names = await fs.readdir(path.join(repo.dir, '.git'), { recursive: true })
    if (!names.some((name) => name.endsWith('.lock'))) return
    await sleep(25)
  }
}

test('kill -9 at any moment leaves of each session all notes and its ref, or none of them', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const head = await repo.git('rev-parse', 'HEAD')
  for (let round = 0; round < ROUNDS; round++) {
    const { child, said, ended } = publishing(repo, head, round * 100_000)
    await said
    await sleep(Math.random() * 150)
    child.kill('SIGKILL')
    await ended
    await settled(repo)
    const { notes, refs } = await open(t, repo)
    const sessions = [...(await refs.list('refs/pp/')).keys()].map((ref) =>
      Number(/^refs\/pp\/s(\d+)\/final$/.exec(ref)?.[1]),
    )
    const expected = sessions.map((n) => createHash('sha1').update(String(n)).digest('hex')).sort()
    t.true(expected.length > round)
    for (const kind of KINDS) t.deepEqual([...(await notes.list(`refs/notes/pp/${kind}`))].sort(), expected, kind)
  }
  t.true(await fsckClean(repo))
})
