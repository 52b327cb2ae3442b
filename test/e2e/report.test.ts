import { pp } from '../helpers/pp.ts'
import { proved, withOrigin } from '../helpers/remotes.ts'
import { tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(3)

const FILES = { 'state.txt': 'bad\n' }

test('report writes a block or a page of one proof, with what a verifier says, and answers 0', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { session } = await proved(repo)
  const before = await repo.snapshotState()
  const block = await pp(repo, ['report'])
  t.is(block.status, 0, block.stderr)
  t.regex(block.stdout, /^### PROVED\n/)
  t.regex(block.stdout, /\| without the change \| red 1 of 1 \|\n\| with the change \| green 1 of 1 \|/)
  t.regex(block.stdout, new RegExp(`sh\ngit pp verify ${session}\ngit pp replay ${session}\n`))
  t.regex(block.stdout, /A verifier said UNSIGNED:/)
  const page = await pp(repo, ['report', session, '--format', 'html', '--json'])
  t.is(page.json['format'], 'html')
  t.regex(String(page.json['report']), /^<!doctype html>\n.*<\/html>\n$/s)
  t.regex(String(page.json['report']), /grep -qx good state\.txt/)
  t.deepEqual(await repo.snapshotState(), before)
})

test('a bundle directory of another repository is told, too', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { session } = await proved(repo)
  const dir = `${repo.home}/bundle`
  t.is((await pp(repo, ['export', session, dir])).status, 0)
  const other = await tempRepo(t, { 'x.txt': 'x\n' })
  const { status, stdout, stderr } = await pp(other, ['report', dir])
  t.is(status, 0, stderr)
  t.regex(stdout, /^### PROVED\n/)
  t.regex(stdout, /git pp replay DIRECTORY/)
})

test('a signed proof is held against the keys that are named', async (t) => {
  const repo = await tempRepo(t, FILES)
  await withOrigin(repo)
  const key = `${repo.home}/key`
  t.is((await pp(repo, ['keygen', key])).status, 0)
  const commit = await repo.commit('Say good', { 'state.txt': 'good\n' })
  const words = ['HEAD', 'grep -qx good state.txt', '--runs', '1', '--sign', 'ed25519', '--key', key]
  t.is((await pp(repo, ['prove', ...words])).status, 0)
  const { stdout } = await pp(repo, ['report', '--key', `${key}.pub`])
  t.regex(stdout, /A verifier said PROVED:/)
  t.regex(stdout, new RegExp(`\ngit pp fetch origin ${commit}\ngit pp verify \\w+ --key FILE\n`))
  t.regex(stdout, new RegExp(`^commit ${commit} by .*, committed \\d{4}-`, 'm'))
})

test('an open network is said wherever the sandbox is', async (t) => {
  const repo = await tempRepo(t, FILES)
  await repo.commit('Say good', { 'state.txt': 'good\n' })
  const words = ['HEAD', 'grep -qx good state.txt', '--runs', '1', '--network', 'allow']
  const answer = await pp(repo, ['prove', ...words])
  t.regex(answer.stderr, /^session .*, network open$/m)
  for (const { stdout } of [answer, await pp(repo, ['show'])]) {
    t.regex(stdout, /^sandbox: +[a-z]+, network open$/m)
    t.regex(stdout, /- what the commands did over the network, which was open$/m)
  }
  t.regex((await pp(repo, ['report'])).stdout, /\| sandbox \| [a-z]+, network open \|/)
  t.regex((await pp(repo, ['report', '--format', 'html'])).stdout, /<dd>[a-z]+, network open<\/dd>/)
  t.regex((await pp(repo, ['verify', '--allow-unsigned'])).stdout, /green with it, network open/)
  t.regex(await repo.git('notes', '--ref=pp/summary', 'show', 'HEAD'), /sandbox: [a-z]+, network open/)
})

test('show leads to what can be done, and not to itself', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { session } = await proved(repo)
  const { stdout } = await pp(repo, ['show'])
  t.true(stdout.endsWith(`next:      git pp replay ${session}\n`), stdout)
})

test('log without a proof says so beside its empty answer', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { status, stdout, stderr } = await pp(repo, ['log'])
  t.deepEqual([status, stdout], [0, ''])
  t.is(stderr, 'no proofs here: git pp fetch gets the proofs of a remote\n')
})

test('junit, sarif and github take ranges, and junit passes only what verify accepts', async (t) => {
  const repo = await tempRepo(t, { 'state.txt': 'bad\n' })
  await repo.commit('mend', { 'state.txt': 'good\n' })
  t.is((await pp(repo, ['prove', 'HEAD', '--runs', '1', 'grep -qx good state.txt'])).status, 0)
  await repo.commit('nobody proved this', { 'other.txt': 'x\n' })
  const junit = async (...args: readonly string[]) => {
    const { status, json } = await pp(repo, ['report', ...args, '--format', 'junit', '--json'])
    t.is(status, 0)
    t.is(json['format'], 'junit')
    return /<testsuites [^>]*>/.exec(String(json['report']))?.[0]
  }
  t.is(await junit('HEAD~2..HEAD'), '<testsuites name="git pp" tests="2" failures="2" errors="0">')
  t.is(await junit('HEAD~2..HEAD', '--allow-unsigned'), '<testsuites name="git pp" tests="2" failures="1" errors="0">')
  t.is(await junit('--allow-unsigned'), '<testsuites name="git pp" tests="1" failures="0" errors="0">')
  t.is(await junit('HEAD~1', 'HEAD~2..HEAD~1'), '<testsuites name="git pp" tests="2" failures="2" errors="0">')
  const github = await pp(repo, ['report', 'HEAD~2..HEAD', '--format', 'github', '--allow-unsigned'])
  t.regex(
    github.stdout,
    /^::notice title=git pp%3A PROVED_UNSIGNED::\w{12}: .*\n::error title=git pp%3A MISSING::.*\n$/,
  )
  const sarif = await pp(repo, ['report', 'HEAD~2..HEAD', '--format', 'sarif'])
  t.deepEqual(JSON.parse(sarif.stdout).runs[0].results, [])
  t.is((await pp(repo, ['report', 'HEAD~1', 'HEAD~1'])).status, 2)
})

test('a format that is none is status 2', async (t) => {
  const repo = await tempRepo(t, FILES)
  const { status, stderr } = await pp(repo, ['report', '--format', 'pdf'])
  t.is(status, 2)
  t.regex(stderr, /markdown, html/)
})
