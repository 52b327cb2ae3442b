import test from 'ava'
import { allowMatcher, denyMatcher, namedLiterally } from '../../../../src/engine/core/paths/globs.ts'
import { parsePolicy } from '../../../../src/engine/core/policy/parse-policy.ts'
import type { PathRule } from '../../../../src/engine/model/policy.ts'

const rule = (pattern: string, root = ''): PathRule => ({ pattern, root, source: { from: 'default' } })
const allows = (pattern: string, path: string, root = '') => allowMatcher([rule(pattern, root)])(path) !== null
const denies = (pattern: string, path: string, root = '') => denyMatcher([rule(pattern, root)])(path) !== null

const table: readonly (readonly [pattern: string, yes: readonly string[], no: readonly string[]])[] = [
  ['**', ['a', 'a/b/.c', '.env'], []],
  ['src/**', ['src/a', 'src/.a/b'], ['src', 'srcs/a', 'lib/src/a', 'SRC/a']],
  ['src/', ['src/a', 'src/a/b'], ['src']],
  ['./src//*', ['src/a'], ['src/a/b']],
  ['**/.env', ['.env', 'a/.env', 'a/b/.env'], ['.envrc', 'a.env']],
  ['*.{ts,tsx}', ['a.ts', 'a.tsx'], ['a.js', 'a.{ts,tsx}']],
  ['{a,b}/{c,d}', ['a/c', 'b/d'], ['a/b']],
  ['app/(group)/**', ['app/(group)/x'], ['app/group/x']],
  ['[id].ts', ['[id].ts', 'i.ts'], ['x.ts']],
  ['[!a].ts', ['b.ts'], ['a.ts', '/.ts']],
  ['\\[id\\].ts', ['[id].ts'], ['i.ts']],
  ['a+b', ['a+b'], ['aab']],
  ['a|b', ['a|b'], ['a', 'b']],
  ['@(a)', ['@(a)'], ['a']],
  ['"a"', ['"a"'], ['a']],
  ['{a}', ['{a}'], ['a']],
  ['{a', ['{a'], ['a']],
  ['v{1..3}', ['v{1..3}'], ['v2']],
  ['a?', ['ab', 'a.'], ['a', 'a/']],
  ['naïve/日本.ts', ['naïve/日本.ts'], ['naive/日本.ts']],
]
for (const [pattern, yes, no] of table)
  test(`the pattern ${pattern} means what it looks like`, (t) => {
    for (const path of yes) t.true(allows(pattern, path), path)
    for (const path of no) t.false(allows(pattern, path), path)
  })

test('a deny rule for a directory covers what is below', (t) => {
  for (const pattern of ['secrets', 'secrets/', 'secrets/**', '**/secrets', '**/secrets/**'])
    t.true(denies(pattern, 'secrets/a/b'), pattern)
})

test('a deny rule for everything in a directory covers a file in its place', (t) => {
  t.true(denies('**/secrets/**', 'secrets'))
})

test('a deny rule does not look at case or composition, an allow rule does', (t) => {
  t.true(denies('**/.env', 'a/.ENV'))
  t.true(denies('caf\u00e9/**', 'cafe\u0301/x'))
  t.false(allows('**/.env', 'a/.ENV'))
})

test('patterns are relative to the directory of their policy', (t) => {
  t.true(allows('src/**', 'web/src/a', 'web'))
  t.false(allows('**', 'src/a', 'web'))
  t.false(allows('**', 'website/a', 'web'))
  t.true(denies('**/.env', 'Web/.env', 'web'))
})

test('a pattern that cannot be read denies everything and allows nothing', (t) => {
  t.true(denies('[z-a]', 'x'))
  t.false(allows('[z-a]', 'x'))
})

test('a policy with such a pattern is refused, with its line', (t) => {
  const parsed = parsePolicy('policy:\n  deny_write:\n    - a\n    - "[z-a]"\n    - \'b\\c\'\n', {
    file: 'pp.yaml',
    format: 'yaml',
  })
  t.deepEqual(parsed.ok ? [] : parsed.problems.map((problem) => problem.message), [
    'pp.yaml:4:7: policy.deny_write.1: this pattern is not valid, or has more than 3 "*" in one name or more than 4 "**"',
    'pp.yaml:5:7: policy.deny_write.2: write "/" between directories in a pattern, not "\\"',
  ])
})

test('a pattern with wildcards beyond need is refused, for a long path could keep it busy', (t) => {
  for (const pattern of ['**/*a*a*a*b', '**/a/**/a/**/a/**/a/**'])
    t.false(parsePolicy(`policy: {deny_write: ["${pattern}"]}`, { file: 'pp.yaml', format: 'yaml' }).ok, pattern)
  const started = performance.now()
  denies('**/a/**/*a*a*b', `${'a'.repeat(255)}/`.repeat(15))
  t.true(performance.now() - started < 5000)
})

