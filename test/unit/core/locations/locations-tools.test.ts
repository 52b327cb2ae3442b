import { readFileSync } from 'node:fs'
import test from 'ava'
import { stripAnsi } from '../../../../src/engine/core/bytes/plain-text.ts'
import { locations } from '../../../../src/engine/core/locations/locations.ts'
import { resolveLocations } from '../../../../src/engine/core/locations/resolve-locations.ts'

/** Outputs of real tools, recorded on small projects that stood in /repo/project. */
function placesOf(output: string, tracked: readonly string[], cwd = ''): string[] {
  const found = resolveLocations(locations(stripAnsi(output)), tracked, { root: '/repo/project', cwd })
  return found.map(({ path, line, role }) => `${role} ${path}${line === null ? '' : `:${line}`}`)
}

function recorded(name: string): string {
  return readFileSync(new URL(`../../../fixtures/places/${name}.txt`, import.meta.url), 'utf8')
}

const python = ['app.py', 'shop/cart.py', 'tests/test_cart.py', 'my dir/test_x.py', 'Ünï/test_ü.py', 'dir/test_x.py']
const js = ['src/range.js', 'test/range.vitest.mjs', 'test/range.mocha.js']
const lint = ['lint/bad.js', 'lint/one.js', 'lint/two.js', 'lint/x.css']
const c = ['src/bad.c', 'src/san.c', 'include/h.h', 'sp ace/bad one.c', 'x.c', 'lib/x.c', 'Makefile', 'sub/Makefile']
const deep = ['sub/deep/x.c', 'sub/deep/Makefile']
const mono = ['src/y.ts', 'packages/a/src/y.ts', 'packages/b/src/y.ts']

