import { readdirSync, readFileSync } from 'node:fs'
import test from 'ava'
import { stripAnsi } from '../../../../src/engine/core/bytes/plain-text.ts'
import { filesNamedByCommand, locations } from '../../../../src/engine/core/locations/locations.ts'
import { resolveLocations } from '../../../../src/engine/core/locations/resolve-locations.ts'

function recorded(name: string): string {
  const folder = new URL('../../../fixtures/outputs/', import.meta.url)
  const file = readdirSync(folder).find((one) => one.startsWith(`${name}.`)) ?? name
  return stripAnsi(readFileSync(new URL(file, folder), 'utf8'))
}

/** 'path:line:column' of every place, with the role in front where it is not `fail`. */
function spelled(output: string): string[] {
  return locations(output).map(({ path, line, column, role }) => {
    const place = [path, line, column].filter((part) => part !== null).join(':')
    return role === 'fail' ? place : `${role} ${place}`
  })
}

const lines: readonly (readonly [tool: string, line: string, place: string])[] = [
  ['gcc', 'src/list.c:7:24: error: no member named val', 'src/list.c:7:24'],
  ['go vet', 'vet: bad/bad.go:8:14: undeclared name: x', 'bad/bad.go:8:14'],
  ['tsc', "main.ts(7,21): error TS2551: Property 'nme'", 'main.ts:7:21'],
  ['tsc in a route group', 'app/(shop)/[id]/page.tsx(3,5): error TS1', 'app/(shop)/[id]/page.tsx:3:5'],
  ['msvc', 'src\\a.cpp(12): error C2065: x', 'src\\a.cpp:12'],
  ['python', '  File "/repo/my dir/a.py", line 3, in f', '/repo/my dir/a.py:3'],
  ['bash', 'run.sh: line 4: nme: unbound variable', 'run.sh:4'],
  ['dash', 'run.sh: 4: nme: parameter not set', 'run.sh:4'],
  ['perl', 'syntax error at lib/A.pm line 3, near "x"', 'lib/A.pm:3'],
  ['php', 'PHP Fatal error:  Uncaught x in /repo/a.php on line 9', '/repo/a.php:9'],
  ['terraform', '  on main.tf line 3, in resource "a" "b":', 'main.tf:3'],
  ['c#', '   at A.B.C() in /repo/A.cs:line 12', '/repo/A.cs:12'],
  ['rustc', ' --> src/bad.rs:9:18', 'src/bad.rs:9:18'],
  ['ghc', 'src/Main.hs:(3,1)-(5,2): error:', 'src/Main.hs:3:1'],
  ['kotlin', 'e: /repo/A.kt: (5, 3): unresolved', '/repo/A.kt:5:3'],
  ['babel', 'SyntaxError: /repo/src/a.js: Unexpected token (3:5)', '/repo/src/a.js:3:5'],
  ['webpack', 'ERROR in ./src/a.js 3:5-10', './src/a.js:3:5'],
  ['ocaml', 'File "a.ml", line 3, characters 4-5:', 'a.ml:3:4'],
  ['make', 'Makefile:2: *** missing separator.  Stop.', 'Makefile:2'],
  ['minitest', 'TestStack#test_peek [test/a_test.rb:16]:', 'test/a_test.rb:16'],
  ['ubsan', 'src/ub.c:2:5: runtime error: signed integer overflow', 'src/ub.c:2:5'],
  ['assert', "asrt: src/asrt.c:5: main: Assertion `x' failed.", 'src/asrt.c:5'],
  ['a linker without debug information', 'link.c:(.text+0x1f): undefined reference to `f', 'link.c'],
  ['pytest', 'FAILED tests/test_a.py::test_b - assert 1', 'tests/test_a.py'],
  ['node', "Error: Cannot find module '/repo/b.mjs' imported from /repo/a.mjs", '/repo/a.mjs'],
  ['prettier', '[warn] src/a.js', 'src/a.js'],
]

for (const [tool, line, place] of lines)
  test(`${tool}: ${line}`, (t) => {
    t.deepEqual(spelled(line), [place])
  })

test('a time, a port and a ratio are no places', (t) => {
  t.deepEqual(spelled('12:30:45 took 3:20, 1:2 of 5'), [])
})

test('eslint names its file once, above the lines', (t) => {
  const output =
    "\n/repo/lint.js\n  1:7   error    'x' is not used  no-unused-vars\n  4:3   warning  Unexpected  no-debugger\n\n"
  t.deepEqual(spelled(output), ['/repo/lint.js:1:7', '/repo/lint.js:4:3'])
})

test('reports in JSON are read by their keys', (t) => {
  const eslint = [{ filePath: '/repo/a.js', messages: [{ line: 3, column: 5, message: 'no' }] }]
  t.deepEqual(spelled(JSON.stringify(eslint)), ['/repo/a.js:3:5'])
  const pyright = { generalDiagnostics: [{ file: '/repo/a.py', range: { start: { line: 5, character: 11 } } }] }
  t.deepEqual(spelled(JSON.stringify(pyright, null, 2)), ['/repo/a.py:6:12'])
  const cargo = {
    reason: 'compiler-message',
    message: { spans: [{ file_name: 'a.rs', line_start: 9, column_start: 18 }] },
  }
  t.deepEqual(spelled(`${JSON.stringify(cargo)}\nerror: could not compile\n`), ['a.rs:9:18'])
})

