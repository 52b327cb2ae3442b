import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import plug from '../../../../src/engine/evidence/tracers/go.ts'
import type { Tracer } from '../../../../src/engine/ports/tracer.ts'
import { needing } from '../../../helpers/needs.ts'
import { ran, traced, tracked } from './ground.ts'

const go: Tracer = plug
const FILES = {
  'go.mod': 'module example.com/shop\n\ngo 1.19\n',
  'calc/calc.go':
    'package calc\n\nfunc Add(a, b int) int {\n\tif a > 3 {\n\t\treturn a\n\t}\n\treturn a - b\n}\n\nfunc One() int { return 1 }\n',
  'cart/cart.go':
    'package cart\n\nimport "example.com/shop/calc"\n\nfunc Total(a, b int) int {\n\treturn calc.Add(a, b)\n}\n',
  'cart/cart_test.go':
    'package cart\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\tif Total(1, 2) != 3 {\n\t\tt.Error("no")\n\t}\n}\n',
}

needing('go')('the profile covers what other packages are made to run', async (t) => {
  // A build cache that outlives the test: a new one means to build the standard library.
  const env = { GOCACHE: join(tmpdir(), 'pp-test-go-cache'), GOFLAGS: '-count=1' }
  const { trace, output } = await traced(t, go, FILES, ['go', 'test', './...'], { env })
  t.deepEqual(ran(trace, 'calc/calc.go'), { '(all)': [true, 3, 4, 7] }, output)
  t.deepEqual(ran(trace, 'cart/cart.go'), { '(all)': [true, 5, 6, 7] })
})

test('a profile without hits, and none, say nothing', async (t) => {
  const profile = new TextEncoder().encode('mode: set\nexample.com/shop/calc/calc.go:3.24,4.11 1 0\n')
  const files = tracked({ 'calc/calc.go': '' })
  t.deepEqual((await go.read(new Map([['go.cover', profile]]), files, { root: '/r' }))?.spectra, [])
  t.is(await go.read(new Map(), files, { root: '/r' }), null)
})
