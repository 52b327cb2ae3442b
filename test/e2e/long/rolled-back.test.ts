import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { pp } from '../../helpers/pp.ts'
import { BOB } from '../../helpers/proof.ts'
import { cloneOf, proved, withOrigin } from '../../helpers/remotes.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'

const FILES = { 'state.txt': 'bad\n' }
const ATTESTATIONS = 'refs/notes/pp/attestations'

/** A proof that its author signed and pushed, and a clone that fetched it. */
async function fetched(t: ExecutionContext) {
  const repo = await tempRepo(t, FILES)
  const origin = await withOrigin(repo)
  const proof = await proved(repo)
  await pp(repo, ['keygen', join(repo.home, 'key')])
  t.is((await pp(repo, ['attest', '--mode', 'ed25519', '--key', join(repo.home, 'key')])).status, 0)
  t.is((await pp(repo, ['push'])).status, 0)
  const reviewer = await cloneOf(repo, origin, 'reviewer')
  t.is((await pp(reviewer, ['fetch', 'origin', proof.commit])).status, 0)
  const bare = (...args: string[]) => repo.git('-C', origin, ...args)
  const verdict = async (clone: TestRepo) => {
    const verified = await pp(clone, ['verify', proof.commit, '--key', join(repo.home, 'key.pub'), '--json'])
    return verified.json.verdict
  }
  return { repo, reviewer, bare, verdict, ...proof }
}

test('an attestation that vanished from a remote stays with whoever saw it there, fetch after fetch', async (t) => {
  const { reviewer, bare, verdict, commit } = await fetched(t)
  t.is(await verdict(reviewer), 'PROVED')
  await bare('notes', '--ref', ATTESTATIONS, 'add', '-f', '-m', 'a line of somebody else', commit)
  t.is((await pp(reviewer, ['fetch'])).status, 0)
  t.is(await verdict(reviewer), 'PROVED')
  const tracked = () => reviewer.git('rev-parse', 'refs/notes-remote/origin/pp/attestations')
  const first = await tracked()
  t.is((await pp(reviewer, ['fetch'])).status, 0)
  t.is(await tracked(), first)
  for (const kind of ['attestations', 'bundles', 'index']) await bare('update-ref', '-d', `refs/notes/pp/${kind}`)
  const none = await pp(reviewer, ['fetch', '--json'])
  t.deepEqual(none.json['proofs'], [])
  t.is((await pp(reviewer, ['fetch', 'origin', commit])).status, 3)
  t.is(await verdict(reviewer), 'PROVED')
})

test('a remote that replaces a note by one too large to read takes nothing from who saw the old one', async (t) => {
  const { reviewer, bare, verdict, commit, repo } = await fetched(t)
  const large = join(repo.home, 'large')
  await writeFile(large, 'x'.repeat(17 << 20))
  for (const kind of ['attestations', 'bundles']) {
    const blob = await bare('hash-object', '-w', large)
    await bare('notes', '--ref', `refs/notes/pp/${kind}`, 'add', '-f', '-C', blob, commit)
  }
  t.is((await pp(reviewer, ['fetch'])).status, 0)
  t.is(await verdict(reviewer), 'PROVED')
  // Nor does it keep the author from reading what is theirs.
  t.is((await pp(repo, ['fetch'])).status, 0)
  t.is(await verdict(repo), 'PROVED')
})

test('who lost nothing gives it back: a push finds out by what the remote has now', async (t) => {
  const { repo, bare, commit } = await fetched(t)
  await bare('update-ref', '-d', ATTESTATIONS)
  t.regex(String((await pp(repo, ['push', '--json'])).json.reason), /^pushed 1 proof/)
  t.is((await bare('notes', '--ref', ATTESTATIONS, 'show', commit)).split('\n').length, 1)
})

test('a withdrawn proof comes back with nobody who only saw it, whatever they push of their own', async (t) => {
  const { repo, reviewer, bare, session, commit } = await fetched(t)
  t.is((await pp(repo, ['forget', session, '--remote', 'origin', '--yes'])).status, 0)
  await reviewer.git('fetch', '-q', repo.dir, 'main')
  await reviewer.git('reset', '-q', '--hard', commit)
  const own = await pp(reviewer, ['prove', 'HEAD', 'grep -qx good state.txt', '--runs', '1', '--json'])
  t.is(own.json.verdict, 'PROVED', own.json.reason)
  t.is((await pp(reviewer, ['push'])).status, 0)
  const index = await bare('notes', '--ref', 'refs/notes/pp/index', 'show', commit)
  t.false(index.includes(session))
  t.true(index.includes(String(own.json['session'])))
})

test('two clones that signed one proof and pushed: both signatures are kept, and verify counts both', async (t) => {
  const { repo, reviewer, bare, commit } = await fetched(t)
  await writeFile(join(repo.home, 'bob'), BOB)
  await pp(repo, ['keygen', join(repo.home, 'carol')])
  const sign = (clone: TestRepo, key: string) =>
    pp(clone, ['attest', commit, '--mode', 'ed25519', '--key', join(repo.home, key)])
  for (const signed of await Promise.all([sign(repo, 'carol'), sign(reviewer, 'bob')]))
    t.is(signed.status, 0, signed.stderr)
  await reviewer.git('fetch', '-q', repo.dir, 'main')
  await reviewer.git('reset', '-q', '--hard', commit)
  for (const pushed of await Promise.all([pp(repo, ['push']), pp(reviewer, ['push'])]))
    t.is(pushed.status, 0, pushed.stderr)
  t.is(new Set((await bare('notes', '--ref', ATTESTATIONS, 'show', commit)).split('\n')).size, 3)
})
