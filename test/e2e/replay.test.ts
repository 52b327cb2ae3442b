import { readdir, readFile, writeFile } from 'node:fs/promises'
import { CALC, PYTEST } from '../helpers/calc.ts'
import { pp } from '../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'
import { versionOne } from '../helpers/version-one.ts'

const test = oneIn(2)

/** Cheap to run; what pytest adds is shown where proofs are made. */
const CHECK = "grep -q 'a + b' calc.py"
const MENDED = String(CALC['calc.py']).replace('a - b', 'a + b')

async function proved(repo: TestRepo, command = CHECK): Promise<{ session: string; final: string }> {
  await repo.commit('Mend add', { 'calc.py': MENDED })
  const { json } = await pp(repo, ['prove', 'HEAD', command, '--json'])
  return { session: String(json['session']), final: String(json['final']) }
}

test('a proof is reproduced by commit, by session prefix, by nothing, and from its directory', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { session, final } = await proved(repo)
  const dir = `${repo.home}/bundle`
  t.is((await pp(repo, ['export', session, dir])).status, 0)
  for (const proof of [[final], [session.slice(0, 14)], [], [dir]]) {
    const { status, json } = await pp(repo, ['replay', ...proof, '--json'])
    t.is(json.verdict, 'REPRODUCED', `${proof}: ${json.reason}`)
    t.is(status, 0)
  }
})

test('a bundle directory is exported again with the same bytes', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { session } = await proved(repo)
  const [first, second] = [`${repo.home}/first`, `${repo.home}/second`]
  t.is((await pp(repo, ['export', session, first])).status, 0)
  t.is((await pp(repo, ['export', first, second])).status, 0)
  t.is(await readFile(`${second}/SHA256SUMS`, 'utf8'), await readFile(`${first}/SHA256SUMS`, 'utf8'))
})

test('a bundle holds neither path, home nor user of the machine, whatever the command prints', async (t) => {
  const repo = await tempRepo(t, CALC)
  await repo.commit('Mend add', { 'calc.py': MENDED })
  const dir = `${repo.home}/bundle`
  const args = ['prove', '--runs', '1', 'HEAD', `echo "$PWD/calc.py $HOME $USER"; ${CHECK}`]
  t.is((await pp(repo, args, { env: { USER: 'charlotte' } })).status, 0)
  await pp(repo, ['export', 'HEAD', dir])
  t.is(
    await readFile(`${dir}/attempts/1/command/stdout`, 'utf8').then((text) => text.split('\n')[0]),
    '/checkout/calc.py ~ user',
  )
  const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())
  for (const { parentPath, name } of files) {
    const text = await readFile(`${parentPath}/${name}`, 'utf8')
    t.false(
      [repo.dir, repo.home, 'charlotte'].some((word) => text.includes(word)),
      name,
    )
  }
})

test('a clone that fetched refs and notes with plain git reproduces it', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { final } = await proved(repo, PYTEST)
  const clone = `${repo.home}/clone`
  await repo.git('clone', '-q', repo.dir, clone)
  const missing = await pp(repo, ['replay', final, '--json'], { cwd: clone })
  t.is(missing.status, 3)
  await repo.git('-C', clone, 'fetch', '-q', 'origin', 'refs/pp/*:refs/pp/*', 'refs/notes/pp/*:refs/notes/pp/*')
  const { json } = await pp(repo, ['replay', final, '--json'], { cwd: clone })
  t.is(json.verdict, 'REPRODUCED', json.reason)
})

test('a proof of a fix that mends nothing here is refuted', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'check.sh': 'grep -q "a + b" calc.py || exit 1\n' })
  await repo.commit('Mend add', { 'calc.py': MENDED })
  const made = await pp(repo, ['prove', 'HEAD', 'sh check.sh', '--json'])
  t.is(made.json.verdict, 'PROVED', made.json.reason)
  const dir = `${repo.home}/bundle`
  await pp(repo, ['export', String(made.json['session']), dir])
  const forged = (await readFile(`${dir}/repro.json`, 'utf8')).replaceAll('sh check.sh', 'true || sh check.sh')
  await forge(dir, forged)
  const { status, json } = await pp(repo, ['replay', dir, '--json'])
  t.is(json.verdict, 'REFUTED', json.reason)
  t.is(status, 1)
})

