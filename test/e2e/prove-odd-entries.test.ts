import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { pp } from '../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../helpers/repo.ts'

const FILES = { 'state.txt': 'bad\n' }
const COMMAND = 'grep -q good state.txt'

/** A commit that moves `sub` to another commit of a submodule, whose files are nowhere here. */
async function bump(repo: TestRepo, digit: string): Promise<void> {
  await repo.git('update-index', '--add', '--cacheinfo', `160000,${digit.repeat(40)},sub`)
  await repo.git('commit', '-q', '-m', `sub at ${digit}`)
}

async function verdicts(
  repo: TestRepo,
  from: string,
): Promise<{ status: number | null; said: readonly string[]; sessions: readonly string[] }> {
  const { status, json } = await pp(repo, ['prove', `${from}..HEAD`, COMMAND, '--each', '--runs', '2', '--json'])
  const results = json['results'] as readonly { verdict: string; reason: string; session: string }[]
  const said = results.map(({ verdict, reason }) => `${verdict}: ${reason}`)
  return { status, said, sessions: results.map(({ session }) => session) }
}

test('the move of a submodule gets its verdict, and the commits around it theirs', async (t) => {
  const repo = await tempRepo(t, FILES)
  await bump(repo, '1')
  const from = await repo.git('rev-parse', 'HEAD')
  await bump(repo, '2')
  await repo.write('state.txt', 'good\n')
  await repo.git('add', 'state.txt')
  await repo.git('commit', '-q', '-m', 'mend')
  const { said, sessions } = await verdicts(repo, from)
  const [moved = ''] = sessions
  t.is(said.length, 2)
  t.regex(said[0] ?? '', /^DENIED: sub: it is a submodule/)
  t.regex(said[1] ?? '', /^PROVED/)
  for (const format of ['markdown', 'html']) t.is((await pp(repo, ['report', moved, '--format', format])).status, 0)
  t.is((await pp(repo, ['show', moved])).status, 0)
  t.is((await pp(repo, ['verify', 'HEAD', '--allow-unsigned'])).status, 0)
})

test('a commit that cannot be tried takes nothing from the others of its range', async (t) => {
  const repo = await tempRepo(t, FILES)
  const from = await repo.git('rev-parse', 'HEAD')
  await repo.commit('lost', { 'lost.txt': 'lost\n' })
  const blob = await repo.git('rev-parse', 'HEAD:lost.txt')
  await repo.git('rm', '-q', 'lost.txt')
  await repo.commit('mend', { 'state.txt': 'good\n' })
  await rm(join(repo.dir, '.git/objects', blob.slice(0, 2), blob.slice(2)))
  const { status, said } = await verdicts(repo, from)
  t.regex(said[0] ?? '', /^NOT_RUN: this commit could not be proved: /)
  t.is(said.length, 2)
  t.not(status, 0)
  const told = await pp(repo, ['prove', `${from}..HEAD`, COMMAND, '--each', '--runs', '2'])
  t.regex(told.stdout, /could not be proved/)
  t.notRegex(told.stdout, /git pp show/)
})

test('a commit before the policy takes nothing from those after it, and what no commit can be tried with is a fault of the call', async (t) => {
  const repo = await tempRepo(t, FILES)
  const from = await repo.git('rev-parse', 'HEAD')
  await repo.commit('policy', { 'pp.json': JSON.stringify({ proof_targets: [{ name: 'unit', cmd: COMMAND }] }) })
  await repo.commit('mend', { 'state.txt': 'good\n' })
  const { json } = await pp(repo, ['prove', `${from}..HEAD`, '--each', '--runs', '2', '--json'])
  const results = json['results'] as readonly { verdict: string }[]
  t.deepEqual(
    results.map(({ verdict }) => verdict),
    ['NOT_RUN', 'PROVED'],
  )
  const none = await pp(repo, ['prove', `${from}..HEAD~1`, '--each', '--json'])
  t.deepEqual([none.status, none.json.verdict, none.json['results']], [2, 'USAGE', undefined])
})
