import test from 'ava'
import { fileClassifier } from '../../../../src/engine/core/file-classes/index.ts'
import { isSourceFile } from '../../../../src/engine/core/paths/index.ts'

const SOURCE = [
  'a.py',
  'b/c.tsx',
  'calc.jl',
  'Main.hs',
  'calc.ml',
  'lib.dart',
  'core.clj',
  'calc.nim',
  'sum.F90',
  'sum.R',
  'calc.d',
]
const DATA = [
  'a.json',
  'b.yml',
  'c.md',
  'want.txt',
  'x.csv',
  'page.html',
  'a.snap',
  'sums.feature',
  '.env',
  'Makefile',
  'x.toml',
]

test('files of programming languages are source, whatever the case of their ending; data and documents are not', (t) => {
  t.deepEqual([...SOURCE, ...DATA].filter(isSourceFile), SOURCE)
})

test('a source file that the run of the base read is product in every language', (t) => {
  const side = { mode: '100644' as const, oid: '0'.repeat(40) }
  const classOf = fileClassifier({
    judgeOf: () => null,
    reads: {
      seen: new Set([...SOURCE, ...DATA]),
      byJudges: new Map(),
      byRunner: new Set(),
      testsRan: true,
      redOutput: '',
    },
    isSource: () => false,
    lookedAt: new Set(),
    added: new Set(),
  })
  for (const path of SOURCE) t.is(classOf({ path, before: side, after: side }), 'product', path)
  for (const path of DATA) t.is(classOf({ path, before: side, after: side }), 'read', path)
})
