import test from 'ava'
import { fetchFlow } from '../../../../src/engine/flows/exchange/fetch.ts'
import { forgetFlow } from '../../../../src/engine/flows/exchange/forget.ts'
import { pushFlow } from '../../../../src/engine/flows/exchange/push.ts'
import { proveFlow } from '../../../../src/engine/flows/prove/prove.ts'
import { findProof } from '../../../../src/engine/flows/store/find-proof.ts'
import { CALC, RIGHT, type Story, sessionOf } from '../../../support/fakes.ts'
import { pushTools, remoteOf } from '../../../support/remote.ts'
import { type Repository, repositoryIn } from '../../../support/repository.ts'

const PUSH = { proofs: [], withAttempts: false, withSnapshot: false, dryRun: false }

/** A repository with a proof in it; `nth` names its session. */
async function proved(nth = 1, repository: Repository = repositoryIn(), more: Partial<Story> = {}) {
  const { session, existing } = await sessionOf({ base: CALC, change: RIGHT, nth, repository, ...more })
  const { commit } = await proveFlow(session, existing)
  return { repository, session: session.id, commit }
}

const fetching = (repository: Repository, remote: ReturnType<typeof remoteOf>, wanted: readonly string[] = []) =>
  fetchFlow({ proofStore: repository, objects: repository.objects, remote }, wanted)

test('the newest proof is pushed with its commit, and a second push has nothing to send', async (t) => {
  const { repository, session, commit } = await proved()
  const remote = remoteOf(repository)
  const pushed = await pushFlow(pushTools(repository, remote), PUSH)
  t.deepEqual(pushed.proofs, [{ session, commit }])
  t.deepEqual([...remote.names.keys()].sort(), [
    'refs/notes/pp/bundles',
    'refs/notes/pp/index',
    `refs/pp/${session}/final`,
  ])
  const again = await pushFlow(pushTools(repository, remote), PUSH)
  t.deepEqual(again.proofs, [])
  t.is(remote.pushes.length, 1)
})

test('a dry run says what would be sent, and sends nothing', async (t) => {
  const { repository } = await proved()
  const remote = remoteOf(repository)
  const pushed = await pushFlow(pushTools(repository, remote), { ...PUSH, dryRun: true })
  t.is(pushed.proofs.length, 1)
  t.is(remote.pushes.length, 0)
})

test('what looks like a secret keeps everything back', async (t) => {
  const { repository } = await proved()
  const remote = remoteOf(repository)
  const key = `-----BEGIN ${'RSA'} PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA'.repeat(20)}\n-----END ${'RSA'} PRIVATE KEY-----\n`
  const pushed = await pushFlow(pushTools(repository, remote, { 'key.pem': key }), PUSH)
  t.deepEqual(
    pushed.secrets.map(({ path }) => path),
    ['key.pem'],
  )
  t.is(remote.pushes.length, 0)
})

test('so does the value of a variable in a file, in a name or in a message, and no name repeats it', async (t) => {
  const { repository } = await proved()
  const remote = remoteOf(repository)
  const secrets = [{ name: 'DB_PASSWORD', value: 'Canary-hunter2' }]
  const sends = { 'a.py': 'x = "Canary-hunter2"', 'conf/Canary-hunter2.txt': 'x', 'b.py': 'nothing' }
  const pushed = await pushFlow(pushTools(repository, remote, sends, secrets), PUSH)
  t.deepEqual(pushed.secrets, [
    { rule: 'value of DB_PASSWORD', path: 'a.py' },
    { rule: 'value of DB_PASSWORD', path: 'conf/[redacted:DB_PASSWORD].txt' },
  ])
  t.is(remote.pushes.length, 0)
})

test('where another writer is faster it is tried again, and the lines of both are there', async (t) => {
  const { repository, commit } = await proved()
  const remote = remoteOf(repository)
  remote.before = async (nth) => {
    if (nth > 2) return
    const theirs = new Map([[`${nth}`.repeat(40), new TextEncoder().encode('{}\n')]])
    const tip = remote.names.get('refs/notes/pp/bundles') ?? null
    remote.names.set('refs/notes/pp/bundles', await repository.notes.commit(tip, theirs, 'kept'))
  }
  await pushFlow(pushTools(repository, remote), PUSH)
  const there = await repository.notes.list(remote.names.get('refs/notes/pp/bundles') ?? '')
  t.deepEqual([...there].sort(), ['1'.repeat(40), '2'.repeat(40), commit].sort())
})

test('a remote that does not take a ref is a fault in its own words', async (t) => {
  const { repository } = await proved()
  const remote = remoteOf(repository)
  remote.refuses = (ref) => (ref.startsWith('refs/notes/') ? 'protected by a hook' : null)
  await t.throwsAsync(() => pushFlow(pushTools(repository, remote), PUSH), { message: /protected by a hook$/ })
})

