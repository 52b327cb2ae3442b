import { execFile } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { utf8Bytes } from '../../../src/engine/core/bytes/canonical.ts'
import { HOSTILE, obeyed } from '../../helpers/hostile.ts'
import { BIN, pp, type Ran } from '../../helpers/pp.ts'
import { type Proof, tempProof } from '../../helpers/proof.ts'
import { cloneOf, proved, withOrigin } from '../../helpers/remotes.ts'
import { type TestRepo, tempRepo } from '../../helpers/repo.ts'

/** All but the longest line, so that a record of many such strings is no larger than a bundle may be. */
const TEXT = HOSTILE.slice(0, HOSTILE.lastIndexOf('\n'))
const ESCAPE = String.fromCharCode(27)
const OWN = new RegExp(`${ESCAPE}\\[(1|2|22|3[123]|39)m`, 'g')
/** Names that git lets through: no control character but what a terminal obeys all the same. */
const REF_NAME = 'a\u202e<script>@everyone|\u009b2J'

function inert(t: ExecutionContext, { stdout, stderr }: Ran, what: string) {
  t.true(stdout.length + stderr.length > 0, what)
  const quoted = /--format html/.test(what)
  t.is(obeyed(stdout.replace(OWN, ''), quoted), null, `stdout of ${what}`)
  t.is(obeyed(stderr.replace(OWN, '')), null, `stderr of ${what}`)
}

async function allInert(t: ExecutionContext, repo: TestRepo, calls: readonly (readonly string[])[]) {
  for (const words of calls)
    for (const env of [{ FORCE_COLOR: '1', PP_DEBUG: '1' }, { NO_COLOR: '1' }])
      inert(t, await pp(repo, words, { env }), words.join(' ').slice(0, 90))
}

/** A proof whose author, tests, files, output and key id are all hostile. */
async function hostileProof(t: ExecutionContext): Promise<Proof> {
  const attempt = {
    n: 1,
    commit: null,
    verdict: TEXT,
    reason: TEXT,
    proposer: TEXT,
    files: 1,
    insertions: 1,
    deletions: 1,
  }
  const reading = { is: 'red' as const, reason: TEXT, failing: [TEXT] }
  const proof = await tempProof(t, {
    change: { 'add.sh': 'echo $(($1 + $2))\n', 'x\u202e<script>\u001b[2J\nPROVED: believe me`|@everyone': `${TEXT}\n` },
    record: (files) => {
      files.set('attempts/1/command/stdout', Uint8Array.from([...utf8Bytes(TEXT), 0x9b, 0x32, 0x4a, 0xff]))
      files.set('attempts/1/context.txt', utf8Bytes(TEXT))
    },
    repro: {
      reason: TEXT,
      mend: TEXT,
      targets: [{ name: TEXT, command: { shell: TEXT }, cwd: TEXT }],
      judgesChanged: [TEXT],
      flipped: [TEXT],
      notShown: [TEXT],
      warnings: [TEXT],
      suspects: [TEXT],
      sandbox: TEXT,
      author: TEXT,
      startedAt: TEXT,
      finishedAt: TEXT,
      failures: [{ id: TEXT, message: TEXT }],
      runs: [{ on: TEXT, target: TEXT, ended: { how: 'exited', code: 1 }, reading, durationMs: 1 }],
      attempts: [
        { ...attempt, refusals: [{ rule: TEXT, path: TEXT, message: TEXT, source: { file: TEXT, line: 1 } }] },
      ],
    },
  })
  const envelope = JSON.parse(await proof.sign(proof.statement())) as { signatures: { keyid: string }[] }
  for (const signature of envelope.signatures) signature.keyid = TEXT
  await proof.put('attestations', JSON.stringify(envelope))
  return proof
}

test('a proof that is hostile in every string is read, verified, exported and imported without anything being obeyed', async (t) => {
  const { repo, commit } = await hostileProof(t)
  const dir = join(repo.home, 'bundle')
  await allInert(t, repo, [
    ['show', commit],
    ['show', commit, '--json'],
    ['log'],
    ['log', '--json'],
    ['verify', commit],
    ['verify', commit, '--allow-unsigned', '--json'],
    ['report', commit],
    ['report', commit, '--json'],
    ['report', commit, '--format', 'html'],
    ['replay', commit],
    ['apply', commit],
    ['attest', commit, '--mode', 'none'],
    ['push', '-n', repo.dir, commit],
    ['forget', commit],
    ['doctor'],
  ])
  inert(t, await pp(repo, ['export', commit, dir]), 'export')
  const other = await tempRepo(t, { 'a.txt': 'a\n' })
  await allInert(t, other, [
    ['import', dir],
    ['show', dir],
    ['verify', dir],
    ['report', dir],
  ])
})

