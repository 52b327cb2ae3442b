import test from 'ava'
import { testData } from '../../../../src/engine/core/overfitting/index.ts'

const FILES = ['cases/area.json', 'cases/other.json', 'src/area.py', 'docs/area.md', 'README.md', 'cases/rows.csv']

test('data of a failing test has its name, the name of a changed file, or is named in the test', (t) => {
  t.deepEqual(testData(FILES, ['tests/test_area.py'], []), ['cases/area.json'])
  t.deepEqual(testData(FILES, ['lib/area.spec.ts'], []), ['cases/area.json'])
  t.deepEqual(testData(FILES, ['src/length.py'], ['open("cases/rows.csv")']), ['cases/rows.csv'])
  t.deepEqual(testData(FILES, ['src/length.py'], ['see README.md, docs/area.md and src/area.py']), [])
})

test('at most twenty files are data', (t) => {
  const many = Array.from({ length: 30 }, (_, at) => `cases/${at}/area.json`)
  t.is(testData(many, ['tests/test_area.py'], []).length, 20)
})