test('the texts inside go test -json are read like the plain output', (t) => {
  t.deepEqual(
    [...new Set(spelled(recorded('go-json')))],
    [
      'example.com/demo/calc/calc_test.go:13',
      'example.com/demo/calc/calc_test.go:21',
      'example.com/demo/calc/calc_test.go:28',
    ],
  )
})

test('the innermost frame is where it broke, at the end of a traceback and at the start of a stack', (t) => {
  const python =
    'Traceback (most recent call last):\n  File "t.py", line 16, in a\n    b()\n  File "c.py", line 24, in b\n    x\nKeyError: 1\n'
  t.deepEqual(spelled(python), ['c.py:24', 'frame t.py:16'])
  const node = 'TypeError: x\n    at parse (/repo/src/a.js:11:21)\n    at Object.<anonymous> (/repo/t.js:10:28)\n'
  t.deepEqual(spelled(node), ['/repo/src/a.js:11:21', 'frame /repo/t.js:10:28'])
})

test('what was handled on the way is a frame', (t) => {
  const trace = (path: string) =>
    `Traceback (most recent call last):\n  File "${path}", line 1, in f\n    x\nKeyError: 1\n`
  const chained = `${trace('a.py')}\nDuring handling of the above exception, another exception occurred:\n\n${trace('b.py')}`
  t.deepEqual(spelled(chained), ['frame a.py:1', 'b.py:1'])
})

test('notes are causes, includes and make are on the way', (t) => {
  t.deepEqual(spelled('a.c:3:1: note: declared here'), ['cause a.c:3:1'])
  t.deepEqual(spelled('a.cpp:7:14:   required from here'), ['frame a.cpp:7:14'])
  t.deepEqual(spelled('make: *** [Makefile:4: app] Error 1'), ['frame Makefile:4'])
})

const project = [
  'src/range.js',
  'test/range.jest.js',
  'test/range.mocha.js',
  'test/range.node.js',
  'test/range.ava.mjs',
  'test/range.vitest.mjs',
  'shop/cart.py',
  'tests/test_cart.py',
  'tests/test_plain.py',
  'calc/calc_test.go',
  'more/more.go',
  'more/more_test.go',
]
const expected: Readonly<Record<string, readonly string[]>> = {
  'jest30-default': ['test/range.jest.js:7', 'src/range.js:7'],
  'vitest4-default': ['test/range.vitest.mjs:8', 'src/range.js:7'],
  'mocha11-spec': ['test/range.mocha.js:8', 'src/range.js:7'],
  'ava7-default': ['test/range.ava.mjs:8', 'src/range.js:7'],
  'node22-spec': ['test/range.node.js:9', 'src/range.js:7'],
  'node20-tap': ['test/range.node.js:9', 'src/range.js:7'],
  'pytest-default': ['shop/cart.py:6', 'tests/test_plain.py:10', 'tests/test_cart.py:7'],
  'pytest-short': ['shop/cart.py:6', 'tests/test_plain.py:10'],
  'unittest-default': ['shop/cart.py:6', 'tests/test_cart.py:7'],
  'go-default': ['calc/calc_test.go:13', 'more/more.go:3'],
}

for (const [name, places] of Object.entries(expected))
  test(`${name}: the places of the failures, and nothing outside the project`, (t) => {
    const found = resolveLocations(locations(recorded(name)), project, { root: '/repo' })
    const failed = found.filter(({ role }) => role === 'fail').map(({ path, line }) => `${path}:${line}`)
    for (const place of places) t.true(failed.includes(place), `${place} in ${failed}`)
    t.true(found.every(({ path }) => project.includes(path)))
  })

const at = (...paths: string[]) =>
  paths.map((path) => ({ path, line: 1, column: null, role: 'fail' as const, text: '', stack: null }))
const resolved = (paths: string[], tracked: string[], around = {}) =>
  resolveLocations(at(...paths), tracked, around).map(({ path }) => path)

test('absolute paths count only inside the work tree', (t) => {
  const tracked = ['unittest/case.py', 'case.py']
  t.deepEqual(
    resolved(['/repo/case.py', '/usr/lib/python3.11/unittest/case.py', '/other/case.py'], tracked, { root: '/repo' }),
    ['case.py'],
  )
})

test('without a root, the one that most absolute paths share is taken', (t) => {
  t.deepEqual(resolved(['/a/b/src/x.js', '/a/b/src/y.js', '/z/y.js'], ['src/x.js', 'src/y.js', 'y.js']), [
    'src/x.js',
    'src/y.js',
  ])
})