test('--bisect answers 0 for reproduced, 1 for refuted, 125 for neither', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { final } = await proved(repo)
  t.is((await pp(repo, ['replay', final, '--bisect'])).status, 0)
  t.is((await pp(repo, ['replay', `${final}^`, '--bisect'])).status, 125)
})

test('a bundle with a changed file is not read', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { session } = await proved(repo)
  const dir = `${repo.home}/bundle`
  await pp(repo, ['export', session, dir])
  await writeFile(`${dir}/repro.json`, '{}')
  const { status, json } = await pp(repo, ['import', dir, '--json'])
  t.is(status, 1)
  t.regex(String(json.reason), /repro.json of the bundle does not have the digest/)
})

test('an exported bundle comes back into another clone', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { session, final } = await proved(repo)
  const dir = `${repo.home}/bundle`
  const clone = `${repo.home}/clone`
  await pp(repo, ['export', session, dir])
  await repo.git('clone', '-q', repo.dir, clone)
  const { status, json } = await pp(repo, ['import', dir, '--json'], { cwd: clone })
  t.is(status, 0)
  t.is(json['commit'], final)
  t.is((await pp(repo, ['replay', final, '--json'], { cwd: clone })).json.verdict, 'REPRODUCED')
})

test('show tells a proof and log lists it, with nothing on stderr', async (t) => {
  const repo = await tempRepo(t, CALC)
  const { session, final } = await proved(repo)
  const shown = await pp(repo, ['show', final])
  t.is(shown.status, 0)
  t.regex(shown.stdout, /PROVED/)
  const listed = await pp(repo, ['log', '--json'])
  const entries = listed.json['proofs'] as { session: string; verdict: string }[]
  t.deepEqual(
    entries.map((entry) => [entry.session, entry.verdict]),
    [[session, 'PROVED']],
  )
})

test('gc --all takes every ref and note of ours away, and says so first with -n', async (t) => {
  const repo = await tempRepo(t, CALC)
  const before = await repo.git('for-each-ref', '--format=%(refname)')
  await proved(repo)
  const ours = async () =>
    (await repo.git('for-each-ref', '--format=%(refname)')).split('\n').filter((ref) => /pp/.test(ref))
  const had = await ours()
  t.true(had.length > 0)
  await pp(repo, ['gc', '--all', '-n'])
  t.deepEqual(await ours(), had)
  t.is((await pp(repo, ['gc', '--all'])).status, 0)
  t.is(await repo.git('for-each-ref', '--format=%(refname)'), before)
})

async function forge(dir: string, repro: string): Promise<void> {
  const { sha256 } = await import('../../src/engine/core/bytes/canonical.ts')
  await writeFile(`${dir}/repro.json`, repro)
  const manifest = JSON.parse(await readFile(`${dir}/manifest.json`, 'utf8')) as {
    path: string
    sha256: string
    bytes: number
  }[]
  const forged = manifest.map((entry) =>
    entry.path === 'repro.json' ? { ...entry, sha256: sha256(repro), bytes: Buffer.byteLength(repro) } : entry,
  )
  await writeFile(`${dir}/manifest.json`, JSON.stringify(forged))
}

test('a proof that was recorded as version 1 is shown and reproduced', async (t) => {
  const { repo, session } = await versionOne(t)
  t.regex((await pp(repo, ['show', session])).stdout, /^PROVED/m)
  const { status, json } = await pp(repo, ['replay', session, '--json'])
  t.is(json.verdict, 'REPRODUCED', json.reason)
  t.is(status, 0)
})
