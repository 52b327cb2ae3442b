import { chmod, rm, writeFile } from 'node:fs/promises'
import test from 'ava'
import { nothingLeft } from '../helpers/left.ts'
import { pp } from '../helpers/pp.ts'
import { fsckClean, tempRepo } from '../helpers/repo.ts'

/** Lists what the command finds in its work tree, and fails: the listing is then in the bundle. */
const LIST = 'find . -path ./.git -prune -o -type f -print | sort; git status --porcelain; exit 1'

test('the base is what stands in the work tree: untracked, staged, deleted, made executable, intended; not what is ignored', async (t) => {
  const repo = await tempRepo(t, {
    '.gitignore': '*.log\n',
    'kept.txt': 'kept\n',
    'gone.txt': 'gone\n',
    'staged.txt': 'old\n',
    'tool.sh': 'echo tool\n',
  })
  await repo.write('new.txt', 'new\n')
  await repo.write('intended.txt', 'intended\n')
  await repo.git('add', '-N', 'intended.txt')
  await repo.write('staged.txt', 'staged\n')
  await repo.git('add', 'staged.txt')
  await repo.write('only-staged.txt', 'index\n')
  await repo.git('add', 'only-staged.txt')
  await rm(`${repo.dir}/gone.txt`)
  await chmod(`${repo.dir}/tool.sh`, 0o755)
  await repo.write('noise.log', 'x\n')
  const before = await repo.snapshotState()
  const { json } = await pp(repo, ['prove', LIST, '--runs', '0', '--json'])
  t.is(json.verdict, 'NOT_FIXED', json.reason)
  const attempt = `refs/pp/${String(json['session'])}/attempts/1`
  t.deepEqual((await repo.git('ls-tree', '-r', '--format=%(objectmode) %(path)', attempt)).split('\n'), [
    '100644 .gitignore',
    '100644 intended.txt',
    '100644 kept.txt',
    '100644 new.txt',
    '100644 only-staged.txt',
    '100644 staged.txt',
    '100755 tool.sh',
  ])
  t.is(await repo.git('show', `${attempt}:staged.txt`), 'staged')
  t.deepEqual(json['warnings'], [])
  t.deepEqual(await repo.snapshotState(), before)
  await nothingLeft(repo)
  await fsckClean(repo)
})

test('what looks like a secret is never part of the base, and is named', async (t) => {
  const repo = await tempRepo(t, { 'a.txt': 'a\n', 'deploy.pem': 'public as yet\n' })
  await repo.write('.env', 'TOKEN=hunter2-hunter2\n')
  await repo.write('keys/id_rsa', 'private\n')
  await repo.write('deploy.pem', 'private now\n')
  await repo.write('a.txt', 'b\n')
  const before = await repo.snapshotState()
  const ran = await pp(repo, ['run', LIST, '--json'])
  const base = `refs/pp/${String(ran.json['session'])}/base`
  t.is(await repo.git('ls-tree', '-r', '--name-only', base), 'a.txt\ndeploy.pem')
  t.is(await repo.git('show', `${base}:deploy.pem`), 'public as yet')
  const warnings = (ran.json['warnings'] as string[]).join('\n')
  for (const path of ['.env', 'keys/id_rsa', 'deploy.pem'])
    t.true(warnings.includes(`${path} is left out of the base: its name looks like a file of secrets`), warnings)
  t.regex((await pp(repo, ['run', LIST])).stdout, /\.env is left out of the base/)
  const objects = await repo.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)')
  for (const [oid = '', type] of objects.split('\n').map((line) => line.split(' ')))
    if (type === 'blob') t.notRegex(await repo.git('cat-file', 'blob', oid), /hunter2|private/)
  t.deepEqual(await repo.snapshotState(), before)
  await nothingLeft(repo)
})

test('what deny_write names stays as it was committed, and is named', async (t) => {
  const repo = await tempRepo(t, {
    'a.txt': 'a\n',
    'vault/x.txt': 'old\n',
    'pp.yaml': 'policy: {deny_write: ["vault/**"]}\n',
  })
  await repo.write('a.txt', 'b\n')
  await repo.write('vault/x.txt', 'new\n')
  await repo.write('vault/y.txt', 'new\n')
  const before = await repo.snapshotState()
  const { json } = await pp(repo, ['run', LIST, '--json'])
  const base = `refs/pp/${String(json['session'])}/base`
  t.is(await repo.git('ls-tree', '-r', '--name-only', base), 'a.txt\npp.yaml\nvault/x.txt')
  t.is(await repo.git('show', `${base}:vault/x.txt`), 'old')
  t.regex(
    (json['warnings'] as string[]).join('\n'),
    /vault\/y\.txt is left out of the base: deny_write of the policy names it/,
  )
  t.deepEqual(await repo.snapshotState(), before)
  await nothingLeft(repo)
})

test('files too large for a snapshot are named and left out', async (t) => {
  const repo = await tempRepo(t, { 'a.txt': 'a\n' })
  await repo.write('a.txt', 'b\n')
  await writeFile(`${repo.dir}/huge.bin`, Buffer.alloc(51 << 20))
  const { json } = await pp(repo, ['prove', LIST, '--runs', '0', '--json'])
  t.regex((json['warnings'] as string[]).join('\n'), /huge\.bin is left out of the base: it is larger than 50 MiB/)
  await nothingLeft(repo)
})
