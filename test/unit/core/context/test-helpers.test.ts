import test from 'ava'
import { testHelpers } from '../../../../src/engine/core/context/index.ts'

const helpers = (
  product: readonly string[],
  tests: readonly string[],
  imports: Readonly<Record<string, readonly string[]>> = {},
) => [...testHelpers({ product, tests, imports: (path) => imports[path] ?? [] })]

test('what stands beside the tests, and the product elsewhere does not know, serves the tests', (t) => {
  t.deepEqual(helpers(['src/sum.py', 'checks/load.py'], ['checks/test_sum.py']), ['checks/load.py'])
})

test('where all product stands beside the tests, none of it is a helper', (t) => {
  t.deepEqual(helpers(['sum.py', 'parts.py'], ['test_sum.py']), [])
})

test('a file beside the tests that the product imports, or that imports it, is product', (t) => {
  const product = ['sum.py', 'lib/parts.py', 'shared.py']
  const imports = { 'sum.py': ['lib/parts.py'], 'lib/parts.py': ['shared.py'] }
  t.deepEqual(helpers(product, ['test_sum.py'], imports), [])
})