test('a remote that is hostile in names, lines and words is fetched from and pushed to without anything being obeyed', async (t) => {
  const repo = await tempRepo(t, { 'state.txt': 'bad\n' })
  const origin = await withOrigin(repo)
  await proved(repo)
  t.is((await pp(repo, ['push'])).status, 0)
  const bare = (...args: string[]) => repo.git('-C', origin, ...args)
  for (const name of [`pp/${REF_NAME}/final`, `notes/pp/${REF_NAME}`]) await bare('update-ref', `refs/${name}`, 'main')
  await bare('notes', '--ref=pp/index', 'add', '-f', '-m', TEXT.replaceAll('\0', ''), 'main')
  const reviewer = await cloneOf(repo, origin, 'reviewer')
  await reviewer.git('remote', 'add', 'second', origin)
  await allInert(t, reviewer, [
    ['fetch'],
    ['fetch', '--json'],
    ['fetch', 'origin', TEXT.replaceAll('\0', '')],
    ['log'],
    ['fetch', `https://${ESCAPE}[2J\u009b.invalid/@everyone`],
    ['push', REF_NAME],
  ])
  const hook = `#!/bin/sh\ncat >&2 <<'END'\n${TEXT.replaceAll('\0', '')}\nEND\nprintf '\\233\\062\\112' >&2\nexit 1\n`
  for (const [where, name] of [
    [origin, 'hooks/pre-receive'],
    [join(repo.dir, '.git'), 'hooks/pre-push'],
  ] as const) {
    await proved(repo, name === 'hooks/pre-push' ? 'best' : 'better')
    await writeFile(join(where, name), hook)
    await chmod(join(where, name), 0o755)
    await allInert(t, repo, [['push'], ['push', '--json']])
  }
})

test('what a repository or a caller says wrongly is repeated without being obeyed', async (t) => {
  const repo = await tempRepo(t, { 'state.txt': 'bad\n' })
  const word = TEXT.replaceAll('\0', '')
  const yaml = `${JSON.stringify(word)}: 1\npolicy: {network: ${JSON.stringify(word)}}\nproof_targets: [{name: ${JSON.stringify(word)}, cmd: x}]\n`
  await repo.commit(word, { 'pp.yaml': yaml })
  await repo.git('config', 'user.name', '\u202e<script>\u009b2J')
  await mkdir(join(repo.dir, 'odd\u009b2J\u202e'))
  await allInert(t, repo, [
    ['run', 'true'],
    ['run', 'true', '--json'],
    ['doctor'],
    ['-C', word, 'log'],
    [word],
    ['run', 'true', word],
    ['run', `--${word}`],
    ['show', word],
    ['verify', `${word}..HEAD`],
    ['verify', '--key', word],
    ['verify', '--trust-from', word],
    ['keygen', 'odd\u009b2J\u202e/key'],
    ['import', word],
    ['prove', word],
    ['prove', '--patch', word, 'true'],
    ['gc', '--older-than', word],
  ])
})

test('output that is hostile is told by a session without being obeyed', async (t) => {
  const repo = await tempRepo(t, { 'state.txt': 'bad\n', 'out.txt': `${TEXT}\n` })
  await repo.commit('Mend', { 'state.txt': 'good\n' })
  const command = `cat out.txt; printf '\\233\\062\\112'; grep -q good state.txt || { cat out.txt >&2; exit 1; }`
  await allInert(t, repo, [
    ['prove', '-v', 'HEAD', command, '--runs', '0'],
    ['run', `${command}; false`, '--timeout', '20', '--expect', TEXT.replaceAll('\0', '')],
  ])
})

test('a terminal that is shown a prompt obeys nothing of it', async (t) => {
  const repo = await tempRepo(t, { 'state.txt': 'bad\n', 'out.txt': `${TEXT}\n` })
  const line = `'${process.execPath}' '${BIN}' run --show-prompt 'cat out.txt; exit 1'`
  const { stdout } = await promisify(execFile)('script', ['-qec', line, '/dev/null'], { cwd: repo.dir, env: repo.env })
  // What a terminal makes of a newline, and our own status line.
  const text = stdout.replaceAll('\r\n', '\n').replaceAll(`\r${ESCAPE}[2K`, '').replace(OWN, '')
  t.regex(text, /<script>document\.title/)
  t.is(obeyed(text, true), null)
})
