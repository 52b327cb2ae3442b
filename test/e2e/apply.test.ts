import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

import { pp, type Ran } from '../helpers/pp.ts'
import { cloneOf, withOrigin } from '../helpers/remotes.ts'
import { fsckClean, type TestRepo, tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(3)

const FILES = { 'state.txt': 'bad\nend\n', 'other.txt': 'a\n', '.gitignore': 'ignored\n' }
const COMMAND = 'grep -qx good state.txt'
const MEND = '--- a/state.txt\n+++ b/state.txt\n@@ -1,2 +1,2 @@\n-bad\n+good\n end\n'
const NEW =
  'diff --git a/dir/new.txt b/dir/new.txt\nnew file mode 100644\n--- /dev/null\n+++ b/dir/new.txt\n@@ -0,0 +1 @@\n+new\n'

/** A `run` that proved `patch`. */
async function ran(repo: TestRepo, patch = MEND, ...more: string[]): Promise<Ran & { session: string; final: string }> {
  const args = ['run', COMMAND, '--json', '--provider', 'stub', '--runs', '1', '--no-minimize', ...more]
  const env = { PP_STUB_REPLY: `\`\`\`diff\n${patch}\`\`\`\n` }
  const made = await pp(repo, args, { env })
  if (made.json.verdict !== 'PROVED') throw new Error(`${made.json.verdict}: ${made.json.reason} ${made.stderr}`)
  return { ...made, session: String(made.json['session']), final: String(made.json['final']) }
}

const inFile = (repo: TestRepo, name: string) => readFile(`${repo.dir}/${name}`, 'utf8')

test('apply changes files and index, new files included, and leaves other work as it is', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { session } = await ran(repo, MEND + NEW, '--allow', 'dir/new.txt')
  await repo.write('other.txt', 'mine\n')
  await repo.git('add', 'other.txt')
  await repo.write('other.txt', 'mine, later\n')
  const head = await repo.git('rev-parse', 'HEAD')
  const { status, json } = await pp(repo, ['apply', '--json'])
  t.is(status, 0, json.reason)
  t.deepEqual(json['files'], ['dir/new.txt', 'state.txt'])
  t.is(await repo.git('status', '--porcelain'), 'A  dir/new.txt\nMM other.txt\nM  state.txt')
  t.is(await inFile(repo, 'state.txt'), 'good\nend\n')
  t.is(await repo.git('rev-parse', 'HEAD'), head)
  const again = await pp(repo, ['apply', session, '--json'])
  t.regex(String(again.json.reason), /already applied/)
  t.is(again.status, 0)
})

test('a proof over uncommitted work applies to that very work and says so as the next step', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.write('state.txt', 'bad\nend\nmy own line\n')
  const patch = MEND.replace('1,2 +1,2', '1,3 +1,3').concat(' my own line\n')
  const { session } = await ran(repo, patch)
  t.regex((await pp(repo, ['show', session])).stdout, new RegExp(`^next: +git pp apply ${session}$`, 'm'))
  t.is((await pp(repo, ['apply'])).status, 0)
  t.is(await inFile(repo, 'state.txt'), 'good\nend\nmy own line\n')
  t.is(await repo.git('status', '--porcelain'), ' M state.txt')
})

test('work that the proof did not start from is named and kept, whatever kind of file holds it', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { session } = await ran(repo, MEND + NEW + NEW.replaceAll('dir/new.txt', 'ignored'))
  const refused = async (path: string, why: RegExp) => {
    const before = await repo.snapshotState()
    const { status, json } = await pp(repo, ['apply', session, '--json'])
    t.is(status, 1)
    const inTheWay = json['inTheWay'] as { path: string; why: string }[]
    t.deepEqual(
      inTheWay.map((one) => one.path),
      [path],
    )
    t.regex(inTheWay[0]?.why ?? '', why)
    t.deepEqual(await repo.snapshotState(), before)
    await repo.git('checkout', '-q', '-f', 'HEAD')
    await repo.git('clean', '-q', '-ffdx')
  }
  await repo.write('state.txt', 'bad\nend\nmine\n')
  await refused('state.txt', /^it has uncommitted work$/)
  await repo.write('state.txt', 'staged\n')
  await repo.git('add', 'state.txt')
  await repo.write('state.txt', 'bad\nend\n')
  await repo.write('dir/new.txt', 'mine\n')
  await refused('dir/new.txt', /^it has uncommitted work$/)
  await repo.write('ignored', 'mine\n')
  await refused('ignored', /git ignores/)
  await repo.write('dir', 'a file in place of the directory\n')
  await refused('dir/new.txt', /file is in the place of its directory/)
})

