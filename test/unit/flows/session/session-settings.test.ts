import test from 'ava'
import { mergePolicy } from '../../../../src/engine/core/policy/index.ts'
import { policyLayer } from '../../../../src/engine/flows/policies/index.ts'
import { settingsOf } from '../../../../src/engine/flows/session/session-settings.ts'
import type { ProveMode } from '../../../../src/engine/model/options.ts'

function settings(verify: string | null, mode?: ProveMode) {
  const at = { path: 'pp.yaml', commit: null, blob: null }
  const layers = verify === null ? [] : [policyLayer(`policy: {verify: {${verify}}}\n`, 'pp.yaml', '', at)]
  const options = { include: [], env: [], keepWorktrees: false, ...(mode === undefined ? {} : { mode }) }
  return settingsOf(mergePolicy(layers, { limits: 'written' }), options, [], null)
}

test('without --mode, the policy decides whether a change without a red is taken', (t) => {
  t.is(settings(null).mode, 'fix')
  t.is(settings('accept: [fix]').mode, 'fix')
  t.is(settings('accept: [fix, refactor]').mode, 'auto')
})

test('auto takes no more than a policy that states what it accepts', (t) => {
  t.is(settings(null, 'auto').mode, 'auto')
  t.is(settings('accept: [fix, flaky]', 'auto').mode, 'fix')
  t.is(settings('accept: [refactor]', 'auto').mode, 'auto')
  t.is(settings('accept: [fix, refactor]', 'fix').mode, 'fix')
})

test('a policy with words that version 3 does not know needs a record of version 4', (t) => {
  t.is(settings(null, 'refactor').policyVersion, 3)
  t.is(settings('accept: [fix, flaky]').policyVersion, 3)
  t.is(settings('accept: [fix, refactor]').policyVersion, 4)
  t.is(settings('min_executed: 5').policyVersion, 4)
})
