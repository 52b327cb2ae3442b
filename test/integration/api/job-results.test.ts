import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test from 'ava'
import { collectTools } from '../../../src/engine/api/jobs/open-batch.ts'
import { planCommits, planPatches } from '../../../src/engine/api/jobs/plan.ts'
import { keygen } from '../../../src/engine/api/keygen.ts'
import { proveJob } from '../../../src/engine/api/worker/prove-job.ts'
import type { Served } from '../../../src/engine/api/worker/served.ts'
import { encodeResult, queueOf, resultMessage } from '../../../src/engine/core/jobs/index.ts'
import { checkResult } from '../../../src/engine/flows/jobs/index.ts'
import type { AskedJob, BatchHead, JobResult } from '../../../src/engine/model/job.ts'
import { WorkerGrants } from '../../../src/engine/model/worker.ts'
import type { Broker } from '../../../src/engine/ports/broker.ts'
import type { Signer } from '../../../src/engine/ports/signer.ts'
import { signerAt, withRepository } from '../../../src/engine/wiring/index.ts'
import { CALC } from '../../helpers/calc.ts'
import { callerOf } from '../../helpers/caller.ts'
import { PYTHON } from '../../helpers/needs.ts'
import { type TestRepo, tempRepo, type Undoing } from '../../helpers/repo.ts'

const URL = 'ssh://test.example/p.git'
const COMMAND = `${PYTHON} -m pytest -q`
const WRONG = `--- a/calc.py\n+++ b/calc.py\n@@ -1,3 +1,3 @@\n def add(a, b):\n-    return a - b\n+    return a * b\n \n`
const RIGHT = WRONG.replace('a * b', 'a + b')

/** A repository that is both the clone of a worker and that of the asker, with two keys of which one is trusted. */
async function setting(t: Undoing) {
  const repo = await tempRepo(t, CALC)
  const caller = callerOf(repo)
  const key = async (name: string) => {
    const made = await keygen(caller, path.join(repo.home, name))
    return signerAt(caller, { mode: 'ed25519', place: { file: made.file }, scratch: repo.home })
  }
  const [signer, stranger] = [await key('w1'), await key('w2')]
  const workers = path.join(repo.home, 'workers.pub')
  await fs.copyFile(path.join(repo.home, 'w1.pub'), workers)
  const head = { asker: 'alice', workers } as BatchHead
  return { repo, caller, signer, stranger, head }
}

/** How a result differs from what an honest worker sends. */
interface Checking {
  readonly asked?: AskedJob
  readonly by?: Signer
  readonly worker?: string
  readonly change?: (text: string) => string
  readonly ordinals?: readonly number[]
}

/** What a worker says about a job, as it would be signed. */
async function resultOf(
  { caller, signer, repo }: Pick<Awaited<ReturnType<typeof setting>>, 'caller' | 'signer' | 'repo'>,
  { key, job }: AskedJob,
  served: Partial<Served['repository']> = {},
): Promise<JobResult> {
  const clone = {
    ...{ dir: repo.dir, fetch: async () => {}, unreachable: async () => [], tidy: async () => {} },
    commitText: async (oid: string) => `${await repo.git('cat-file', 'commit', oid)}\n`,
  }
  const repository = { url: URL, askers: ['alice'], refs: ['refs/heads/*'], allow: WorkerGrants.parse({}), ...served }
  const one: Served = { repository, have: async () => {}, within: (use) => use(clone) }
  const by = {
    caller,
    served: new Map([[queueOf({ repository: URL, environment: null }), one]]),
    signer,
    listDir: repo.home,
  }
  const outcome = await proveJob(by, job, 'alice', new AbortController().signal)
  return { v: 1, key, asker: 'alice', ordinal: 1, worker: 'w1', ...outcome, seconds: 1 }
}

async function planned(repo: TestRepo, lines: readonly object[], more = {}) {
  const text = async function* () {
    for (const one of lines) yield JSON.stringify(one)
  }
  const options = { include: [], env: [], keepWorktrees: false, runs: 1, ...more }
  return withRepository(callerOf(repo), (openRepo) =>
    planPatches(callerOf(repo), openRepo, { options, command: COMMAND, repository: URL }, text()),
  )
}

