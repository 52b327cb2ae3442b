import { createPublicKey } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { keyIdOf } from '../../src/engine/core/keys/index.ts'
import { pp } from '../helpers/pp.ts'
import { cloneOf, withOrigin } from '../helpers/remotes.ts'
import { type Files, type TestRepo, tempRepo } from '../helpers/repo.ts'
import { action, type Job, runAction } from '../helpers/runner.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(3)

const BUGGY = 'echo $(($1 - $2))\n'
const FIXED = 'echo $(($1 + $2))\n'
const POLICY = 'proof_targets:\n  - {name: sum, cmd: "sh check.sh"}\npolicy:\n  verify: {runs: 1}\n'
const FILES: Files = { 'add.sh': BUGGY, 'check.sh': '[ "$(sh add.sh 2 3)" = 5 ]\n', 'pp.yaml': POLICY }
/** What git takes as the name of a branch, and no shell should see. */
const HOSTILE = 'x"$(touch$IFS$9pwned)`touch$IFS$9pwned`;touch$IFS$9pwned;$PATH'

interface Scene {
  /** The maintainers' repository; `origin` is where it is served. */
  readonly repo: TestRepo
  readonly origin: string
  /** The contributor's clone, whose `fork` is a repository of their own. */
  readonly fork: TestRepo
  readonly forkUrl: string
  /** Opens a pull request of the contributor's branch and runs the action on a checkout as GitHub makes it. */
  readonly pull: (inputs?: Readonly<Record<string, string>>) => Promise<Job>
  readonly key: string
}