test('--commit is a fast-forward on the base, else a new commit without the trailer, and leaves nothing to commit', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { session, final } = await ran(repo)
  const log = (...args: string[]) => repo.git('log', '-1', '--format=%B', ...args)
  t.regex(await log(final), /Patch-Proof: v1/)
  t.is((await pp(repo, ['apply', '--commit', session])).status, 0)
  t.is(await repo.git('rev-parse', 'HEAD'), final)
  t.is(await repo.git('status', '--porcelain'), '')
  t.regex(await repo.git('reflog', '-1', 'main'), /git pp apply/)

  await repo.git('reset', '-q', '--hard', 'HEAD~1')
  await repo.commit('Another line', { 'state.txt': 'bad\nend\nmore\n' })
  await repo.write('other.txt', 'mine\n')
  t.is((await pp(repo, ['apply', '--commit', session])).status, 0)
  t.is(await inFile(repo, 'state.txt'), 'good\nend\nmore\n')
  t.notRegex(await log('HEAD'), /Patch-Proof/)
  t.is(await repo.git('status', '--porcelain'), ' M other.txt')
  const again = await pp(repo, ['apply', '--commit', session, '--json'])
  t.is(again.json['commit'], null)
  t.true(await fsckClean(repo))
})

test('--commit says that git would have signed the commit and run hooks, and the line it names does both', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { session } = await ran(repo)
  await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', `${repo.home}/key`])
  for (const [key, value] of [
    ['gpg.format', 'ssh'],
    ['user.signingKey', `${repo.home}/key`],
    ['commit.gpgSign', 'yes'],
    ['core.hooksPath', '~/hooks'],
  ] as const)
    await repo.git('config', '--global', key, value)
  const hooks = `${repo.home}/hooks`
  await mkdir(hooks, { recursive: true })
  for (const [name, mode] of [
    ['pre-commit', 0o755],
    ['commit-msg', 0o755],
    ['post-commit', 0o644],
  ] as const) {
    await writeFile(`${hooks}/${name}`, `#!/bin/sh\necho ${name} >>"$HOME/ran"\n`)
    await chmod(`${hooks}/${name}`, mode)
  }
  const { status, json } = await pp(repo, ['apply', '--commit', session, '--json'])
  t.is(status, 0)
  const line = 'git commit --amend --no-edit -S'
  t.deepEqual(json['warnings'], [
    `the commit is not signed, although commit.gpgSign is set; the hooks pre-commit, commit-msg did not run: ${line} signs it and runs the hooks`,
  ])
  await t.throwsAsync(readFile(`${repo.home}/ran`))
  await repo.git(...line.split(' ').slice(1))
  t.is(await readFile(`${repo.home}/ran`, 'utf8'), 'pre-commit\ncommit-msg\n')
  t.regex(await repo.git('cat-file', 'commit', 'HEAD'), /BEGIN SSH SIGNATURE/)

  await repo.git('reset', '-q', '--hard', 'HEAD~1')
  await repo.git('config', '--global', 'commit.gpgSign', 'false')
  t.regex(
    (await pp(repo, ['apply', '--commit', session])).stdout,
    /^warning: +the hooks pre-commit, commit-msg did not run: git commit --amend --no-edit runs the hooks$/m,
  )
  await repo.git('reset', '-q', '--hard', 'HEAD~1')
  t.deepEqual((await pp(repo, ['apply', session, '--json'])).json['warnings'], [], 'no commit, so nothing was left out')
})