test('a result is believed only if a trusted key signed what was asked for', async (t) => {
  const it = await setting(t)
  const { repo, caller, signer, stranger, head } = it
  const { jobs } = await planned(repo, [{ patch: RIGHT }, { patch: WRONG }])
  const [right, wrong] = jobs as [AskedJob, AskedJob]
  const proved = await resultOf(it, right)
  const failed = await resultOf(it, wrong)
  t.deepEqual([proved.verdict, failed.verdict], ['PROVED', 'NOT_FIXED'])
  await withRepository(caller, async (openRepo) => {
    const tools = await collectTools(caller, openRepo, {} as Broker, head)
    const check = async (result: JobResult, how: Checking = {}) => {
      const { asked = right, by = signer, worker = 'w1', change = (same) => same, ordinals = [1] } = how
      const { key } = asked
      const text = encodeResult(result, await by.sign(resultMessage(result)))
      const bytes = new TextEncoder().encode(change(text))
      const found = await checkResult(tools, { bytes, key, worker }, asked, {
        asker: 'alice',
        ordinals: new Set(ordinals),
      })
      return found.is === 'believed' ? 'believed' : `${found.is}: ${found.why}`
    }
    t.is(await check(proved), 'believed')
    t.is(await check(failed, { asked: wrong }), 'believed')

    t.regex(await check(proved, { by: stranger }), /^dropped: no trusted key/)
    t.regex(await check(proved, { change: (text) => text.replace('PROVED', 'RIGGED') }), /^dropped: no trusted key/)
    t.regex(await check(proved, { change: () => 'x'.repeat(5_000_000) }), /^dropped: it has 5000000 bytes/)
    t.regex(await check(proved, { asked: wrong }), /^dropped: it was signed for another job/)
    t.regex(await check(proved, { worker: 'w2' }), /^dropped: it was signed for another job, or by another worker/)
    t.regex(await check({ ...proved, asker: 'bob' }), /^dropped: it was signed for another job/)
    t.regex(await check(proved, { ordinals: [2] }), /^dropped: it answers an asking that is over/)

    t.regex(await check({ ...failed, key: right.key, verdict: 'PROVED', final: true }), /^wrong: .* another verdict/)
    t.regex(await check({ ...failed, verdict: 'PROVED' }, { asked: wrong }), /^wrong: .* does not fit its commit/)
    t.regex(await check({ ...proved, lines: null }), /^wrong: it says PROVED without a record/)
    t.regex(await check({ ...proved, key: wrong.key }, { asked: wrong }), /^wrong: its record has another change/)
    const other = (job: Partial<AskedJob['job']>) => ({ asked: { ...right, job: { ...right.job, ...job } } })
    t.regex(await check(proved, other({ base: 'c'.repeat(40) })), /^wrong: its record has another base/)
    t.regex(await check(proved, other({ policy: 'c'.repeat(40) })), /^wrong: its record has another policy/)
    t.regex(await check(proved, other({ runs: 2 })), /^wrong: its record has fewer runs/)
    t.regex(await check(proved, other({ floor: 99 })), /^wrong: its record has a weaker sandbox/)
    const targets = right.targets.map((one) => ({ ...one, command: { shell: 'false' } }))
    t.regex(await check(proved, { asked: { ...right, targets } }), /^wrong: its record has another command/)
    t.regex(await check(proved, { asked: { ...right, tree: right.baseTree } }), /^wrong: its record has another change/)

    t.is(await check({ ...proved, made: failed.made }), 'wrong: it made a commit, although one was to be proved')
    const made = failed.made ?? ''
    const instead = (other: string) => check({ ...failed, made: other }, { asked: wrong })
    t.regex(await instead(made.replace(/^tree \w+/, `tree ${wrong.tree}`)), /^wrong: its commit has another tree/)
    t.regex(
      await instead(made.replace(/^parent \w+/m, `parent ${'c'.repeat(40)}`)),
      /^wrong: its commit has another parent/,
    )
    t.regex(await instead(made.replace(/^author/m, 'gpgsig x\nauthor')), /^wrong: its commit has other headers/)
    t.regex(await instead(`${made}\n`), /^wrong: its commit has another id/)
    const lines = proved.lines ?? { bundle: '', attestations: [] }
    t.regex(await check({ ...proved, lines: { ...lines, attestations: [] } }), /^wrong: UNSIGNED/)
    const cut = lines.bundle.replace(/"reason\\":\\"[^"]/, (text) => `${text}x`)
    t.regex(await check({ ...proved, lines: { ...lines, bundle: cut } }), /^wrong: its record cannot be read/)
  })
})

