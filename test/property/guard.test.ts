import test from 'ava'
import fc from 'fast-check'
import { guardChange } from '../../src/engine/core/guard/guard.ts'
import { allowMatcher, denyMatcher } from '../../src/engine/core/paths/globs.ts'
import { mergePolicy } from '../../src/engine/core/policy/merge-policy.ts'
import { type Change, FileMode } from '../../src/engine/model/change.ts'
import type { PathRule } from '../../src/engine/model/policy.ts'

const OID = 'a'.repeat(40)
const blobs = new Map([[OID, new TextEncoder().encode('text\n')]])
const defaults = mergePolicy([], { limits: 'written' })
const rule = (pattern: string): PathRule => ({ pattern, root: '', source: { from: 'default' } })
const under = (allow: readonly string[], deny: readonly string[]) => ({
  ...defaults,
  writeAllowlist: [allow.map(rule)],
  denyWrite: deny.map(rule),
})

const component = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('src', 'lib', 'a', 'b.ts', '.env', 'secrets', 'x y', 'é') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '.git',
      '.GIT',
      'git~1',
      '..',
      '.',
      '',
      '.git ',
      '.gitmodules',
      'pp.yaml',
      'a\\b',
      'a\nb',
      'Makefile',
    ),
  },
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const path = fc.array(component, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'))
const end = fc.option(fc.record({ mode: fc.constantFrom(...FileMode.options), oid: fc.constant(OID) }))
const change: fc.Arbitrary<Change> = fc.record({ path, before: end, after: end })
const decide = (changes: readonly Change[], policy: ReturnType<typeof under>) =>
  guardChange({ changes, base: [], blobs, policy, patchBytes: 1 })

test('nothing outside of src/ passes an allow-list of src/', (t) => {
  fc.assert(
    fc.property(change, (one) => decide([one], under(['src/**'], [])).length > 0 || /^src\/./s.test(one.path)),
    { numRuns: 2000 },
  )
  t.pass()
})

test('what passes is a regular file with an ordinary path', (t) => {
  fc.assert(
    fc.property(change, (one) => {
      if (decide([one], under(['**'], [])).length > 0) return true
      const parts = one.path.split('/')
      const regular = [one.before, one.after].every((side) => side === null || /^100(?:644|755)$/.test(side.mode))
      return (
        regular &&
        parts.every((part) => !['', '.', '..'].includes(part) && !/^\.git$/i.test(part) && !/[\0-\x1f\\]/.test(part))
      )
    }),
    { numRuns: 2000 },
  )
  t.pass()
})

test('deny wins, whatever the allow-list says', (t) => {
  fc.assert(
    fc.property(path, (one) => {
      const policy = under(['**', one], ['**/.env', '**/secrets/**'])
      const hit = one.split('/').some((part) => part === '.env' || part === 'secrets')
      return !hit || decide([{ path: one, before: null, after: { mode: '100644', oid: OID } }], policy).length > 0
    }),
    { numRuns: 2000 },
  )
  t.pass()
})

test('a change is refused as soon as one of its paths is', (t) => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
      const policy = under(['src/**'], ['**/secrets/**'])
      const each = changes.some((one) => decide([one], policy).length > 0)
      return !each || decide(changes, policy).length > 0
    }),
    { numRuns: 1000 },
  )
  t.pass()
})

const plain = fc.array(
  fc.string({ unit: fc.constantFrom(...'aAb.-_ ()[]{}+|@!,^$\'"é'), minLength: 1, maxLength: 6 }),
  { minLength: 1, maxLength: 3 },
)
const ordinary = plain
  .map((parts) => parts.join('/'))
  .filter((one) => !one.split('/').some((part) => part === '.' || part === '..'))

test('a pattern whose wildcards are escaped is the path itself', (t) => {
  const literally = (one: string) => one.replace(/[[\]{}!]/g, '\\$&')
  fc.assert(
    fc.property(ordinary, ordinary, (one, other) => {
      const match = allowMatcher([rule(literally(one))])
      return match(one) !== null && (match(other) === null || one === other)
    }),
    { numRuns: 2000 },
  )
  t.pass()
})

test('a denied directory denies all below, in any case', (t) => {
  fc.assert(
    fc.property(ordinary, ordinary, (one, other) => {
      const match = denyMatcher([rule(one.replace(/[[\]{}!]/g, '\\$&'))])
      return match(`${one}/${other}`) !== null && match(`${one.toUpperCase()}/${other}`) !== null
    }),
    { numRuns: 1000 },
  )
  t.pass()
})
