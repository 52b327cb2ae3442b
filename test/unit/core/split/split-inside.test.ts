import test from 'ava'
import { splitInside } from '../../../../src/engine/core/split/index.ts'
import type { Change } from '../../../../src/engine/model/change.ts'

const BEFORE = 'def add(a, b):\n    """\n    >>> add(2, 3)\n    5\n    """\n    return a - b\n'
const AFTER = BEFORE.replace('    5', '    6').replace('a - b', 'a + b')
const blobs: Readonly<Record<string, string>> = { before: BEFORE, after: AFTER }
const change: Change = {
  path: 'calc.py',
  before: { mode: '100644', oid: 'before' },
  after: { mode: '100644', oid: 'after' },
}
const parts = { product: [change], tests: [], other: [], programs: [], inside: [] }
const read = async (oid: string) => new TextEncoder().encode(blobs[oid])

test('examples in documentation are tests where the command or a judge runs them', async (t) => {
  const split = await splitInside(parts, read, async () => 'pytest --doctest-modules')
  t.deepEqual(
    split.inside.map(({ lines }) => lines),
    [[4]],
  )
})

test('where nothing runs them they are documentation, and belong to the product', async (t) => {
  const split = await splitInside(parts, read, async () => 'pytest -q')
  t.deepEqual([split.inside, split.product, split.tests], [[], [change], []])
})
