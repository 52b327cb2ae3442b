import test from 'ava'
import { confine, mergePolicy, type PolicyLayer } from '../../../../src/engine/core/policy/index.ts'
import type { PolicyFile } from '../../../../src/engine/model/policy-file.ts'

function policyOf(policy: NonNullable<PolicyFile['policy']>) {
  const layer: PolicyLayer = {
    from: 'file',
    root: '',
    values: { policy },
    file: { path: 'pp.yaml', commit: null, blob: null },
    lines: new Map([['policy.network', 4]]),
  }
  return mergePolicy([layer], { limits: 'written' })
}

test('nothing that a policy allows loosens a session that no person asked for, and each wish is named', (t) => {
  const asked = policyOf({
    network: 'allow',
    sandbox: { backend: 'none' },
    env: { allow: ['DATABASE_URL'] },
    worktree: { setup: 'npm ci', setup_network: 'allow', setup_env: ['NPM_TOKEN'] },
  })
  const { policy, withheld } = confine(asked, false)
  t.is(policy.network, 'deny')
  t.is(policy.sandbox.backend, 'auto')
  t.deepEqual(policy.env.allow, [])
  t.deepEqual(policy.worktree, { ...asked.worktree, setupNetwork: 'deny', setupEnv: [] })
  t.deepEqual(withheld, [
    'pp.yaml:4 says network: allow, but a program asked for this session, so commands have no network',
    'pp.yaml says sandbox: none, but a program asked for this session, so commands run in a sandbox',
    'pp.yaml says setup_network: allow, but a program asked for this session, so the setup has no network',
    'the policy names variables (DATABASE_URL, NPM_TOKEN), but a program asked for this session, so no command gets them',
  ])
})

test('a strict policy stays as it is', (t) => {
  const strict = policyOf({ network: 'deny', sandbox: { backend: 'unshare' }, verify: { runs: 5 } })
  t.deepEqual(confine(strict, false), { policy: strict, withheld: [] })
})

test('what a policy says of signing counts only where the person who started the program asked for it', (t) => {
  const signed = policyOf({ attestation: { enabled: true, mode: 'ed25519', key_env: 'SOME_KEY' } })
  t.false(confine(signed, false).policy.attestation.enabled)
  t.deepEqual(confine(signed, true).policy.attestation, signed.attestation)
})
