import test from 'ava'
import { pp } from '../helpers/pp.ts'
import { cloneOf, proved, serve, withOrigin } from '../helpers/remotes.ts'
import { fsckClean, type TestRepo, tempRepo } from '../helpers/repo.ts'

const FILES = { 'state.txt': 'bad\n' }
const oursOf = async (repo: TestRepo, dir: string) =>
  (await repo.git('-C', dir, 'for-each-ref', '--format=%(refname)', 'refs/pp', 'refs/notes'))
    .split('\n')
    .filter(Boolean)

test('what one clone pushed, another fetches with one command and replays', async (t) => {
  const repo = await tempRepo(t, FILES)
  const origin = await withOrigin(repo)
  const reviewer = await cloneOf(repo, origin, 'reviewer')
  const { session, commit } = await proved(repo)
  const before = await repo.snapshotState()

  const dry = await pp(repo, ['push', '-n', '--json'])
  t.regex(String(dry.json.reason), /^would push 1 proof to origin/)
  t.deepEqual(await oursOf(repo, origin), [])
  const pushed = await pp(repo, ['push', '--json'])
  t.is(pushed.status, 0, pushed.stderr)
  t.deepEqual(pushed.json['proofs'], [{ session, commit }])
  t.deepEqual(await oursOf(repo, origin), ['refs/notes/pp/bundles', 'refs/notes/pp/index', `refs/pp/${session}/final`])
  t.regex(String((await pp(repo, ['push', '--json'])).json.reason), /^nothing to push: origin has it all/)
  t.deepEqual(await repo.snapshotState(), before)

  const config = await reviewer.git('config', '--list', '--local')
  t.is((await pp(reviewer, ['show', commit, '--json'])).status, 3)
  const fetched = await pp(reviewer, ['fetch', 'origin', commit, '--json'])
  t.is(fetched.status, 0, fetched.stderr)
  t.deepEqual(fetched.json['proofs'], [{ session, commit, isNew: true }])
  const { json } = await pp(reviewer, ['replay', commit, '--json'])
  t.is(json.verdict, 'REPRODUCED', json.reason)
  t.is(await reviewer.git('config', '--list', '--local'), config)
  const log = (await pp(reviewer, ['log', '-n', '5', '--json'])).json['proofs'] as { session: string; from: string }[]
  t.deepEqual(
    log.map((one) => [one.session, one.from]),
    [[session, 'origin']],
  )
  t.is(await reviewer.git('for-each-ref', 'refs/notes/pp', 'refs/notes/pp-tmp', 'refs/pp', 'refs/tags'), '')
  t.true(await fsckClean(reviewer))
})

test('over http with a password from the credential helper, by the name of the remote and by its URL', async (t) => {
  const repo = await tempRepo(t, FILES)
  const origin = await withOrigin(repo)
  const { url, requests } = await serve(t, repo, origin, 'hunter2')
  await repo.git('config', 'credential.helper', '!f() { echo username=reader; echo password=hunter2; }; f')
  await repo.git('remote', 'set-url', 'origin', url)
  const { session, commit } = await proved(repo)
  const pushed = await pp(repo, ['push', 'origin', 'HEAD', '--json'])
  t.is(pushed.status, 0, pushed.stderr)
  t.true(requests.some((line) => line.startsWith('POST') && line.endsWith('git-receive-pack')))

  const fork = await cloneOf(repo, origin, 'fork')
  const denied = await pp(fork, ['fetch', url, '--json'])
  t.is(denied.status, 128)
  const withPassword = url.replace('//', '//reader:hunter2@')
  const fetched = await pp(fork, ['fetch', withPassword, session.slice(0, 12), '--json'])
  t.is(fetched.status, 0, fetched.stderr)
  t.false(`${denied.stderr}${fetched.stdout}${await fork.git('for-each-ref')}`.includes('hunter2'))
  t.is((await pp(fork, ['replay', commit, '--json'])).json.verdict, 'REPRODUCED')
})
