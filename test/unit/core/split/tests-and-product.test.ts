import test from 'ava'
import type { JudgeClassifier } from '../../../../src/engine/core/judges/judge-classifier.ts'
import {
  contentsOfSide,
  editsToSide,
  splitChange,
  touchedJudges,
} from '../../../../src/engine/core/split/tests-and-product.ts'
import type { Change } from '../../../../src/engine/model/change.ts'

const file = { mode: '100644' as const, oid: '0'.repeat(40) }
const added = (path: string): Change => ({ path, before: null, after: file })
const edited = (path: string): Change => ({ path, before: file, after: file })
const removed = (path: string): Change => ({ path, before: file, after: null })
const judgeOf: JudgeClassifier = (path) => (path.startsWith('test') ? 'test' : path.endsWith('.cfg') ? 'config' : null)
const paths = (changes: readonly Change[]) => changes.map(({ path }) => path)

test('a change is product, tests that it brings, and other judges', (t) => {
  const parts = splitChange(
    [edited('a.py'), added('test_a.py'), edited('test_b.py'), removed('test_c.py'), edited('x.cfg')],
    judgeOf,
  )
  t.deepEqual(paths(parts.product), ['a.py'])
  t.deepEqual(paths(parts.tests), ['test_a.py', 'test_b.py', 'test_c.py'])
  t.deepEqual(paths(parts.other), ['x.cfg'])
})

test('every judge that a change touches can have bought its green, a test that it adds included', (t) => {
  const parts = splitChange([edited('a.py'), added('x.cfg'), added('test_a.py'), removed('test_c.py')], judgeOf)
  t.deepEqual(paths(touchedJudges(parts)), ['test_a.py', 'test_c.py', 'x.cfg'])
})

test('whether a path is a judge can hang on its being new', (t) => {
  const shadow: JudgeClassifier = (path, context) => (path === 'pytest.py' && context?.added ? 'config' : null)
  t.deepEqual(paths(splitChange([added('pytest.py')], shadow).other), ['pytest.py'])
  t.deepEqual(paths(splitChange([edited('pytest.py')], shadow).product), ['pytest.py'])
})

test('a link, a submodule and a program stand in a tree as what they are, and people read of a submodule which commit', async (t) => {
  const oid = (digit: string) => digit.repeat(40)
  const changes = [
    { path: 'link', before: null, after: { mode: '120000', oid: oid('1') } },
    { path: 'sub', before: { mode: '160000', oid: oid('2') }, after: { mode: '160000', oid: oid('3') } },
    { path: 'gone', before: { mode: '100755', oid: oid('4') }, after: null },
  ] as const
  t.deepEqual(
    [...editsToSide(changes, 'after')],
    [
      ['link', { mode: '120000', oid: oid('1') }],
      ['sub', { mode: '160000', oid: oid('3') }],
      ['gone', null],
    ],
  )
  const read = async (blob: string) => {
    t.not(blob, oid('2'))
    return Buffer.from(`blob ${blob[0]}`)
  }
  const text = await contentsOfSide(changes, 'before', read)
  t.is(Buffer.from(text.get('sub')?.bytes ?? []).toString(), `Subproject commit ${oid('2')}\n`)
  t.is(text.get('gone')?.mode, '100755')
  t.is(text.get('link'), null)
})
