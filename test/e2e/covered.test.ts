import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { pp } from '../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../helpers/repo.ts'

const COMMAND = 'sh check.sh'
const FILES = { 'add.sh': 'echo $(($1 - $2))\n', 'check.sh': '[ "$(sh add.sh 2 3)" = 5 ]\n' }
const POLICY = `proof_targets:\n  - {name: sum, cmd: "${COMMAND}"}\npolicy:\n  gate: {covered_by: [dev@example.com]}\n`
const PULL = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request' }

interface Pull {
  readonly repo: TestRepo
  readonly covered: (...words: string[]) => Promise<{ readonly covered: boolean; readonly reason: string }>
  readonly prove: (...words: string[]) => Promise<void>
}

/** A branch with a fix and the key of its author, whom the base trusts; HEAD is the branch. */
async function pull(t: ExecutionContext, policy = POLICY): Promise<Pull> {
  const repo = await tempRepo(t, { ...FILES, 'pp.yaml': policy })
  const key = join(repo.home, 'key')
  await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key])
  const line = `dev@example.com ${await readFile(`${key}.pub`, 'utf8')}`
  await repo.commit('Trust the author', { '.pp/allowed_signers': line })
  await repo.git('checkout', '-q', '-b', 'topic')
  await repo.commit('Mend add', { 'add.sh': 'echo $(($1 + $2))\n' })
  return {
    repo,
    async prove(...words) {
      const sign = ['--sign', 'ssh', '--key', key, '--policy-from', 'main', '--json']
      const { json } = await pp(repo, ['prove', 'HEAD', ...words, ...sign])
      t.is(json.verdict, 'PROVED', json.reason)
    },
    async covered(...words) {
      const { json, status } = await pp(repo, ['covered', '--json', '--base', 'main', ...words], { env: PULL })
      const answer = json as unknown as { covered: boolean; reason: string }
      t.is(status, answer.covered ? 0 : 1)
      return answer
    },
  }
}

test('a proof by a listed signer stands for the same command on the same tree, also where a merge has it', async (t) => {
  const { repo, prove, covered } = await pull(t)
  await prove()
  const all = await covered()
  t.true(all.covered, all.reason)
  t.regex(all.reason, /^covered by the proof \w+ of [0-9a-f]{12}, which dev@example\.com signed$/)
  t.true((await covered(COMMAND)).covered)
  await repo.git('checkout', '-q', '--detach', 'main')
  await repo.git('merge', '-q', '--no-ff', '-m', 'Merge', 'topic')
  t.true((await covered()).covered)
})

test('what the job would do differently is not covered', async (t) => {
  const { repo, prove, covered } = await pull(t)
  await prove()
  t.like(await covered(`${COMMAND} --more`), { covered: false })
  t.regex((await covered('--max-age', '0s')).reason, /EXPIRED/)
  await writeFile(join(repo.dir, 'add.sh'), 'echo 5\n')
  t.regex((await covered()).reason, /not committed/)
  await repo.git('checkout', '-q', '--', '.')
  await writeFile(join(repo.dir, 'conftest.py'), '')
  t.regex((await covered()).reason, /not committed/)
  await repo.git('clean', '-qfd')
  const { json, status } = await pp(repo, ['covered', '--json', '--base', 'main'])
  t.is(status, 1)
  t.regex(String(json.reason), /pull request/)
})

test('a tree that nobody proved is not covered: a base that went on, a commit on top, an unproved commit below', async (t) => {
  const { repo, prove, covered } = await pull(t)
  await prove()
  await repo.git('checkout', '-q', 'main')
  await repo.commit('Go on', { 'other.txt': 'x\n' })
  await repo.git('checkout', '-q', '--detach', 'main')
  await repo.git('merge', '-q', '--no-ff', '-m', 'Merge', 'topic')
  t.regex((await covered()).reason, /bring the branch up to date/)
  await repo.git('checkout', '-q', 'topic')
  await repo.commit('And more', { 'more.txt': 'x\n' })
  t.regex((await covered()).reason, /MISSING/)
})

test('nobody covers without being named, and no key but that of the base counts', async (t) => {
  const off = await pull(t, POLICY.replace('covered_by: [dev@example.com]', 'min_deadline_sec: 5'))
  await off.prove()
  t.regex((await off.covered()).reason, /covered_by of main names nobody/)
  const other = await pull(t, POLICY.replace('dev@', 'ci@'))
  await other.prove()
  t.regex((await other.covered()).reason, /names none of those who proved it: dev@example\.com/)
  const { repo, covered } = await pull(t)
  await pp(repo, ['prove', 'HEAD', '--policy-from', 'main'])
  t.regex((await covered()).reason, /UNSIGNED/)
})

test('a proof whose runs saw more than the tree is not covered', async (t) => {
  const { repo, prove, covered } = await pull(t, POLICY.replace('policy:\n', 'policy:\n  env: {allow: [SEEN]}\n'))
  await prove()
  t.regex((await covered()).reason, /saw the variable SEEN/)
  const { stderr } = await pp(repo, ['covered'], { env: PULL })
  t.regex(stderr, /--base REF/)
})
