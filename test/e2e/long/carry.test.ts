import { chmod, readFile } from 'node:fs/promises'
import test from 'ava'
import { ABSENT } from '../../helpers/absent.ts'
import { launch } from '../../helpers/launch.ts'
import { pp } from '../../helpers/pp.ts'
import { cloneOf, proved, serve, withOrigin } from '../../helpers/remotes.ts'
import { fsckClean, type TestRepo, tempRepo } from '../../helpers/repo.ts'

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
  t.regex(String((await pp(repo, ['push', '--json'])).json.reason), /^nothing to push: origin has all of these proofs/)
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

test('a push with nothing to send says whether there is no proof, or the newest session is none', async (t) => {
  const repo = await tempRepo(t, FILES)
  await withOrigin(repo)
  const none = await pp(repo, ['push', '--json'])
  t.is(none.status, 0, none.stderr)
  t.is(none.json.reason, 'nothing to push: there is no proof in this repository')
  t.is(none.json['mend'], 'git pp prove "COMMAND" proves the commit that you are on')

  await proved(repo)
  t.is((await pp(repo, ['push'])).status, 0)
  t.is((await pp(repo, ['push', '--json'])).json.reason, 'nothing to push: origin has all of these proofs')

  const failed = await pp(repo, ['prove', 'HEAD', 'grep -q nowhere state.txt', '--runs', '1', '--json'])
  t.is(failed.json.verdict, 'NO_EFFECT', failed.json.reason)
  const session = String(failed.json['session'])
  const quiet = await pp(repo, ['push'])
  t.is(quiet.status, 0)
  t.regex(
    quiet.stdout,
    new RegExp(`^nothing to push: the newest session, ${session}, is NO_EFFECT, which is not a proof$`, 'm'),
  )
  t.regex(quiet.stdout, new RegExp(`^try: +git pp push origin ${session} sends its record anyway`, 'm'))
  t.regex((await pp(repo, ['push', 'origin', session])).stdout, /^pushed 1 proof to origin$/m)
  t.regex((await pp(repo, ['push'])).stdout, /^nothing to push: the newest session/)
})