const tools: Readonly<Record<string, readonly [tracked: readonly string[], places: readonly string[]]>> = {
  'python-group': [
    python,
    [
      'fail shop/cart.py:33',
      'fail shop/cart.py:16',
      'frame app.py:5',
      'frame shop/cart.py:14',
      'frame shop/cart.py:30',
    ],
  ],
  'pytest-blanks': [
    python,
    ['fail my dir/test_x.py:4', 'fail my dir/test_x.py', 'fail Ünï/test_ü.py', 'fail Ünï/test_ü.py:4'],
  ],
  'pytest-warning': [python, ['fail tests/test_cart.py', 'cause shop/cart.py:38']],
  'vitest-github': [
    js,
    [
      'fail test/range.vitest.mjs:6',
      'fail src/range.js:4',
      'frame src/range.js:10',
      'frame test/range.vitest.mjs:9',
      'frame src/range.js:16',
      'frame test/range.vitest.mjs:11',
    ],
  ],
  'mocha-json-stream': [
    js,
    [
      'fail test/range.mocha.js',
      'fail test/range.mocha.js:4',
      'fail src/range.js:4',
      'frame src/range.js:10',
      'frame test/range.mocha.js:8',
      'frame src/range.js:16',
      'frame test/range.mocha.js:11',
      'frame test/range.mocha.js:15',
    ],
  ],
  'biome-github': [lint, ['fail lint/bad.js:3', 'cause lint/bad.js:1', 'cause lint/one.js:1', 'cause lint/two.js:1']],
  'biome-gitlab': [
    lint,
    [
      'fail lint/bad.js:1',
      'fail lint/one.js:1',
      'fail lint/two.js:1',
      'fail lint/bad.js:3',
      'fail lint/one.js:3',
      'fail lint/two.js:3',
    ],
  ],
  'biome-rdjson': [
    lint,
    [
      'fail lint/bad.js:3',
      'fail lint/one.js:3',
      'fail lint/two.js:3',
      'cause lint/bad.js:1',
      'cause lint/one.js:1',
      'cause lint/two.js:1',
    ],
  ],
  'biome-junit': [
    lint,
    [
      'fail lint/bad.js:1',
      'fail lint/one.js:1',
      'fail lint/two.js:1',
      'fail lint/bad.js:3',
      'fail lint/one.js:3',
      'fail lint/two.js:3',
    ],
  ],
  'stylelint-json': [lint, ['fail lint/x.css:1']],
  'prettier-list': [
    [...lint, 'src/(shop)/page.ts', 'src/[id]/page.ts', 'src/a.ts', 'src/b.ts'],
    [
      'fail lint/bad.js:3',
      'frame lint/one.js',
      'frame lint/two.js',
      'frame src/(shop)/page.ts',
      'frame src/[id]/page.ts',
      'frame src/a.ts',
      'frame src/b.ts',
    ],
  ],
  checkstyle: [
    ['app.sh', 'lib/cart.sh'],
    ['fail lib/cart.sh:1', 'fail app.sh:1', 'fail app.sh:5'],
  ],
  'gcc-json': [
    c,
    [
      'fail include/h.h:2',
      'fail src/bad.c:7',
      'fail src/bad.c:11',
      'fail src/bad.c:12',
      'cause include/h.h:1',
      'cause src/bad.c:6',
      'cause src/bad.c:5',
      'cause src/bad.c:10',
      'cause src/bad.c:4',
      'cause src/bad.c:13',
      'cause src/bad.c:8',
    ],
  ],
  'gcc-blanks': [c, ['fail sp ace/bad one.c:1']],
  'clang-vi': [
    c,
    [
      'fail include/h.h:2',
      'fail src/bad.c:7',
      'frame src/bad.c:2',
      'cause include/h.h:1',
      'cause src/bad.c:6',
      'cause src/bad.c:3',
    ],
  ],
  asan: [c, ['fail src/san.c:18', 'frame src/san.c:24', 'frame src/san.c:8']],
  valgrind: [c, ['fail src/san.c:11', 'fail src/san.c:8', 'frame src/san.c:22']],
  'make-nested': [
    [...c, ...deep],
    ['fail sub/deep/x.c:1', 'frame sub/deep/Makefile:3', 'frame sub/Makefile:2', 'frame Makefile:2'],
  ],
  'cargo-warning': [
    ['src/lib.rs'],
    ['fail src/lib.rs:7', 'frame src/lib.rs:29', 'frame src/lib.rs:28', 'cause src/lib.rs:6'],
  ],
  'npm-workspaces': [mono, ['fail packages/a/src/y.ts:1', 'fail packages/b/src/y.ts:1']],
  'pnpm-parallel': [mono, ['fail packages/a/src/y.ts:1', 'fail packages/b/src/y.ts:1']],
  turbo: [mono, ['fail packages/a/src/y.ts:1', 'fail packages/b/src/y.ts:1']],
  phpcs: [
    ['src/Cart.php'],
    ['fail src/Cart.php:1', 'fail src/Cart.php:2', 'fail src/Cart.php:3', 'fail src/Cart.php:6'],
  ],
  'phpcs-json': [
    ['src/Cart.php'],
    ['fail src/Cart.php:1', 'fail src/Cart.php:2', 'fail src/Cart.php:3', 'fail src/Cart.php:6'],
  ],
  'rubocop-simple': [['lib/cart.rb'], ['fail lib/cart.rb:1']],
  'checkstyle-one-line': [
    lint,
    ['fail lint/two.js:1', 'fail lint/two.js:3', 'fail lint/bad.js:3', 'fail lint/one.js:1', 'fail lint/one.js:3'],
  ],
  phpunit: [
    ['src/Cart.php', 'tests/CartTest.php'],
    ['fail src/Cart.php:7', 'fail tests/CartTest.php:12', 'fail tests/CartTest.php:6', 'frame tests/CartTest.php:9'],
  ],
  'test-unit': [
    ['lib/cart.rb', 'test/tu.rb'],
    ['fail lib/cart.rb:11', 'fail test/tu.rb:5', 'frame test/tu.rb:8'],
  ],
  'prove-confess': [
    ['lib/Cart.pm', 't/cart.t'],
    ['fail lib/Cart.pm:8', 'frame t/cart.t:13'],
  ],
}

for (const [name, [tracked, places]] of Object.entries(tools))
  test(`${name}: where it broke, what was on the way, and what notes point at`, (t) => {
    t.deepEqual(placesOf(recorded(name), tracked), places)
  })