test('a proof that started from uncommitted work stays, unless that is asked for', async (t) => {
  const { repository, session } = await proved(1, repositoryIn(), { snapshot: true })
  const remote = remoteOf(repository)
  const pushed = await pushFlow(pushTools(repository, remote), PUSH)
  t.deepEqual(pushed.proofs, [])
  t.regex(pushed.warnings.join(), /--with-snapshot/)
  await t.throwsAsync(() => pushFlow(pushTools(repository, remote), { ...PUSH, proofs: [session] }), { code: 'USAGE' })
  const asked = await pushFlow(pushTools(repository, remote), { ...PUSH, withSnapshot: true })
  t.is(asked.proofs.length, 1)
})

test('a fetch brings every proof beside ours, and says which ones are new', async (t) => {
  const { repository, session, commit } = await proved()
  const remote = remoteOf(repository)
  await pushFlow(pushTools(repository, remote), PUSH)
  const other = repositoryIn(repository.store)
  t.deepEqual((await fetching(other, remote)).proofs, [{ session, commit, isNew: true }])
  t.deepEqual((await fetching(other, remote)).proofs, [{ session, commit, isNew: false }])
  const found = await findProof(other, session)
  t.like(found, { commit, from: 'origin' })
  t.is(other.names.get(`refs/pp-remote/origin/${session}/final`), commit)
  t.false([...other.names.keys()].some((ref) => ref.startsWith('refs/notes/pp/')))
})

test('a fetch of one proof brings no other, and of none that is there it says so', async (t) => {
  const { repository } = await proved()
  const second = await proved(2, repository)
  const remote = remoteOf(repository)
  await pushFlow(pushTools(repository, remote), {
    ...PUSH,
    proofs: [(await proved(3, repository)).session, second.session],
  })
  const other = repositoryIn(repository.store)
  const { proofs } = await fetching(other, remote, [second.session])
  t.deepEqual(
    proofs.map(({ session }) => session),
    [second.session],
  )
  t.deepEqual(
    [...other.names.keys()].filter((ref) => ref.startsWith('refs/pp-remote/')),
    [`refs/pp-remote/origin/${second.session}/final`],
  )
  await t.throwsAsync(() => fetching(other, remote, ['f'.repeat(40)]), { code: 'NO_PROOF' })
})

test('names that git pp does not write are not taken, and are told', async (t) => {
  const { repository } = await proved()
  const remote = remoteOf(repository)
  await pushFlow(pushTools(repository, remote), PUSH)
  remote.names.set('refs/pp/not-a-session/final', 'a'.repeat(40))
  const other = repositoryIn(repository.store)
  const { warnings } = await fetching(other, remote)
  t.deepEqual(warnings, ['origin has refs/pp/not-a-session/final, which git pp never writes, so this was not fetched'])
  t.false([...other.names.values()].includes('a'.repeat(40)))
})

test('what a remote has lost since it was fetched stays here', async (t) => {
  const { repository, session } = await proved()
  const remote = remoteOf(repository)
  await pushFlow(pushTools(repository, remote), PUSH)
  const other = repositoryIn(repository.store)
  await fetching(other, remote)
  for (const kind of ['bundles', 'index'])
    remote.names.set(`refs/notes/pp/${kind}`, await repository.notes.commit(null, new Map(), 'dropped'))
  await fetching(other, remote)
  t.is((await findProof(other, session)).repro.session, session)
})

test('a proof that is withdrawn is gone here and there, after a question', async (t) => {
  const { repository, session, commit } = await proved()
  const second = await proved(2, repository)
  const remote = remoteOf(repository)
  await pushFlow(pushTools(repository, remote), { ...PUSH, proofs: [session, second.session] })
  const questions: string[] = []
  const tools = { proofStore: repository, remote, pause: async () => {} }
  const confirm = async (question: string) => {
    questions.push(question)
  }
  const gone = await forgetFlow({ ...tools, confirm }, session)
  t.like(gone, { session, commit, remote: 'origin' })
  t.regex(questions.join(), /^Remove session/)
  await t.throwsAsync(() => findProof(repository, session), { code: 'NO_PROOF' })
  t.false(remote.names.has(`refs/pp/${session}/final`))
  t.is((await findProof(repository, second.session)).repro.session, second.session)
})

test('a proof that nobody agrees to withdraw stays', async (t) => {
  const { repository, session } = await proved()
  const confirm = () => Promise.reject(new Error('no'))
  await t.throwsAsync(() =>
    forgetFlow({ proofStore: repository, remote: null, confirm, pause: async () => {} }, session),
  )
  t.is((await findProof(repository, session)).repro.session, session)
})
