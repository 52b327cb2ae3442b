import test from 'ava'
import { mergePolicy } from '../../../../src/engine/core/policy/merge-policy.ts'
import { undeclaredInputs } from '../../../../src/engine/core/record/undeclared-inputs.ts'
import type { PolicyFile } from '../../../../src/engine/model/policy-file.ts'

const policy = (tests: NonNullable<PolicyFile['policy']>['tests'], root = '') =>
  mergePolicy([{ from: 'file', values: { policy: { tests } }, root }], { limits: 'written' })

const allowed = (used: ReturnType<typeof policy>, stated: ReturnType<typeof policy>) =>
  undeclaredInputs({ policy: used, beside: [] }, stated)

test('a permission to change judges is beyond a policy that does not give it', (t) => {
  t.deepEqual(allowed(policy({ allow: ['a.py', 'tests/**'] }), policy({ allow: ['b.py'] })), [
    'a permission to change "a.py"',
    'a permission to change "tests/**"',
  ])
})

test('the same permission, a path that it covers, and one of everything are not', (t) => {
  t.deepEqual(allowed(policy({ allow: ['tests/**', 'tests/a.py'] }), policy({ allow: ['tests/**'] })), [])
  t.deepEqual(allowed(policy({ allow: ['a.py'] }, 'tests'), policy({ allow: ['tests/**'] })), [])
  t.deepEqual(allowed(policy({ allow: ['a.py'] }), policy({ allow_changes: true })), [])
})

test('a pattern that a wider one would cover is not taken for it, and a path of another directory is another path', (t) => {
  t.is(allowed(policy({ allow: ['tests/*.py'] }), policy({ allow: ['tests/**'] })).length, 1)
  t.is(allowed(policy({ allow: ['a.py'] }, 'sub'), policy({ allow: ['a.py'] })).length, 1)
})
