import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test from 'ava'
import { filterNames, parseConfig, withoutFilters } from '../../../src/engine/git/config.ts'
import { fsckClean, stateOf, tempRepo } from '../../helpers/repo.ts'
import { open } from '../../unit/git/open.ts'

const ATTRIBUTES = '*.bin filter=lfs diff=lfs merge=lfs -text\n*.x filter=od=d\n*.proc filter=proc\n'
const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'

/** A repository whose filters, wherever they are configured, leave a mark when they run. */
async function filtered(t: Parameters<typeof tempRepo>[0]) {
  const repo = await tempRepo(t, {
    '.gitattributes': ATTRIBUTES,
    'a.bin': POINTER,
    'sub/b.bin': POINTER,
    'c.x': 'c\n',
    'd.proc': 'd\n',
    plain: 'p\n',
  })
  const mark = path.join(repo.home, 'FILTER-RAN')
  const script = path.join(repo.home, 'filter')
  await fs.writeFile(script, `#!/bin/sh\necho "$@" >>'${mark}'\ncat\n`, { mode: 0o755 })
  for (const key of ['clean', 'smudge']) {
    await repo.git('config', '--global', `filter.lfs.${key}`, `'${script}' ${key} %f`)
    await repo.git('config', `filter.od=d.${key}`, `'${script}' ${key} %f`)
  }
  await repo.git('config', '--global', 'filter.lfs.process', `'${script}' process`)
  await repo.git('config', '--global', 'filter.lfs.required', 'true')
  await repo.git('config', 'filter.od=d.required', 'true')
  await repo.git('config', 'filter.proc.process', `'${script}' process`)
  return { repo, ran: () => fs.readFile(mark, 'utf8').catch(() => '') }
}

test('a checkout runs no filter and says which were skipped for how many files', async (t) => {
  const { repo, ran } = await filtered(t)
  const { workspaces } = await open(t, repo)
  const all = workspaces(path.join(repo.home, 'state'))
  const workspace = await all.open(await repo.git('rev-parse', 'HEAD^{tree}'))
  t.is(await fs.readFile(path.join(workspace.dir, 'sub/b.bin'), 'utf8'), POINTER)
  t.deepEqual([...(await workspace.touched(['a.bin', 'c.x', 'd.proc'])).keys()], [])
  t.deepEqual([...all.facts()].sort(), [
    `the filter 'lfs' was not run for 2 files`,
    `the filter 'od=d' was not run for 1 file`,
    `the filter 'proc' was not run for 1 file`,
  ])
  await workspace.dispose()
  t.is(await ran(), '')
})

test('a snapshot runs no filter: what would need one is left out, new files too', async (t) => {
  const { repo, ran } = await filtered(t)
  await repo.write('a.bin', 'the real content\n')
  await repo.write('new.bin', 'decrypted\n')
  await repo.write('c.x', 'changed\n')
  await repo.write('d.proc', 'changed\n')
  await repo.write('plain', 'changed\n')
  const { snapshots } = await open(t, repo)
  const { tree, leftOut } = await snapshots.take(() => null, new Date(0))
  t.is(await ran(), '')
  await repo.git('add', 'c.x').catch(() => '')
  t.not(await ran(), '', 'the trap works: git itself runs them')
  t.is(await repo.git('show', `${tree}:a.bin`), POINTER.trim())
  t.is(await repo.git('show', `${tree}:plain`), 'changed')
  t.deepEqual(
    leftOut.map(({ path: name, why }) => `${name}: ${why}`),
    [
      `a.bin: it needs the filter 'lfs', which git pp does not run`,
      `c.x: it needs the filter 'od=d', which git pp does not run`,
      `d.proc: it needs the filter 'proc', which git pp does not run`,
      `new.bin: it needs the filter 'lfs', which git pp does not run`,
    ],
  )
  t.true(await fsckClean(repo))
})

test('a filter that is only named, not installed, changes nothing', async (t) => {
  const repo = await tempRepo(t, { '.gitattributes': '*.bin filter=lfs\n', 'a.bin': POINTER })
  await repo.write('a.bin', 'real\n')
  const before = await stateOf(repo)
  const { snapshots, workspaces } = await open(t, repo)
  const { tree, leftOut } = await snapshots.take(() => null, new Date(0))
  t.deepEqual(leftOut, [])
  const all = workspaces(path.join(repo.home, 'state'))
  const workspace = await all.open(tree)
  t.is(await fs.readFile(path.join(workspace.dir, 'a.bin'), 'utf8'), 'real\n')
  t.deepEqual(all.facts(), [`the filter 'lfs' was not run for 1 file`])
  await workspace.dispose()
  t.deepEqual(await stateOf(repo), before)
})

test('the names of filters are those of all scopes, dots and equal signs included', (t) => {
  const output =
    'global\0filter.a.b.clean\nx\0local\0filter.c=d.smudge\ny\0local\0filter.c=d.required\0local\0core.bare\nfalse\0'
  const config = parseConfig(Buffer.from(output))
  t.deepEqual(filterNames(config), ['a.b', 'c=d'])
  t.deepEqual(config.get('filter.c=d.required'), [{ value: 'true', scope: 'local' }])
  t.is(withoutFilters(['c=d'])[0], '--config-env=filter.c=d.clean=PP_EMPTY')
})