test('a path is named literally only by itself', (t) => {
  t.true(namedLiterally([rule('./Makefile')], 'Makefile'))
  t.true(namedLiterally([rule('[id].ts', 'a')], 'a/[id].ts'))
  t.false(namedLiterally([rule('**'), rule('Make*'), rule('makefile')], 'Makefile'))
})

const more: typeof table = [
  ['*', ['a', '.a'], ['a/b']],
  ['a*', ['a', 'ab'], ['b', 'a/b']],
  ['a**b', ['ab', 'axb'], ['a/b']],
  ['**/b/**', ['b/c', 'a/b/c/d'], ['b', 'a/b', 'ab/c']],
  ['a/**/b', ['a/b', 'a/x/y/b'], ['a/xb', 'a/b/c']],
  ['a/**/**/b', ['a/b', 'a/x/b'], ['b']],
  ['*a*a*b', ['aab', 'xaxaxb'], ['ab', 'aaa']],
  ['[a-cx].ts', ['b.ts', 'x.ts'], ['d.ts', '[a-cx].ts']],
  ['[^a-c]', ['d'], ['a', '']],
  ['[id]/[id].ts', ['[id]/i.ts', 'd/[id].ts'], ['[i]/i.ts']],
  ['*[ab]*[ab]', ['xaxb', 'ab', 'a[ab]'], ['a', 'xax']],
  ['{src,lib}/**/*.{js,ts}', ['src/a.js', 'lib/b/c.ts'], ['src/a.jsx', 'test/a.js']],
  ['{a/b,c}/d', ['a/b/d', 'c/d'], ['a/d', 'b/d']],
  ['a{b,{c,d}}', ['a{b,{c,d}}'], ['ab', 'ac']],
  ['\\{a,b\\}', ['{a,b}'], ['a', 'b']],
  ['a\\*', ['a*'], ['ab']],
  ['{,b}/c', [], ['c']],
]
for (const [pattern, yes, no] of more)
  test(`the pattern ${pattern} matches what it says`, (t) => {
    for (const path of yes) t.true(allows(pattern, path), path)
    for (const path of no) t.false(allows(pattern, path), path)
  })

test('case does not count in the names, classes and ranges of a deny-list', (t) => {
  for (const [pattern, path] of [
    ['Build/[A-C]x', 'bUILD/bX'],
    ['[É].txt', 'é.TXT'],
    ['[ID].ts', '[id].TS'],
    ['STRASSE', 'strasse'],
    ['Σας', 'σΑΣ'],
  ] as const)
    t.true(denies(pattern, path), pattern)
  t.false(denies('[!A].ts', 'a.ts'))
})

test('everything below a directory that is not named exactly does not mean a file in its place', (t) => {
  t.true(denies('secret*/**', 'secrets/a'))
  t.false(denies('*/**', 'README.md'))
  t.true(denies('secrets/**', 'secrets'))
})

/** Milliseconds of processor time. */
function cost(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

test('a match takes time linear in pattern x path, whatever their wildcards are', (t) => {
  const deep = `${'a'.repeat(40)}/`.repeat(25)
  const cases: readonly (readonly [pattern: string, path: string])[] = [
    ['**/*a*a*/**/*a*a*/**/*a*a*/**/*a*a*b', `${deep}x`],
    ['**/a*/**/a*/**/*a*a*a/**/b', `${deep}x`],
    [`*${'?'.repeat(60_000)}b`, 'a'.repeat(4000)],
    [`*${'[ab]'.repeat(5_000)}c`, `[${'a'.repeat(4000)}`],
    [`*[${'ac'.repeat(30_000)}]*`, 'b'.repeat(4000)],
    [`**/${'*/'.repeat(30_000)}x`, `${'a/'.repeat(2000)}a`],
    ['{a,b}'.repeat(8), 'a'.repeat(4000)],
    ['{a}'.repeat(20_000), 'a'.repeat(4000)],
    ['*[\u0001-\uffff]*', 'a'.repeat(4000)],
  ]
  for (const [pattern, path] of cases) {
    t.true(cost(() => allows(pattern, path)) < 1500, pattern.slice(0, 40))
    t.true(cost(() => denies(pattern, path)) < 1500, pattern.slice(0, 40))
  }
})

test('thousands of patterns on thousands of paths end with a message that names the limit', (t) => {
  const match = denyMatcher(Array.from({ length: 3900 }, (_, n) => rule(`**/*a*b${n}`)))
  const walk = () => {
    for (let n = 0; n < 3000; n++) match(`src/dir/${'a'.repeat(24)}${n}/${'a'.repeat(20)}`)
  }
  t.true(cost(() => t.throws(walk, { code: 'TREE_TOO_LARGE', message: /takes more than 60000000 steps/ })) < 2500)
})

test('a path that was asked before costs nothing', (t) => {
  const match = allowMatcher(Array.from({ length: 300 }, (_, n) => rule(`**/*a*b${n}`)))
  for (let n = 0; n < 100_000; n++) t.is(match('src/aaaaaaaa/aaaaaaaa'), null)
})
