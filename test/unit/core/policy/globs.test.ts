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
