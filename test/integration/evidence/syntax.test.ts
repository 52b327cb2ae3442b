import test from 'ava'
import { languages } from '../../../src/engine/evidence/syntax/languages/index.generated.ts'
import { treeSitter } from '../../../src/engine/evidence/syntax/tree-sitter.ts'

const syntax = treeSitter()
const slices = async (path: string, text: string) =>
  (await syntax.functions(path, text))?.map(({ name, start, headEnd, end }) => [name, start, headEnd, end])

test('Python: decorators belong to a function, classes lend their name', async (t) => {
  const text =
    '@dec\ndef f(a,\n      b):\n    return 1\n\nclass A:\n    async def g(self):\n        def inner():\n            pass\n'
  t.deepEqual(await slices('a.py', text), [
    ['f', 1, 3, 4],
    ['A.g', 7, 7, 9],
  ])
})

test('TypeScript: functions take the name of what they are given to', async (t) => {
  const text =
    'export const add = (a: number) => a + 1\nclass B {\n  m(): void {\n    [1].map((x) => x)\n  }\n}\nexports.k = function () {\n}\n'
  t.deepEqual(await slices('a.ts', text), [
    ['add', 1, 1, 1],
    ['B.m', 3, 3, 5],
    ['exports.k', 7, 7, 8],
  ])
})

const OTHERS: readonly (readonly [string, string, string])[] = [
  ['a.js', 'function f() {\n}\n', 'f'],
  ['a.tsx', 'export function F() {\n  return <p />\n}\n', 'F'],
  ['a.go', 'package a\nfunc (s *S) Do() {\n}\n', 'Do'],
  ['A.java', 'class A {\n int x(int b) {\n return 1; }\n}\n', 'A.x'],
  ['a.rs', 'impl Foo {\n fn bar(&self) -> i32 {\n 1\n }\n}\n', 'Foo.bar'],
  ['a.rb', 'class A\n def x(b)\n  1\n end\nend\n', 'A.x'],
  ['a.c', 'static char *name(int a)\n{\n return 0;\n}\n', 'name'],
  ['a.cpp', 'class A {\n int x() { return 1; }\n};\n', 'A.x'],
  ['A.cs', 'class A {\n int X() { return 1; }\n}\n', 'A.X'],
  ['a.php', '<?php\nfunction y() {\n}\n', 'y'],
  ['a.sh', 'f() {\n echo\n}\n', 'f'],
]

for (const [path, text, name] of OTHERS)
  test(`${path}: ${name}`, async (t) => {
    t.deepEqual(
      (await syntax.functions(path, text))?.map((one) => one.name),
      [name],
    )
  })

test('functions within a function count on their own when it is too long to be shown whole', async (t) => {
  const inner = 'function inner() {\n  return 1\n}\n'
  const long = `function outer() {\n${inner}${'call()\n'.repeat(90)}}\n`
  t.deepEqual(
    (await slices('a.js', long))?.map(([name]) => name),
    ['outer', 'inner'],
  )
  t.deepEqual(
    (await slices('a.js', `function outer() {\n${inner}}\n`))?.map(([name]) => name),
    ['outer'],
  )
})

test('what is no code of a known language has no functions', async (t) => {
  t.is(await syntax.functions('a.txt', 'x'), null)
  t.is(await syntax.functions('Makefile', 'x:\n\ty\n'), null)
  t.deepEqual(await slices('a.py', '\u0000 def ( [ {{{'), [])
})

test('no two languages claim the same files', (t) => {
  const all = languages.flatMap(({ extensions }) => extensions)
  t.deepEqual(all, [...new Set(all)])
})

test('shell code is known by its statements, whatever the name of its file', async (t) => {
  const code = {
    older: 'export DIR=$(dirname "$0")\nexport FILE="$DIR/x"\n',
    settings: '# where\n: $'.concat('{DIR:="$', '{HOME:-/root}"}\nexport DIR COLOR=1\n'),
    completion:
      '[ -z "$BASH_VERSION" ] && return\n\n_todo()\n{\n    local cur\n    COMPREPLY=()\n}\ncomplete -F _todo todo\n',
    cases: 'case $1 in\n  a) echo one ;;\nesac\n',
  }
  for (const [name, text] of Object.entries(code)) t.true(await syntax.isShell(text), name)
  const data = {
    prose: 'This is a text. If it was read, it would be words.\nfor example these\n',
    page: "# A title\n\nIt's short.\n\n```sh\nif true; then echo; fi\n```\n",
    values: 'KEY=value\nOTHER=2\n',
    json: '{"if": [1, 2]}\n',
    ini: '[section]\nname = value (with a remark)\n',
    yaml: 'if:\n  - [a, b]\n',
    output: 'ok 1 - adds\nnot ok 2 - halves (3)\n',
    golden: '[ok] done $'.concat('{HOME}\n[ OK ] passed\n'),
    notes: 'export the file\nlocal time is late\nfor example so\n',
    list: '[1, 2, 3]\n',
    none: '',
  }
  for (const [name, text] of Object.entries(data)) t.false(await syntax.isShell(text), name)
})