const forms: readonly (readonly [
  what: string,
  output: string,
  tracked: readonly string[],
  places: readonly string[],
])[] = [
  ['Maven', '[ERROR] /repo/project/src/A.java:[7,9] incompatible types', ['src/A.java'], ['fail src/A.java:7']],
  ['ksh', 'E: u.sh[6]: nosuch: not found', ['u.sh'], ['fail u.sh:6']],
  ['fish', "a.fish (line 5): Unexpected ')'", ['a.fish'], ['fail a.fish:5']],
  ['Black', 'error: cannot format a/b.py: Cannot parse: 1:11: def f(:', ['a/b.py'], ['fail a/b.py:1']],
  ['isort', 'ERROR: /repo/project/a/b.py Imports are incorrectly sorted.', ['a/b.py'], ['fail a/b.py']],
  ['Ruff', 'a/b.py:\n  3:8 F401 [*] `os` imported but unused\n', ['a/b.py'], ['fail a/b.py:3']],
  ['Next.js lint', './src/a.tsx\n3:5  Error: x is not defined.  no-undef\n', ['src/a.tsx'], ['fail src/a.tsx:3']],
  [
    'PHPStan',
    ' ------ -----\n  Line   src/A.php\n ------ -----\n  12     Undefined variable.\n',
    ['src/A.php'],
    ['fail src/A.php:12'],
  ],
  ['Sass', 'Error: Undefined variable on line 12 of src/x.scss', ['src/x.scss'], ['fail src/x.scss:12']],
  ['a link to a line', 'see src/x.py#L12-L15', ['src/x.py'], ['fail src/x.py:12']],
  ['a browser', '    at f (http://localhost:5173/src/x.js?t=17:3:5)', ['src/x.js'], ['fail src/x.js:3']],
  ['webpack', '    at f (webpack://shop/./src/x.js?1a2b:3:5)', ['src/x.js'], ['fail src/x.js:3']],
  ['Next.js', '    at f (webpack-internal:///(rsc)/./src/x.js:3:5)', ['src/x.js'], ['fail src/x.js:3']],
  ['a container', 'Error: x\n    at f (/app/src/x.js:3:5)', ['src/x.js'], ['fail src/x.js:3']],
  [
    'Ruby 3.4',
    "app.rb:3:in 'Cart#go': no (IndexError)\n\tfrom app.rb:5:in '<main>'",
    ['app.rb'],
    ['fail app.rb:3', 'frame app.rb:5'],
  ],
  [
    'SARIF',
    '{"runs":[{"results":[{"level":"error","locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/x.py"},"region":{"startLine":4,"endLine":9}}}]}]}]}',
    ['src/x.py'],
    ['fail src/x.py:4'],
  ],
  ['what was built', '    at f (/repo/project/dist/a/x.js:30:5)', ['src/a/x.ts', 'src/b/x.ts'], ['frame src/a/x.ts']],
  ['a copy elsewhere', '/repo/project/a/x.py:1: no\n/tmp/copy/b/x.py:2: no', ['a/x.py', 'b/x.py'], ['fail a/x.py:1']],
]

for (const [what, output, tracked, places] of forms)
  test(`${what}: read`, (t) => {
    t.deepEqual(placesOf(output, tracked), places)
  })

test('a command that runs in a directory names its files from there, also upwards', (t) => {
  const output = 'src/x.ts(1,1): error\n../b/src/x.ts(2,1): error\n'
  const tracked = ['src/x.ts', 'packages/a/src/x.ts', 'packages/b/src/x.ts']
  t.deepEqual(placesOf(output, tracked, 'packages/a'), ['fail packages/a/src/x.ts:1', 'fail packages/b/src/x.ts:2'])
})

test('npm that tells where its script ran says nothing of the scripts before', (t) => {
  const output =
    '> a@1.0.0 test\n> x\n\nsrc/y.ts(1,1): no\n\n> b@1.0.0 test\n> x\n\nsrc/y.ts(2,1): no\nnpm error location /repo/project/packages/b\n'
  t.deepEqual(placesOf(output, mono), ['fail src/y.ts:1', 'fail packages/b/src/y.ts:2'])
})

test('brackets that hold no JSON are read as lines, and cost little', (t) => {
  const started = performance.now()
  t.deepEqual(placesOf(`${'[\n{\n'.repeat(300_000)}src/y.ts:3: no\n]\n`, mono), ['fail src/y.ts:3'])
  t.true(performance.now() - started < 10_000)
})