test('--commit after apply commits what apply left, and nothing that was uncommitted before', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { session, final } = await ran(repo, MEND + NEW)
  t.is((await pp(repo, ['apply', session])).status, 0)
  const { status, json } = await pp(repo, ['apply', session, '--commit', '--json'])
  t.deepEqual([status, json['commit']], [0, final], json.reason)
  t.is(await repo.git('status', '--porcelain'), '')
  t.is(await repo.git('rev-parse', 'HEAD'), final)

  await repo.write('other.txt', 'mine\n')
  await repo.git('reset', '-q', '--hard', 'HEAD~1')
  await repo.write('state.txt', 'bad\nend\nmine\n')
  const over = await ran(repo, MEND.replace('1,2 +1,2', '1,3 +1,3').concat(' mine\n'))
  t.is((await pp(repo, ['apply', over.session])).status, 0)
  const refused = await pp(repo, ['apply', over.session, '--commit', '--json'])
  t.is(refused.status, 1)
  t.regex(String(refused.json.reason), /because of state\.txt \(it has uncommitted work; commit that first\)/)
})

test('--commit takes no file with uncommitted work in it', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { session } = await ran(repo)
  await repo.write('state.txt', 'bad\nend\nmine\n')
  const { status, stdout } = await pp(repo, ['apply', '--commit', session])
  t.is(status, 1)
  t.regex(stdout, /^not applied: .*\nkept: {6}state\.txt: it has uncommitted work; commit that first$/m)
})

test('a change that does not fit any more is refused in the words of git', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { session } = await ran(repo)
  await repo.commit('Rewrite it', { 'state.txt': 'something else\n' })
  const { status, json } = await pp(repo, ['apply', session, '--json'])
  t.is(status, 1)
  t.regex(String(json.reason), /does not apply to your files: .*state\.txt/)
})

test('run --apply and prove --apply leave the proved change in the files', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { json } = await ran(repo, MEND, '--apply')
  t.deepEqual((json['applied'] as { files: string[] }).files, ['state.txt'])
  t.is(await repo.git('status', '--porcelain'), 'M  state.txt')
  await repo.git('reset', '-q', '--hard')
  await repo.write('../mend.diff', MEND)
  const proved = await pp(repo, ['prove', '--patch', '../mend.diff', COMMAND, '--runs', '1', '--apply'])
  t.is(proved.status, 0, proved.stdout)
  t.regex(proved.stdout, /^applied: 1 file changed in files and index\nfile: {6}state\.txt$/m)
  t.is(await inFile(repo, 'state.txt'), 'good\nend\n')
})

test('a proof that others made needs a word of trust, and no hook or filter runs', async (t) => {
  const repo = await tempRepo(t, FILES)
  const origin = await withOrigin(repo)
  const { session } = await ran(repo)
  t.is((await pp(repo, ['push', 'origin', session])).status, 0)
  const reviewer = await cloneOf(repo, origin, 'reviewer')
  t.is((await pp(reviewer, ['fetch', 'origin', session])).status, 0)
  const { status, stderr } = await pp(reviewer, ['apply', session])
  t.is(status, 4)
  t.regex(stderr, /nothing was applied: UNSIGNED.*\n.*--allow-unsigned/)
  for (const hook of ['post-checkout', 'post-merge', 'pre-commit', 'post-index-change', 'reference-transaction']) {
    await reviewer.git('config', 'core.hooksPath', 'hooks')
    await repo.write(`../reviewer/hooks/${hook}`, '#!/bin/sh\ntouch "$HOME/ran"\n')
    await chmod(`${reviewer.dir}/hooks/${hook}`, 0o755)
  }
  t.is((await pp(reviewer, ['apply', '--commit', '--allow-unsigned', session])).status, 0)
  t.is(await inFile(reviewer, 'state.txt'), 'good\nend\n')
  await t.throwsAsync(readFile(`${repo.home}/ran`))
})

test('a file with a filter is named, not written raw', async (t) => {
  const repo = await tempRepo(t, { ...FILES, '.gitattributes': 'state.txt filter=lfs\n' })
  const { session } = await ran(repo)
  await repo.git('config', 'filter.lfs.smudge', 'touch ran')
  const { status, json } = await pp(repo, ['apply', session, '--json'])
  t.is(status, 1)
  t.regex(String(json.reason), /it needs the filter 'lfs', which git pp does not run/)
})
