import test from 'ava'
import { linkedJudges } from '../../../../src/engine/core/found-judges/linked-judges.ts'
import { judgeClassifierOf } from '../../../../src/engine/core/judges/index.ts'
import type { TreeEntry } from '../../../../src/engine/model/change.ts'

/** What these links make judges of, among these files. */
async function linked(
  links: Readonly<Record<string, string>>,
  ...files: readonly string[]
): Promise<readonly string[]> {
  const entries: TreeEntry[] = [
    ...Object.keys(links).map((path) => ({ path, mode: '120000' as const, oid: path })),
    ...files.map((path) => ({ path, mode: '100644' as const, oid: path })),
  ]
  const read = async (oid: string) => new TextEncoder().encode(links[oid] ?? '')
  return (await linkedJudges(entries, judgeClassifierOf([]), read)).map(({ path }) => path)
}

test('data behind a link of a test directory is a judge, source is not', async (t) => {
  const found = await linked(
    { 'tests/data': '../shared' },
    'shared/want.json',
    'shared/deep/x.csv',
    'shared/calc.py',
    'other/a.json',
  )
  t.deepEqual(found, ['shared/want.json', 'shared/deep/x.csv'])
})

test('a link with the name of a test file leads to a judge, whatever its name', async (t) => {
  t.deepEqual(await linked({ 'a/test_add.py': '../impl/add.py' }, 'impl/add.py'), ['impl/add.py'])
  t.deepEqual(await linked({ 'a/add.py': '../impl/add.py' }, 'impl/add.py'), [])
})

test('a link out of the tree, to its top, or that is no judge, leads to nothing', async (t) => {
  const links = { 'tests/a': '/etc', 'tests/b': '../../..', 'tests/c': '..', 'docs/d': '../shared' }
  t.deepEqual(await linked(links, 'shared/want.json', 'etc/x.json'), [])
})

test('links are followed to their end: a link to a link, through a link, and to a directory that holds a link', async (t) => {
  const links = {
    ...{ 'tests/a': '../alias', alias: 'shared', 'tests/b.json': '../alias/deep/b.json', 'tests/c': '../folder' },
    ...{ 'folder/inner.json': '../real/inner.json', 'tests/loop': '../loop', loop: 'loop', 'docs/d': '../other' },
  }
  const files = ['shared/want.json', 'shared/deep/b.json', 'real/inner.json', 'real/not.json', 'other/x.json']
  t.deepEqual((await linked(links, ...files)).toSorted(), ['real/inner.json', 'shared/deep/b.json', 'shared/want.json'])
})