test('nobody is told to fetch what was just fetched', async (t) => {
  const repo = await tempRepo(t, FILES)
  const origin = await withOrigin(repo)
  const clone = await cloneOf(repo, origin, 'clone')
  const before = await pp(clone, ['verify', 'HEAD', '--json'])
  t.is(before.json['mend'], 'git pp fetch gets the proofs of a remote')

  t.is((await pp(clone, ['fetch'])).status, 0)
  const nothing = await pp(clone, ['verify', 'HEAD', '--json'])
  t.is(nothing.status, 3)
  t.regex(nothing.json.reason ?? '', /; none of the proofs of this repository or of origin is for this change$/)
  t.regex(String(nothing.json['mend']), /^git pp prove [0-9a-f]{12}$/)
  for (const words of [['show'], ['replay'], ['log']]) {
    const { stdout, stderr } = await pp(clone, words)
    t.regex(stdout + stderr, /origin had none when you last fetched/)
    t.notRegex(stdout + stderr, /git pp fetch/)
  }
  t.true(await fsckClean(clone))

  const { commit } = await proved(repo)
  t.is((await pp(repo, ['push', 'origin', commit])).status, 0)
  t.is((await pp(clone, ['fetch'])).status, 0)
  const elsewhere = await pp(clone, ['verify', 'HEAD', '--json'])
  t.regex(elsewhere.json.reason ?? '', /of this repository or of origin/)
  t.is((await pp(clone, ['show', commit, '--json'])).json.verdict, 'PROVED')
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

test('eight clones that push proofs of one commit at once lose none', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.commit('Mend it', { 'state.txt': 'good\n' })
  const origin = await withOrigin(repo)
  const clones = await Promise.all(Array.from({ length: 8 }, (_, n) => cloneOf(repo, origin, `clone-${n}`)))
  const sessions = await Promise.all(
    clones.map(async (clone) => {
      const { json } = await pp(clone, ['prove', 'HEAD', 'grep -q good state.txt', '--runs', '0', '--json'])
      return String(json['session'])
    }),
  )
  const pushes = await Promise.all(clones.map((clone) => launch(t, clone, ['push', '--json']).ended))
  for (const { status, stderr } of pushes) t.is(status, 0, stderr)
  const note = await repo.git('-C', origin, 'notes', '--ref=pp/index', 'show', 'main')
  t.deepEqual(
    note
      .split('\n')
      .map((line) => JSON.parse(line).session)
      .sort(),
    sessions.sort(),
  )
  t.is((await repo.git('-C', origin, 'notes', '--ref=pp/bundles', 'show', 'main')).split('\n').length, 8)
  t.is((await repo.git('-C', origin, 'for-each-ref', 'refs/pp')).split('\n').length, 8)
})

test('notes of mine stay as they are and do not travel, even where a remote is fetched onto them', async (t) => {
  const repo = await tempRepo(t, FILES)
  const origin = await withOrigin(repo)
  await repo.git('config', '--add', 'remote.origin.fetch', '+refs/notes/*:refs/notes/*')
  await repo.git('config', '--add', 'remote.origin.fetch', '+refs/pp/*:refs/pp/*')
  const first = await proved(repo)
  const second = await proved(repo, 'better')
  const before = await repo.git('for-each-ref', 'refs/notes/pp', 'refs/pp')
  const pushed = await pp(repo, ['push', 'origin', second.session, '--json'])
  t.is(pushed.status, 0, pushed.stderr)
  t.is(await repo.git('for-each-ref', 'refs/notes/pp', 'refs/pp'), before)
  t.is(await repo.git('-C', origin, 'rev-list', '--count', 'refs/notes/pp/bundles'), '1')
  await t.throwsAsync(repo.git('-C', origin, 'notes', '--ref=pp/bundles', 'show', first.commit))
  // Another person's lines on the same commit stay, byte for byte.
  await repo.git('-C', origin, 'notes', '--ref=pp/bundles', 'append', '-m', 'a line of somebody else', second.commit)
  t.is((await pp(repo, ['push', '--json'])).status, 0)
  t.regex(
    await repo.git('-C', origin, 'notes', '--ref=pp/bundles', 'show', second.commit),
    /\na line of somebody else$/,
  )
  t.true(await fsckClean(repo))
})

test('a secret in a file, a message or the bundle stops a push before anything leaves', async (t) => {
  const repo = await tempRepo(t, FILES)
  const origin = await withOrigin(repo)
  const token = `ghp_${'a1B2c3'.repeat(6)}`
  await repo.commit('Add settings', { 'settings/prod.txt': `token ${token}\n` })
  await repo.commit(`Try ${token}`)
  await proved(repo)
  const { status, json } = await pp(repo, ['push', '--json'])
  t.is(status, 1)
  t.is(json.verdict, 'DENIED')
  const secrets = json['secrets'] as { rule: string; path: string }[]
  t.deepEqual(
    secrets.map(({ rule }) => rule),
    ['github-token', 'github-token'],
  )
  t.regex(
    secrets
      .map(({ path }) => path)
      .sort()
      .join('\n'),
    /^settings\/prod\.txt\nthe message of [0-9a-f]{40}$/,
  )
  t.deepEqual(await oursOf(repo, origin), [])
  await repo.git('push', '-q', 'origin', 'main')
  t.is((await pp(repo, ['push', '--json'])).status, 0)
})

test('the pre-push hook runs and may refuse', async (t) => {
  const repo = await tempRepo(t, FILES)
  const origin = await withOrigin(repo)
  await proved(repo)
  await repo.write(
    '.git/hooks/pre-push',
    '#!/bin/sh\ncat >"$HOME/pushed"; echo "$1" >>"$HOME/pushed"; echo no >&2; exit 1\n',
  )
  await chmod(`${repo.dir}/.git/hooks/pre-push`, 0o755)
  const { status, stderr } = await pp(repo, ['push'])
  t.is(status, 128)
  t.regex(stderr, /origin: no/)
  t.regex(await readFile(`${repo.home}/pushed`, 'utf8'), /refs\/notes\/pp\/bundles .*\norigin\n$/s)
  t.deepEqual(await oursOf(repo, origin), [])
})

for (const hidden of ['refs/pp', 'refs/notes']) {
  test(`a server that hides ${hidden} is told of in one sentence`, async (t) => {
    const repo = await tempRepo(t, FILES)
    const origin = await withOrigin(repo)
    await repo.git('-C', origin, 'config', 'transfer.hideRefs', hidden)
    await proved(repo)
    const { status, stderr } = await pp(repo, ['push'])
    t.is(status, 128)
    t.regex(stderr, /^git pp: origin refuses refs\/\S+: .*hidden.*\nask the owner of origin to allow/)
  })
}

test('what a remote has under names or in lines that are none of ours harms nobody', async (t) => {
  const repo = await tempRepo(t, FILES)
  const origin = await withOrigin(repo)
  const { session, commit } = await proved(repo)
  t.is((await pp(repo, ['push'])).status, 0)
  const bare = (...args: string[]) => repo.git('-C', origin, ...args)
  for (const name of ['pp/--output=x/final', 'pp/x/y/final', `pp/${session}/final.x`, 'notes/pp/--all'])
    await bare('update-ref', `refs/${name}`, 'main')
  const lines = Array.from({ length: 1_000_000 }, () => 'x').join('\n')
  const blob = await repo.gitWith(lines, '-C', origin, 'hash-object', '-w', '--stdin')
  await bare('notes', '--ref=pp/bundles', 'add', '-C', blob, 'main~0')
  const long = await repo.gitWith('y'.repeat(3 << 20), '-C', origin, 'hash-object', '-w', '--stdin')
  await bare('notes', '--ref=pp/attestations', 'add', '-C', long, 'main')

  const reviewer = await cloneOf(repo, origin, 'reviewer')
  const fetched = await pp(reviewer, ['fetch', '--json'])
  t.is(fetched.status, 0, fetched.stderr)
  t.is((fetched.json['warnings'] as string[]).length, 2)
  t.deepEqual(await oursOf(repo, reviewer.dir), [])
  t.deepEqual(
    (await reviewer.git('for-each-ref', '--format=%(refname)', 'refs/pp-remote', 'refs/notes-remote')).split('\n'),
    [
      'refs/notes-remote/origin/pp/attestations',
      'refs/notes-remote/origin/pp/bundles',
      'refs/notes-remote/origin/pp/index',
      `refs/pp-remote/origin/${session}/final`,
    ],
  )
  t.is((await pp(reviewer, ['show', commit, '--json'])).json.verdict, 'PROVED')
  t.is(((await pp(reviewer, ['log', '--json'])).json['proofs'] as unknown[]).length, 1)
})

test('a word that is neither a remote nor a proof is told with the remotes that there are, and nobody is contacted', async (t) => {
  const repo = await tempRepo(t, FILES)
  for (const verb of ['push', 'fetch']) {
    const { status, stderr } = await pp(repo, [verb, 'nowhere'])
    t.is(status, 2)
    t.regex(
      stderr,
      /^git pp: nowhere is neither a remote nor a commit or session of this repository; no remote is configured\n/,
    )
  }
  await repo.git('remote', 'add', 'origin', ABSENT)
  await repo.git('remote', 'add', 'fork', ABSENT)
  for (const words of [
    ['push', 'nowhere', 'HEAD'],
    ['fetch', 'orign'],
  ]) {
    const { status, stderr } = await pp(repo, words)
    t.is(status, 2)
    t.regex(
      stderr,
      new RegExp(
        `^git pp: ${words[1]} is neither a remote nor a commit or session of this repository; known remotes: origin, fork\n`,
      ),
    )
  }
  t.is((await pp(repo, ['push', 'HEAD'])).status, 128)
})

test('a session over uncommitted work is pushed only where that is asked for', async (t) => {
  const repo = await tempRepo(t, { ...FILES, 'other.txt': 'a\n' })
  const origin = await withOrigin(repo)
  await repo.write('other.txt', 'uncommitted\n')
  const { json } = await pp(repo, ['run', 'grep -q good state.txt', '--json', '--provider', 'stub', '--runs', '1'], {
    env: { PP_STUB_REPLY: '```diff\n--- a/state.txt\n+++ b/state.txt\n@@ -1 +1 @@\n-bad\n+good\n```\n' },
  })
  t.is(json.verdict, 'PROVED', json.reason)
  const session = String(json['session'])
  const quiet = await pp(repo, ['push', '--json'])
  t.is(quiet.status, 0)
  t.regex(String(quiet.json.reason), /^nothing to push: all sessions that origin lacks started from uncommitted work$/)
  t.is(quiet.json['mend'], 'git pp push origin --with-snapshot sends them, with this work')
  t.regex(String(quiet.json['warnings']), /uncommitted work/)
  t.is((await pp(repo, ['push', 'origin', session])).status, 2)
  t.deepEqual(await oursOf(repo, origin), [])
  t.is((await pp(repo, ['push', '--with-snapshot', '--with-attempts', '--json'])).status, 0)
  t.true((await oursOf(repo, origin)).includes(`refs/pp/${session}/attempts/1`))
  const reviewer = await cloneOf(repo, origin, 'reviewer')
  t.is((await pp(reviewer, ['fetch', 'origin', session])).status, 0)
  t.is((await pp(reviewer, ['replay', session, '--json'])).json.verdict, 'REPRODUCED')
})

test('a shallow clone gets the base of the proof of its commit; a proof of a root commit brings its empty base', async (t) => {
  const repo = await tempRepo(t, FILES)
  const origin = await withOrigin(repo)
  const { commit } = await proved(repo)
  const root = await repo.git('rev-list', '--max-parents=0', 'HEAD')
  const ofRoot = await pp(repo, ['prove', root, 'test -e state.txt', '--runs', '1', '--json'])
  t.is(ofRoot.json.verdict, 'PROVED', ofRoot.json.reason)
  await repo.git('push', '-q', 'origin', 'main')
  t.is((await pp(repo, ['push'])).status, 0)
  const shallow = await cloneOf(repo, `file://${origin}`, 'shallow', '--depth=1')
  t.is((await pp(shallow, ['fetch', 'origin', commit])).status, 0)
  t.is((await pp(shallow, ['replay', commit, '--json'])).json.verdict, 'REPRODUCED')
  t.is((await pp(shallow, ['fetch', 'origin', String(ofRoot.json['session'])])).status, 0)
  t.is((await pp(shallow, ['replay', root, '--json'])).json.verdict, 'REPRODUCED')
  t.is((await pp(shallow, ['fetch', 'origin', 'f'.repeat(40)])).status, 3)
})

test('a partial clone is told what it lacks, gets it by one command, and stays as partial as it was', async (t) => {
  const repo = await tempRepo(t, { ...FILES, 'other.txt': 'other\n' })
  const origin = await withOrigin(repo)
  const { commit } = await proved(repo)
  await repo.git('push', '-q', 'origin', 'main')
  t.is((await pp(repo, ['push'])).status, 0)
  await repo.git('-C', origin, 'config', 'uploadpack.allowFilter', 'true')
  await repo.git('-C', origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
  const partial = await cloneOf(repo, `file://${origin}`, 'partial', '--filter=blob:none', '--no-checkout')
  const config = await partial.git('config', '--list', '--local')
  t.is((await pp(partial, ['fetch'])).status, 0)
  const without = await pp(partial, ['verify', commit, '--allow-unsigned', '--json'])
  t.is(without.json.verdict, 'INCONCLUSIVE', without.json.reason)
  t.is(without.status, 6)
  const fetched = await pp(partial, ['fetch', 'origin', commit, '--json'])
  t.is(fetched.status, 0, fetched.stderr)
  t.is((await pp(partial, ['verify', commit, '--allow-unsigned', '--json'])).json.verdict, 'PROVED_UNSIGNED')
  t.is((await pp(partial, ['replay', commit, '--json'])).json.verdict, 'REPRODUCED')
  t.is(await partial.git('config', '--list', '--local'), config)
})

test('forget withdraws one proof with the past of its notes, here and on the remote, and leaves the others', async (t) => {
  const repo = await tempRepo(t, FILES)
  const origin = await withOrigin(repo)
  const first = await proved(repo)
  const second = await proved(repo, 'better')
  t.is((await pp(repo, ['push'])).status, 0)
  const reviewer = await cloneOf(repo, origin, 'reviewer')
  t.is((await pp(reviewer, ['fetch'])).status, 0)
  const silent = await pp(repo, ['forget', second.session])
  t.is(silent.status, 2)
  t.regex(silent.stderr, /add --yes/)
  const blob = (await repo.git('notes', '--ref=pp/bundles', 'list', second.commit)).trim()

  const forgotten = await pp(reviewer, ['forget', second.session, '--remote', 'origin', '--yes', '--json'])
  t.is(forgotten.status, 0, forgotten.stderr)
  t.is((await pp(repo, ['forget', second.session, '--yes', '--json'])).status, 0)
  for (const dir of [origin, repo.dir, reviewer.dir]) {
    const reachable = await repo.git('-C', dir, 'rev-list', '--objects', '--all')
    t.false(reachable.includes(blob), dir)
    t.false((await oursOf(repo, dir)).some((ref) => ref.includes(second.session)))
  }
  for (const clone of [repo, reviewer]) {
    t.is((await pp(clone, ['show', second.session])).status, 3)
    t.is((await pp(clone, ['show', first.session])).status, 0)
  }
  const third = await proved(repo, 'best')
  t.is((await pp(repo, ['push'])).status, 0)
  t.is((await pp(reviewer, ['fetch', 'origin', third.session])).status, 0)
  t.is((await repo.git('-C', origin, 'notes', '--ref=pp/index', 'list')).split('\n').length, 2)
})