test('a worker refuses what its list does not grant, and says why', async (t) => {
  const it = await setting(t)
  const { repo } = it
  const { jobs } = await planned(repo, [{ patch: RIGHT }])
  const [asked] = jobs as [AskedJob]
  const refused = async (job: Partial<AskedJob['job']>, served: Partial<Served['repository']> = {}) => {
    const { verdict, reason, session } = await resultOf(it, { ...asked, job: { ...asked.job, ...job } }, served)
    t.is(session, null)
    return `${verdict}: ${reason}`
  }
  for (const repository of ['ext::sh -c id', 'file:///etc', 'https://example.com/other.git', `${URL}/`])
    t.regex(await refused({ repository }), /^NOT_RUN: this worker does not serve /)
  t.regex(await refused({}, { askers: ['bob'] }), /^NOT_RUN: this worker does nothing in .* for alice$/)
  t.regex(await refused({ policy: 'c'.repeat(40) }), /^NOT_RUN: the policy of the base is not the one/)
  await fs.writeFile(path.join(repo.home, 'own.yaml'), 'policy: {allowed_commands: ["make check"]}\n')
  t.regex(await refused({}, { policy: 'own.yaml' }), /^NOT_RUN: .*own\.yaml/)

  await repo.commit('a policy that asks for much', {
    'pp.yaml':
      'policy:\n  network: allow\n  env: {allow: [TOKEN]}\n  worktree: {setup: "curl x", setup_network: allow, include: [.env]}\n',
  })
  const wishes = await planned(repo, [{ patch: RIGHT }])
  const [more] = wishes.jobs as [AskedJob]
  const wanting = await resultOf(it, more)
  t.is(wanting.verdict, 'NOT_RUN')
  for (const wish of [
    /the network, which this worker does not grant/,
    /the setup "curl x"/,
    /the variables TOKEN/,
    /the files .env/,
  ])
    t.regex(wanting.reason, wish)
})

test('what cannot be asked for is answered at once', async (t) => {
  const { repo, caller } = await setting(t)
  const { jobs, faults } = await planned(repo, [
    { id: 'bad', patch: RIGHT.replace('a - b', 'a / b') },
    { id: 'empty', patch: '' },
    { id: 'large', patch: `${'x'.repeat(600_000)}` },
    { id: 'base', patch: RIGHT, base: 'nowhere' },
    { id: 'good', patch: RIGHT },
  ])
  t.deepEqual(
    faults.map(({ id, verdict }) => [id, verdict]),
    ['bad', 'empty', 'large', 'base'].map((id) => [id, 'USAGE']),
  )
  t.deepEqual(
    jobs.map(({ id }) => id),
    ['good'],
  )
  const options = { include: [], env: [], keepWorktrees: false }
  const plan = (change: string, repository?: string) =>
    withRepository(caller, (openRepo) =>
      planCommits(caller, openRepo, { options, command: COMMAND, ...(repository && { repository }) }, change),
    )
  await t.throwsAsync(plan('HEAD'), { message: /no remote called origin/ })
  await t.throwsAsync(plan('HEAD', '/srv/git/p'), { message: /https:\/\/ and ssh:\/\// })
  await t.throwsAsync(plan('nowhere', URL), { message: /no commit nowhere/ })
  await t.throwsAsync(plan('HEAD', URL), { message: /has no parent/ })
  const second = await repo.commit('second', { 'x.txt': 'x' })
  const [one] = (await plan('HEAD', 'git@example.com:p.git')).jobs
  t.like(one, { id: second, job: { repository: 'ssh://git@example.com/p.git', change: { commit: second } } })
})
