import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { discover } from '../../../src/engine/git/discover.ts'
import { type GitContext, openGitContext } from '../../../src/engine/git/git-context.ts'
import { fsckClean, type TestRepo, tempRepo } from '../../helpers/repo.ts'
import { scratchOf } from '../../unit/git/open.ts'

interface OpenWriter {
  readonly writer: GitContext['writer']
  /** The first words of every git that was started. */
  readonly calls: readonly string[]
}

async function writerOf(t: ExecutionContext, repo: TestRepo, cwd = repo.dir): Promise<OpenWriter> {
  const calls: string[] = []
  const trace = (_: string, words: readonly string[]) => {
    calls.push(words[0] ?? '')
    return () => {}
  }
  const host = { cwd, env: repo.env, scratch: scratchOf(repo), trace }
  const gitContext = await openGitContext(host, await discover(host))
  t.teardown(() => gitContext.dispose())
  calls.length = 0
  return { writer: gitContext.writer, calls }
}

const fileOf = (repo: TestRepo, oid: string) => path.join(repo.dir, '.git/objects', oid.slice(0, 2), oid.slice(2))

test('a loose object has the id, the content and the mode that git gives it', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const { writer, calls } = await writerOf(t, repo)
  const contents = ['', 'text\n', 'x'.repeat(100_000)]
  const oids = await writer.write(
    'blob',
    contents.map((text) => Buffer.from(text)),
  )
  for (const [at, text] of contents.entries()) {
    t.is(oids[at], await repo.gitWith(text, 'hash-object', '--stdin'))
    t.is(await repo.git('cat-file', '-s', oids[at] ?? ''), String(text.length))
  }
  const byGit = await repo.gitWith('of git\n', 'hash-object', '-w', '--stdin')
  t.is((await fs.stat(fileOf(repo, oids[1] ?? ''))).mode, (await fs.stat(fileOf(repo, byGit))).mode)
  t.deepEqual(
    calls.filter((word) => word !== 'cat-file'),
    [],
  )
  const left = await fs.readdir(path.join(repo.dir, '.git/objects'), { recursive: true })
  t.false(left.some((name) => name.includes('tmp_obj_')))
  t.true(await fsckClean(repo))
})

test('an object that is loose, packed or in an alternate is not written again', async (t) => {
  const repo = await tempRepo(t, { packed: 'packed\n' })
  const packed = await repo.git('rev-parse', 'HEAD:packed')
  await repo.git('gc', '-q')
  const loose = await repo.gitWith('loose\n', 'hash-object', '-w', '--stdin')
  await fs.utimes(fileOf(repo, loose), 1, 1)
  const inode = (await fs.stat(fileOf(repo, loose))).ino
  const { writer } = await writerOf(t, repo)
  t.deepEqual(await writer.write('blob', [Buffer.from('packed\n'), Buffer.from('loose\n')]), [packed, loose])
  await t.throwsAsync(fs.access(fileOf(repo, packed)))
  const again = await fs.stat(fileOf(repo, loose))
  t.is(again.ino, inode)
  t.true(again.mtimeMs > 1000, 'git prune would take it for an old one')
  await repo.git('clone', '-q', '--shared', repo.dir, '../shared')
  const shared = path.join(path.dirname(repo.dir), 'shared')
  const { writer: other } = await writerOf(t, repo, shared)
  t.deepEqual(await other.write('blob', [Buffer.from('packed\n')]), [packed])
  await t.throwsAsync(fs.access(path.join(shared, '.git/objects', packed.slice(0, 2), packed.slice(2))))
})

for (const [name, setUp] of [
  ['another hash', null],
  ['files that a group may write', ['core.sharedRepository', 'group']],
] as const) {
  test(`${name}: git itself writes the objects`, async (t) => {
    const repo = await tempRepo(t, { a: 'a\n' }, { format: setUp === null ? 'sha256' : 'sha1' })
    if (setUp !== null) await repo.git('config', ...setUp)
    const { writer, calls } = await writerOf(t, repo)
    const [oid = ''] = await writer.write('blob', [Buffer.from('x\n')])
    const [tree = ''] = await writer.write('tree', [
      Buffer.concat([Buffer.from('100644 x\0'), Buffer.from(oid, 'hex')]),
    ])
    t.is(await repo.git('show', `${tree}:x`), 'x')
    t.deepEqual(calls, ['hash-object', 'hash-object'])
    if (setUp !== null) t.is((await fs.stat(fileOf(repo, oid))).mode & 0o040, 0o040)
    t.true(await fsckClean(repo))
  })
}

test('an empty tree is written, although git reads it where it is not', async (t) => {
  const repo = await tempRepo(t, { a: 'a\n' })
  const { writer } = await writerOf(t, repo)
  const [tree = ''] = await writer.write('tree', [new Uint8Array()])
  const commit = await repo.git('commit-tree', tree, '-m', 'nothing')
  await repo.git('update-ref', 'refs/heads/nothing', commit)
  t.true(await fsckClean(repo))
})
