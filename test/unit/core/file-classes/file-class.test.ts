import test from 'ava'
import { fileClassifier, newSources } from '../../../../src/engine/core/file-classes/index.ts'
import { judgeClassifierOf } from '../../../../src/engine/core/judges/index.ts'
import type { Change } from '../../../../src/engine/model/change.ts'

const side = (mode: '100644' | '100755' = '100644') => ({ mode, oid: 'a'.repeat(40) })
const edited = (path: string, mode?: '100755'): Change => ({ path, before: side(mode), after: side(mode) })
const added = (path: string): Change => ({ path, before: null, after: side() })

const SEEN = ['src/calc.py', 'src/table.json', 'test_calc.py', 'bin/tool']
const classify = fileClassifier({
  judgeOf: judgeClassifierOf([]),
  reads: { seen: new Set(SEEN), byJudges: new Map(), byRunner: new Set(), testsRan: true, redOutput: '' },
  isSource: (path) => path.endsWith('.dummy'),
  lookedAt: new Set(),
  added: new Set(['src/new.py']),
})

for (const [change, wanted] of [
  [edited('test_calc.py'), 'judge'],
  [edited('test_unread.py'), 'judge'],
  [edited('src/calc.py'), 'product'],
  [edited('bin/tool', '100755'), 'product'],
  [edited('src/table.json'), 'read'],
  [edited('bin/tool'), 'read'],
  [edited('src/other.py'), 'not seen'],
  [edited('README.md'), 'not seen'],
  [added('src/new.py'), 'product'],
  [added('src/unnamed.py'), 'not seen'],
  [added('.gdbinit'), 'not seen'],
] as const)
  test(`${change.before ? 'edited' : 'added'} ${change.path} is ${wanted}`, (t) => {
    t.is(classify(change), wanted)
  })

test('where nothing was observed, every file that is no judge is product', (t) => {
  const blind = fileClassifier({
    judgeOf: judgeClassifierOf([]),
    reads: { seen: null, byJudges: new Map(), byRunner: new Set(), testsRan: true, redOutput: '' },
    isSource: (path) => path.endsWith('.dummy'),
    lookedAt: new Set(),
    added: new Set(),
  })
  t.deepEqual([edited('README.md'), added('x.json'), edited('test_a.py')].map(blind), ['product', 'product', 'judge'])
})

test('a run that ended before a test ran says nothing about source next to the product', (t) => {
  const early = fileClassifier({
    judgeOf: judgeClassifierOf([]),
    reads: { seen: new Set(SEEN), byJudges: new Map(), byRunner: new Set(), testsRan: false, redOutput: '' },
    isSource: (path) => path.endsWith('.dummy'),
    lookedAt: new Set(),
    added: new Set(),
  })
  const paths = ['src/other.py', 'src/deep/other.py', 'src/other.js', 'docs/conf.py', 'other.py', 'src/notes.md']
  const wanted = ['product', 'product', 'not seen', 'not seen', 'not seen', 'not seen']
  t.deepEqual(
    paths.map((path) => early(edited(path))),
    wanted,
  )
})

test('a run that ended before it read any product says nothing about source in the language of its tests', (t) => {
  const none = fileClassifier({
    judgeOf: judgeClassifierOf([]),
    reads: {
      ...{ seen: new Set(['test_calc.py', 'setup.cfg']), byJudges: new Map(), byRunner: new Set<string>() },
      ...{ testsRan: false, redOutput: '' },
    },
    isSource: () => false,
    lookedAt: new Set(),
    added: new Set(),
  })
  const paths = ['src/other.py', 'other.py', 'other.js', 'notes.md', 'test_other.py']
  t.deepEqual(
    paths.map((path) => none(edited(path))),
    ['product', 'product', 'not seen', 'not seen', 'judge'],
  )
})

test('an added source file is product where changed product names it, also over another added file', (t) => {
  const texts = new Map([
    ['src/calc.py', 'from .parts import add\n'],
    ['src/parts.py', 'from .sums.core import total\n'],
    ['src/sums/core.py', 'x = 1\n'],
    ['src/alone.py', 'x = 1\n'],
  ])
  const all = ['src/parts.py', 'src/sums/core.py', 'src/alone.py', 'src/parts.json', 'lib/parts.py', 'parts.py']
  t.deepEqual([...newSources(all, ['src/calc.py'], texts, '')].sort(), ['src/parts.py', 'src/sums/core.py'])
})

test('a package is named by its directory, and no file of a Go package has to be named', (t) => {
  const names = (path: string, text: string, product: string) =>
    newSources(
      [path],
      [product],
      new Map([
        [product, text],
        [path, ''],
      ]),
      '',
    ).has(path)
  t.true(names('src/parts/__init__.py', 'import parts', 'src/calc.py'))
  t.true(names('lib/parts/index.js', "require('./parts')", 'lib/calc.js'))
  t.true(names('src/sums/mod.rs', 'mod sums;', 'src/lib.rs'))
  t.true(names('pkg/other.go', 'package pkg', 'pkg/calc.go'))
  t.false(names('src/part.py', 'import parts', 'src/calc.py'))
})

test('an added source file is product where the red run misses it, and then what it names as well', (t) => {
  const texts = new Map([
    ['calc.py', 'from parts import add\n'],
    ['parts.py', ''],
    ['expects.py', ''],
  ])
  const output = "test_calc.py:1: from expects import equal\nE   ModuleNotFoundError: No module named 'calc'\n"
  t.deepEqual([...newSources([...texts.keys()], ['a.py'], texts, output)].sort(), ['calc.py', 'parts.py'])
  for (const line of [
    "Error: Cannot find module './calc'",
    'calc_test.go:5:2: undefined: calc.Add',
    'error[E0432]: unresolved import `calc`',
    'test.c:1:10: fatal error: calc.h: No such file or directory',
  ])
    t.is(newSources(['calc.py'], [], new Map(), line).size, 1, line)
})

test('a file that the command itself looks at is product, whatever it holds', (t) => {
  const looked = fileClassifier({
    judgeOf: judgeClassifierOf([]),
    reads: {
      seen: new Set(['state.txt', 'other.txt']),
      byJudges: new Map(),
      byRunner: new Set(),
      testsRan: false,
      redOutput: '',
    },
    isSource: (path) => path.endsWith('.dummy'),
    lookedAt: new Set(['state.txt']),
    added: new Set(),
  })
  t.deepEqual([edited('state.txt'), edited('other.txt')].map(looked), ['product', 'read'])
})