test('dependencies are outside, whatever their files are called', (t) => {
  t.deepEqual(
    resolved(
      ['node_modules/a/src/x.js', '../node_modules/src/x.js', '/repo/.venv/lib/python3.11/site-packages/src/x.js'],
      ['src/x.js'],
      { root: '/repo' },
    ),
    [],
  )
})

test('a path is relative to where the command ran, then to the top', (t) => {
  t.deepEqual(resolved(['src/x.js'], ['src/x.js', 'web/src/x.js'], { cwd: 'web' }), ['web/src/x.js'])
  t.deepEqual(resolved(['src/x.js'], ['src/x.js', 'web/src/x.js']), ['src/x.js'])
  t.deepEqual(
    resolved(['../src/x.js', './y.js', 'file:///repo/z.js'], ['src/x.js', 'y.js', 'z.js'], { root: '/repo' }),
    ['src/x.js', 'y.js', 'z.js'],
  )
})

test('a bare name is found where it is unique or already concerned, else left out', (t) => {
  t.deepEqual(resolved(['x_test.go'], ['a/x_test.go']), ['a/x_test.go'])
  t.deepEqual(resolved(['x.go'], ['a/x.go', 'b/x.go']), [])
  t.deepEqual(resolved(['x.go', '/repo/b/x.go'], ['a/x.go', 'b/x.go'], { root: '/repo' }), ['b/x.go'])
})

test('a class and an import path lead to the file', (t) => {
  const java = locations('\tat app.Main.len(Main.java:5)\n')
  t.is(
    resolveLocations(java, ['src/main/java/app/Main.java', 'other/Main.java'])[0]?.path,
    'src/main/java/app/Main.java',
  )
  const go = locations('    x_test.go:7: got 1\nFAIL\texample.com/shop/cart\t0.01s\n')
  t.is(resolveLocations(go, ['cart/x_test.go', 'user/x_test.go'])[0]?.path, 'cart/x_test.go')
})

test('with foreign frames gone, the next own one is where it broke', (t) => {
  const stack =
    'Error: x\n    at assert (/repo/node_modules/a/i.js:1:2)\n    at f (/repo/src/x.js:3:4)\n    at g (/repo/y.js:5:6)\n'
  t.deepEqual(
    resolveLocations(locations(stack), ['src/x.js', 'y.js'], { root: '/repo' }).map(({ path, role }) => [path, role]),
    [
      ['src/x.js', 'fail'],
      ['y.js', 'frame'],
    ],
  )
})

test('failures come first, and each place once', (t) => {
  const output = 'a.c:3:1: note: here\nb.c:1:1: error: no\nb.c:1:9: error: no\na.c:9:1: error: no\n'
  t.deepEqual(
    resolveLocations(locations(output), ['a.c', 'b.c']).map(({ path, line, role }) => `${role} ${path}:${line}`),
    ['fail b.c:1', 'fail a.c:9', 'cause a.c:3'],
  )
})

test('a command names files too', (t) => {
  const found = filesNamedByCommand('pytest -q tests/test_cart.py::CartTest && make -f Makefile.ci')
  t.deepEqual(
    resolveLocations(found, ['tests/test_cart.py', 'Makefile.ci', 'q']).map(({ path }) => path),
    ['tests/test_cart.py', 'Makefile.ci'],
  )
})

test('two megabytes of anything take little', (t) => {
  const hostile = ['a/b.c:1:2 ', '[a', '(a', '/a', '1:', ' ', 'x', 'src/x.js: a (1']
  for (const part of hostile) {
    const line = `${part.repeat(1900 / part.length)}:3\n`
    const started = process.cpuUsage()
    locations(line.repeat(2_000_000 / line.length))
    t.true(process.cpuUsage(started).user < 1_000_000, part)
  }
})

test('what a test logged is no place of its failure', (t) => {
  const failed = 'tests/test_a.py:5: AssertionError\n'
  const logged =
    '------------------------------ Captured log call -------------------------------\nERROR    shop:cart.py:12 no stock\n'
  t.deepEqual(
    spelled(
      `${failed}${logged}=========================== short test summary info ===========================\nb.py:3: no`,
    ),
    ['tests/test_a.py:5', 'cause cart.py:12', 'b.py:3'],
  )
})

test('where console.error was called is no place of a failure', (t) => {
  const called = '  console.error\n    no stock\n\n      at Object.error (test/a.test.js:4:9)\n\n'
  const failed = '  ● adds\n\n      at Object.toBe (test/a.test.js:9:3)\n'
  t.deepEqual(spelled(called + failed), ['frame test/a.test.js:4:9', 'test/a.test.js:9:3'])
})

test('tests of Unity that passed, and suites of node:test, are no places of failures', (t) => {
  t.deepEqual(spelled('t/calc.c:10:test_adds:PASS\nt/calc.c:14:test_halves:FAIL: Expected 2 Was 1'), [
    'cause t/calc.c:10',
    't/calc.c:14',
  ])
  const suite = "not ok 1 - range\n  ---\n  type: 'suite'\n  location: '/repo/a.test.js:3:1'\n  ...\n"
  t.deepEqual(spelled(suite), ['cause /repo/a.test.js:3:1'])
})
