import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import test from 'ava'
import { withNoteLine } from '../../../src/engine/git/notes.ts'
import { bomb } from '../../helpers/bomb.ts'
import { fsckClean, tempRepo } from '../../helpers/repo.ts'
import { WHOLE } from '../../helpers/sample.ts'
import { open, scratchOf } from '../../unit/git/open.ts'

const ROOM = '../../../src/engine/git/repository.ts'
const REF = 'refs/notes/pp/index'
const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('utf8'))

test('a line is added once, byte for byte', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const head = await repo.git('rev-parse', 'HEAD')
  const { notes } = await open(t, repo)
  t.is(await notes.read(REF, head), null)
  t.deepEqual(await notes.list(REF), [])
  await notes.append(REF, head, '  {"a":1}\t ')
  await notes.append(REF, head, '')
  await notes.append(REF, head, '  {"a":1}\t ')
  t.is(text(await notes.read(REF, head)), '  {"a":1}\t \n\n')
  t.deepEqual(await notes.list(REF), [head])
  t.is(await repo.git('log', '-1', '--format=%an <%ae>', REF), 'A U Thor <author@example.com>')
  t.true(await fsckClean(repo))
})

test('a derived note is replaced whole', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const head = await repo.git('rev-parse', 'HEAD')
  const { notes } = await open(t, repo)
  await notes.publish([{ ref: REF, commit: head, text: 'one\n\n' }], [])
  await notes.publish([{ ref: REF, commit: head, text: ' two' }], [])
  t.is(text(await notes.read(REF, head)), ' two')
  await notes.append(REF, head, 'three')
  t.is(text(await notes.read(REF, head)), ' two\nthree\n')
})

test('notes on many commits survive the fan-out of the notes tree', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const head = await repo.git('rev-parse', 'HEAD')
  const { notes } = await open(t, repo)
  await notes.append(REF, head, 'one')
  const others = Array.from({ length: 300 }, (_, n) => createHash('sha1').update(String(n)).digest('hex'))
  await repo.gitWith(others.map((oid) => `${head} ${oid}\n`).join(''), 'notes', `--ref=${REF}`, 'copy', '--stdin')
  t.regex(await repo.git('ls-tree', '-r', '--name-only', REF), /^[0-9a-f]{2}\//)
  await notes.append(REF, head, 'two')
  t.is(text(await notes.read(REF, head)), 'one\ntwo\n')
  t.is(text(await notes.read(REF, others[7] ?? '')), 'one\n')
  t.is((await notes.list(REF)).length, 301)
})

const WRITERS = WHOLE ? 8 : 3

test(`${WRITERS} writers in processes of their own lose no line of eight each`, async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const head = await repo.git('rev-parse', 'HEAD')
  const writer = `
    const [dir, scratch, ref, commit, name] = process.argv.slice(1)
    const { openRepository } = await import(${JSON.stringify(new URL(ROOM, import.meta.url).href)})
    const repository = await openRepository({ cwd: dir, env: process.env, scratch })
    for (let n = 0; n < 8; n++) await repository.notes.append(ref, commit, 'writer ' + name + ' line ' + n)
    await repository.dispose()`
  const start = (n: number) =>
    promisify(execFile)(
      process.execPath,
      ['--import=tsx', '--input-type=module', '-e', writer, repo.dir, scratchOf(repo), REF, head, String(n)],
      { env: repo.env, cwd: process.cwd() },
    )
  await Promise.all(Array.from({ length: WRITERS }, (_, n) => start(n)))
  const { notes } = await open(t, repo)
  const lines =
    text(await notes.read(REF, head))
      ?.split('\n')
      .slice(0, -1) ?? []
  t.is(new Set(lines).size, WRITERS * 8)
  t.is(lines.length, WRITERS * 8)
  t.is(await repo.git('for-each-ref', 'refs/notes/pp-tmp'), '')
  t.true(await fsckClean(repo))
})

test('a line is not mistaken for a part of another', (t) => {
  t.is(text(withNoteLine(Buffer.from('abc\nd\n'), 'ab')), 'abc\nd\nab\n')
  t.is(text(withNoteLine(Buffer.from('abc\nd\n'), 'bc')), 'abc\nd\nbc\n')
  t.is(withNoteLine(Buffer.from('abc\nd\n'), 'abc'), null)
  t.is(withNoteLine(Buffer.from('abc\nd'), 'd'), null)
  t.throws(() => withNoteLine(Buffer.from(''), 'a\nb'))
})

test('a bomb in the place of notes is told at once, and whatever else it holds is not unpacked', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const { notes } = await open(t, repo)
  const head = await repo.git('rev-parse', 'HEAD')
  const place = async (name: string) => {
    const tree = await bomb(repo, { wide: 10, deep: 20, name })
    await repo.git('update-ref', REF, await repo.git('commit-tree', tree, '-m', 'notes'))
  }
  await place('a')
  await t.throwsAsync(notes.list(REF), { code: 'MALFORMED', message: /not a valid tree of notes/ })
  await t.throwsAsync(notes.commit(await repo.git('rev-parse', REF), new Map(), 'kept'), { code: 'MALFORMED' })
  t.is(await notes.read(REF, head), null)
  await place('else')
  t.deepEqual(await notes.list(REF), [])
  const made = await notes.commit(await repo.git('rev-parse', REF), new Map(), 'kept')
  t.is(await repo.git('rev-parse', `${made}^{tree}`), await repo.git('rev-parse', `${REF}^{tree}`))
})

test('one large note on many commits is not read again and again', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const { notes } = await open(t, repo)
  const blob = await repo.gitWith(Buffer.alloc(4 << 20, 'x'), 'hash-object', '-w', '--stdin')
  const names = Array.from({ length: 40 }, (_, n) => n.toString(16).padStart(40, '0'))
  const tree = await repo.gitWith(names.map((name) => `100644 blob ${blob}\t${name}\n`).join(''), 'mktree')
  await repo.git('update-ref', REF, await repo.git('commit-tree', tree, '-m', 'notes'))
  const read = async () => {
    for await (const [object] of notes.each(REF)) t.true(names.includes(object))
  }
  await t.throwsAsync(read(), { code: 'MALFORMED', message: /same large notes/ })
})