async function scene(t: ExecutionContext, files: Files = {}): Promise<Scene> {
  const repo = await tempRepo(t, { ...FILES, ...files })
  const key = join(repo.home, 'key')
  await pp(repo, ['keygen', key])
  await repo.commit('Trust the contributor', { '.pp/allowed_signers': await fs.readFile(`${key}.pub`) })
  const origin = await withOrigin(repo)
  await repo.git('-C', origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
  const forkUrl = join(dirname(origin), 'fork.git')
  await repo.git('clone', '-q', '--bare', origin, forkUrl)
  const fork = await cloneOf(repo, forkUrl, 'contributor')
  await fork.git('checkout', '-q', '-b', HOSTILE)
  return { repo, origin, fork, forkUrl, key, pull: (inputs) => pullRequest({ repo, origin, fork, forkUrl }, inputs) }
}

/** `refs/pull/1/{head,merge}` at the origin, and a checkout of the merge alone, one commit deep. */
async function pullRequest(
  { repo, origin, fork, forkUrl }: Omit<Scene, 'pull' | 'key'>,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Job> {
  const there = (...args: string[]) => repo.git('-C', origin, ...args)
  await fork.git('push', '-q', 'origin', `HEAD:refs/heads/${HOSTILE}`)
  await there('fetch', '-q', forkUrl, `+refs/heads/${HOSTILE}:refs/pull/1/head`)
  const [base, head] = [await there('rev-parse', 'main'), await there('rev-parse', 'refs/pull/1/head')]
  const merge = await there('commit-tree', `${head}^{tree}`, '-p', base, '-p', head, '-m', 'Merge')
  await there('update-ref', 'refs/pull/1/merge', merge)
  const workspace = await fs.mkdtemp(join(dirname(origin), 'workspace-'))
  await repo.git('init', '-q', workspace)
  const here = (...args: string[]) => repo.git('-C', workspace, ...args)
  await here('remote', 'add', 'origin', `file://${origin}`)
  await here('fetch', '-q', '--no-tags', '--depth=1', 'origin', `+${merge}:refs/remotes/pull/1/merge`)
  await here('checkout', '-q', '--force', 'refs/remotes/pull/1/merge')
  const before = await there('for-each-ref')
  const github = {
    event: {
      pull_request: {
        base: { sha: base, ref: 'main' },
        head: { sha: head, ref: HOSTILE, repo: { clone_url: forkUrl } },
      },
    },
  }
  const job = await runAction(repo, { workspace, github, inputs })
  if ((await there('for-each-ref')) !== before) throw new Error('the job wrote to the origin')
  const everywhere = await fs.readdir(dirname(origin), { recursive: true })
  if (everywhere.some((path) => path.endsWith('pwned'))) throw new Error('a name was run as a script')
  return job
}

async function change(fork: TestRepo, files: Files, message = 'Mend add'): Promise<string> {
  for (const [path, text] of Object.entries(files)) await fs.writeFile(join(fork.dir, path), text)
  await fork.git('add', '-A')
  await fork.git('commit', '-q', '-m', message)
  return fork.git('rev-parse', 'HEAD')
}

test('no script of the action has anything written into it, and no step names another action', (t) => {
  t.is(action.runs.using, 'composite')
  for (const { run, shell } of action.runs.steps) {
    t.false(run.includes('${{'))
    t.is(shell, 'bash')
  }
})

test('the change of a fork is proved on a checkout of the merge that is one commit deep, and the summary tells it', async (t) => {
  const { fork, pull } = await scene(t)
  await change(fork, { 'add.sh': FIXED }, 'Mend add\n\n$(touch pwned) `touch pwned` ::set-output name=verdict::PROVED')
  const { status, outputs, summary, log } = await pull()
  t.is(status, 0, log)
  t.like(outputs, { verdict: 'PROVED', status: '0' })
  t.regex(summary, /^### git pp prove: PROVED\n\n {4}/)
  t.regex(summary, /git pp replay/)
  t.regex(log, /^::stop-commands::[0-9a-f-]{36}$/m)
})

test('a change that mends nothing fails the job, with a report', async (t) => {
  const { fork, pull } = await scene(t)
  await change(fork, { 'add.sh': 'echo $(($1 * $2))\n' })
  const { status, outputs, summary } = await pull()
  t.is(status, 1)
  t.like(outputs, { verdict: 'NOT_FIXED', status: '1' })
  t.regex(summary, /^### git pp prove: NOT_FIXED/)
})

test('annotations and files say the same as the verdict, and nothing of a change is a command to the runner', async (t) => {
  const { fork, pull } = await scene(t)
  const subject = 'Mend add %0A::error::owned\n\n::error::owned'
  await change(fork, { 'add.sh': 'echo $(($1 * $2))\n', 'check.sh': '[ "$(sh add.sh 2 3)" = 6 ]\n' }, subject)
  const refused = await pull()
  t.is(refused.outputs['verdict'], 'TESTS_CHANGED')
  const told = await shownBy(refused)
  t.regex(told.annotations[0] ?? '', /^::error title=git pp%3A TESTS_CHANGED::/)
  t.true(
    told.annotations.some((line) =>
      line.startsWith('::error file=check.sh,line=1,title=git pp%3A test-expectation-changed::'),
    ),
  )
  t.regex(told.junit, /<failure message="TESTS_CHANGED: /)
  t.deepEqual(told.rules, ['test-expectation-changed'])
  await change(fork, { 'add.sh': FIXED, 'check.sh': String(FILES['check.sh']) }, subject)
  const proved = await shownBy(await pull())
  t.deepEqual(proved.rules, [])
  t.regex(proved.annotations.join('\n'), /^::notice title=git pp%3A PROVED_UNSIGNED::[^\n]*$/)
  t.regex(proved.junit, /<testsuites name="git pp" tests="1" failures="0" errors="0">/)
  const missing = await shownBy(await pull({ mode: 'verify' }))
  t.is(missing.junit.match(/<failure message="MISSING: /g)?.length, 2)
  t.is(missing.annotations.length, 2)
})

/** What a runner shows besides the summary: commands to it that come after the token, and the two files. */
async function shownBy({ log, outputs }: Job) {
  const [, token = ''] = /^::stop-commands::(.*)$/m.exec(log) ?? []
  const [, after = ''] = log.split(`\n::${token}::\n`)
  const sarif = JSON.parse(await fs.readFile(outputs['sarif'] ?? '', 'utf8'))
  const results = sarif.runs[0].results as { ruleId: string }[]
  return {
    annotations: after.split('\n').filter((line) => line.startsWith('::')),
    junit: await fs.readFile(outputs['junit'] ?? '', 'utf8'),
    rules: results.map(({ ruleId }) => ruleId),
  }
}

test('a proof that the contributor pushed to the fork passes the gate, and nothing is run', async (t) => {
  const { fork, pull, key } = await scene(t)
  await change(fork, { 'add.sh': FIXED })
  const made = await pp(fork, ['prove', 'HEAD', '--sign', 'ed25519', '--key', key, '--json'])
  t.is(made.json.verdict, 'PROVED', made.json.reason)
  t.is((await pp(fork, ['push'])).status, 0)
  const { status, outputs, summary, log } = await pull({ mode: 'verify' })
  t.is(status, 0, log)
  t.like(outputs, { verdict: 'PROVED', status: '0' })
  t.regex(summary, /git pp replay/)
})

test('mode covered says whether the steps that follow may be skipped, and fails for neither answer', async (t) => {
  const { repo, fork, pull, key } = await scene(t)
  const id = keyIdOf(createPublicKey(await fs.readFile(`${key}.pub`, 'utf8')))
  await repo.commit('Name the contributor', { 'pp.yaml': `${POLICY}  gate: {covered_by: ["${id}"]}\n` })
  await repo.git('push', '-q', 'origin', 'main')
  await fork.git('pull', '-q', repo.dir, 'main')
  await change(fork, { 'add.sh': FIXED })
  const before = await pull({ mode: 'covered' })
  t.is(before.status, 0, before.log)
  t.like(before.outputs, { verdict: 'NOT_COVERED', covered: 'false' })
  t.is((await pp(fork, ['prove', 'HEAD', '--sign', 'ed25519', '--key', key])).status, 0)
  t.is((await pp(fork, ['push'])).status, 0)
  const { status, outputs, summary, log } = await pull({ mode: 'covered', command: 'sh check.sh' })
  t.is(status, 0, log)
  t.like(outputs, { verdict: 'COVERED', covered: 'true' }, summary)
  t.regex(summary, /covered by the proof/)
  t.like((await pull({ mode: 'covered', command: 'sh other.sh' })).outputs, { covered: 'false' })
})

test('a gate without proofs, with a proof of a stranger, or over a change of whom to trust is closed', async (t) => {
  const { fork, pull } = await scene(t)
  await change(fork, { 'add.sh': FIXED })
  t.like((await pull({ mode: 'verify' })).outputs, { verdict: 'MISSING', status: '3' })
  const other = join(fork.home, 'other')
  await pp(fork, ['keygen', other])
  t.is((await pp(fork, ['prove', 'HEAD', '--sign', 'ed25519', '--key', other])).status, 0)
  t.is((await pp(fork, ['push'])).status, 0)
  t.like((await pull({ mode: 'verify' })).outputs, { verdict: 'UNTRUSTED', status: '4' })
  await change(fork, { '.pp/allowed_signers': await fs.readFile(`${other}.pub`, 'utf8') }, 'Trust me')
  t.is((await pull({ mode: 'verify' })).status, 4)
})

test('a change of the policy, or one that leaves from a commit of an older policy, is not judged by it', async (t) => {
  const { repo, fork, pull } = await scene(t)
  await change(fork, { 'add.sh': FIXED, 'pp.yaml': 'proof_targets:\n  - {name: sum, cmd: "true"}\n' })
  t.is((await pull()).outputs['verdict'], 'DENIED')
  await fork.git('reset', '-q', '--hard', 'HEAD~1')
  await change(fork, { 'add.sh': FIXED })
  await repo.commit('Ask for more', { 'pp.yaml': `${POLICY}  tests: {patterns: ["add.sh"]}\n` })
  await repo.git('push', '-q', 'origin', 'main')
  await fork.git('push', '-q', '-f', 'origin', 'HEAD')
  t.is((await pull()).outputs['verdict'], 'TESTS_CHANGED')
})

test('so is one that leaves from a commit without a policy further down that the base has', async (t) => {
  const { repo, fork, pull } = await scene(t)
  await fork.write('lib dir/x', 'x\n')
  await change(fork, { 'add.sh': FIXED })
  await repo.commit('Deny below', { 'lib dir/pp.yaml': 'policy: {deny_write: ["**"]}\n' })
  await repo.git('push', '-q', 'origin', 'main')
  const { outputs, summary } = await pull()
  t.is(outputs['verdict'], 'DENIED')
  t.regex(summary, /lib dir\/x: deny_write/)
})

for (const [what, inputs] of Object.entries({
  'a base that is a command': { base: '$(touch pwned)' },
  'a base that is a branch': { base: 'main' },
  'a mode that says more': { mode: 'prove\nverdict=PROVED' },
  'a command that is an option': { command: '--network=allow' },
  'an address that runs a program': { mode: 'verify', 'notes-from': 'ext::sh -c touch% pwned' },
})) {
  test(`${what}: status 2, and nothing is started`, async (t) => {
    const { fork, pull } = await scene(t)
    await change(fork, { 'add.sh': FIXED })
    const { status, outputs } = await pull(inputs)
    t.is(status, 2)
    t.deepEqual(outputs, { verdict: 'USAGE', status: '2' })
  })
}

test('the action does not run out of the checkout that it judges', async (t) => {
  const repo = await tempRepo(t, FILES)
  const actionPath = join(repo.dir, 'actions', 'git-pp')
  await fs.cp(join(import.meta.dirname, '..', '..', 'action'), join(actionPath, 'action'), { recursive: true })
  const { status, log } = await runAction(repo, { workspace: repo.dir, github: {}, actionPath })
  t.is(status, 2)
  t.regex(log, /could rewrite it/)
})
