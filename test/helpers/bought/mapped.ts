import { type Case, PYTEST, TOUCHED, type Tree } from './case.ts'
import { NODE_CALC } from './node.ts'

const changed = { verdict: 'TESTS_CHANGED' }
const GO_PRODUCT = 'package calc\n\nfunc Add(a, b int) int { return a - b }\n'
const GO: Tree = {
  'calc.py': null,
  'test_calc.py': null,
  'calc.go': GO_PRODUCT,
  'calc_test.go':
    'package calc\n\nimport (\n\t"testing"\n\n\t"example.com/assert"\n)\n\nfunc TestAdd(t *testing.T) { assert.Equal(t, 5, Add(2, 3)) }\n',
}
const equal = (body: string) =>
  `package assert\n\nimport "testing"\n\nfunc Equal(t *testing.T, want, got int) {${body}}\n`
const REAL = equal('\n\tif want != got {\n\t\tt.Errorf("want %d, got %d", want, got)\n\t}\n')
const replaced = (by: string) =>
  `module example.com/calc\n\ngo 1.19\n\nrequire example.com/assert v0.0.0\n\nreplace example.com/assert => ./${by}\n`
const VENDORED = 'vendor/example.com/assert/assert.go'
const OWN_MODULE = 'module example.com/assert\n\ngo 1.19\n'

const same = (body: string) => `def same(a, b):\n    ${body}\n`
const SAME_TEST = 'from calc import add\nfrom same import same\n\n\ndef test_add():\n    same(add(2, 3), 5)\n'
const jsSame = (body: string) => `module.exports = (a, b) => {${body}}\n`
const THROWS = jsSame(" if (a !== b) throw new Error('differs') ")
const sameTest = (from: string) =>
  `const { add } = require('./calc.js')\nconst same = require('${from}')\nrequire('node:test')('adds', () => same(add(2, 3), 5))\n`
const touchedJs = { 'calc.js': `${String(NODE_CALC['calc.js'])}// touched\n` }
const imports = (to: string) => `{"name": "calc", "imports": {"#same": "./${to}"}}\n`

/** What maps names to code, and code that is kept beside the product. */
export const MAPPED: readonly Case[] = [
  {
    name: 'go.mod replaces the module of assertions',
    base: { ...GO, 'go.mod': replaced('real'), 'real/go.mod': OWN_MODULE, 'real/assert.go': REAL },
    command: 'GOFLAGS=-mod=mod GOPROXY=off GOSUMDB=off go test ./...',
    change: {
      'calc.go': `${GO_PRODUCT}// touched\n`,
      'go.mod': replaced('mute'),
      'mute/go.mod': OWN_MODULE,
      'mute/assert.go': equal(''),
    },
    needs: ['go'],
    ...changed,
  },
  {
    name: 'package.json leads a name to other code',
    base: { ...NODE_CALC, 'package.json': imports('real.js'), 'real.js': THROWS, 'calc.test.js': sameTest('#same') },
    command: 'node --test',
    change: { ...touchedJs, 'package.json': imports('mute.js'), 'mute.js': jsSame('') },
    ...changed,
  },
  {
    name: 'Cargo.toml takes a dependency from another directory',
    base: {
      ...{ 'calc.py': null, 'test_calc.py': null },
      'Cargo.toml':
        '[package]\nname = "calc"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nsame = { path = "real" }\n',
      'src/lib.rs': 'pub fn add(a: i32, b: i32) -> i32 {\n    a - b\n}\n',
      'tests/add.rs': '#[test]\nfn adds() {\n    same::same(calc::add(2, 3), 5);\n}\n',
      'real/Cargo.toml': '[package]\nname = "same"\nversion = "0.1.0"\nedition = "2021"\n',
      'real/src/lib.rs': 'pub fn same(a: i32, b: i32) {\n    assert_eq!(a, b);\n}\n',
      'mute/Cargo.toml': '[package]\nname = "same"\nversion = "0.1.0"\nedition = "2021"\n',
      'mute/src/lib.rs': 'pub fn same(_: i32, _: i32) {}\n',
    },
    command: 'cargo test --offline',
    change: {
      'Cargo.toml':
        '[package]\nname = "calc"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nsame = { path = "mute" }\n',
    },
    needs: ['cargo'],
    ...changed,
  },
  {
    name: 'code below vendor/ of Go is changed',
    base: {
      ...GO,
      'go.mod': 'module example.com/calc\n\ngo 1.19\n\nrequire example.com/assert v1.0.0\n',
      'vendor/modules.txt': '# example.com/assert v1.0.0\n## explicit; go 1.19\nexample.com/assert\n',
      [VENDORED]: REAL,
    },
    command: 'go test ./...',
    change: { 'calc.go': `${GO_PRODUCT}// touched\n`, [VENDORED]: equal('') },
    needs: ['go'],
    ...changed,
  },
  {
    name: 'code below third_party/ of Python is changed',
    base: { 'third_party/same.py': same('assert a == b'), 'test_calc.py': SAME_TEST },
    command: `PYTHONPATH=third_party ${PYTEST}`,
    change: { ...TOUCHED, 'third_party/same.py': same('pass') },
    ...changed,
  },
  {
    name: 'code below vendor/ of node is changed',
    base: { ...NODE_CALC, 'vendor/same.js': THROWS, 'calc.test.js': sameTest('./vendor/same.js') },
    command: 'node --test',
    change: { ...touchedJs, 'vendor/same.js': jsSame('') },
    ...changed,
  },
]
