import { createHash } from 'node:crypto'
import test from 'ava'
import { fsckClean, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

const OURS = 'refs/notes/pp/index'
const GITS = 'refs/notes/git'
const objectOf = (n: number) => createHash('sha1').update(String(n)).digest('hex')

test('notes have the tree that git notes would give them, while they become many and few again', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const head = await repo.git('rev-parse', 'HEAD')
  const { notes, refs } = await open(t, repo)
  await notes.append(OURS, head, 'x')
  await repo.git('update-ref', GITS, OURS)
  const same = async (what: string) =>
    t.is(await repo.git('rev-parse', `${OURS}^{tree}`), await repo.git('rev-parse', `${GITS}^{tree}`), what)
  const ten = (from: number) => Array.from({ length: 10 }, (_, n) => objectOf(from + n))
  for (let n = 0; n < 130; n += 10) {
    const some = ten(n)
    await notes.publish(
      some.map((commit) => ({ ref: OURS, commit, text: 'x\n' })),
      [],
    )
    await repo.gitWith(
      some.map((object) => `${head} ${object}\n`).join(''),
      'notes',
      `--ref=${GITS}`,
      'copy',
      '--stdin',
    )
    await same(`with ${n + 10} more`)
  }
  t.regex(await repo.git('ls-tree', '-r', '--name-only', OURS), /^[0-9a-f]{2}\//)
  for (let n = 0; n < 120; n += 10) {
    const some = ten(n)
    const [tip = ''] = (await refs.list(OURS)).values()
    const gone = new Map(some.map((object) => [object, null]))
    await refs.update([{ ref: OURS, to: await notes.commit(tip, gone, 'kept') }])
    await repo.gitWith(some.join('\n'), 'notes', `--ref=${GITS}`, 'remove', '--stdin')
    await same(`without ${n + 10}`)
  }
  t.true(await fsckClean(repo))
})

test('a thousand notes are spread like those of git, and plain git reads them and writes more', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const head = await repo.git('rev-parse', 'HEAD')
  const { notes, refs } = await open(t, repo)
  await notes.append(OURS, head, 'x')
  await repo.git('update-ref', GITS, OURS)
  const all = Array.from({ length: 1000 }, (_, n) => objectOf(n))
  await repo.gitWith(all.map((object) => `${head} ${object}\n`).join(''), 'notes', `--ref=${GITS}`, 'copy', '--stdin')
  const [tip = ''] = (await refs.list(OURS)).values()
  const edits = new Map(all.map((object) => [object, Buffer.from('x\n')]))
  await refs.update([{ ref: OURS, to: await notes.commit(tip, edits, 'kept') }])
  t.is(await repo.git('rev-parse', `${OURS}^{tree}`), await repo.git('rev-parse', `${GITS}^{tree}`))
  await notes.append(OURS, head, ' {"line": 2} ')
  t.is(await repo.git('notes', '--ref=pp/index', 'show', head), 'x\n {"line": 2} ')
  await repo.git('notes', `--ref=${OURS}`, 'append', '-m', 'by git', head)
  t.regex(Buffer.from((await notes.read(OURS, head)) ?? []).toString('utf8'), /by git/)
  t.is((await notes.list(OURS)).length, 1001)
  t.true(await fsckClean(repo))
})

test('other things between notes stay where they are', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n', 'dir/b': 'b\n', 'ab/zz': 'z\n' })
  const head = await repo.git('rev-parse', 'HEAD')
  const { notes } = await open(t, repo)
  await repo.git('update-ref', OURS, head)
  const object = `ab${'1'.repeat(38)}`
  await notes.append(OURS, object, 'x')
  t.is(await repo.git('ls-tree', '-r', '--name-only', OURS), ['a', 'ab/zz', object, 'dir/b'].join('\n'))
  t.is(await repo.git('notes', `--ref=${OURS}`, 'show', object), 'x')
  t.true(await fsckClean(repo))
})

test('two entries of one object become one note when its directory is read again', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const object = `ab${'1'.repeat(38)}`
  const blob = (text: string) => repo.gitWith(text, 'hash-object', '-w', '--stdin')
  const inner = await repo.gitWith(`100644 blob ${await blob('deep')}\t${'1'.repeat(38)}\n`, 'mktree')
  const rows = [`100644 blob ${await blob('flat\n')}\t${object}`, `040000 tree ${inner}\tab`]
  const tree = await repo.gitWith(rows.map((row) => `${row}\n`).join(''), 'mktree')
  await repo.git('update-ref', OURS, await repo.git('commit-tree', tree, '-m', 'notes'))
  const { notes } = await open(t, repo)
  const read = async () => Buffer.from((await notes.read(OURS, object)) ?? []).toString('utf8')
  t.is(await read(), 'deep\nflat\n')
  await notes.append(OURS, `ab${'2'.repeat(38)}`, 'other')
  t.is(await read(), 'deep\nflat\n')
  await notes.append(OURS, object, 'more')
  t.is(await read(), 'deep\nflat\nmore\n')
  t.is((await notes.list(OURS)).length, 2)
})
