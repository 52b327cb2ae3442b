import * as fs from 'node:fs/promises'
import type { VerifyOptions } from '../../../src/engine/model/options.ts'
import { type Bend, publicKey, tempProof } from '../proof.ts'
import { bent, type Forgery, type Group, type Laid, signedProof, trusting } from './case.ts'
import { json } from './edits.ts'

const FIX = { 'add.sh': 'echo $(($1 + $2))\n' }
const TARGET = 'proof_targets:\n  - {name: command, cmd: "sh test.sh"}\n'
const pp = (policy: string) => ({ 'pp.yaml': `${TARGET}policy: ${policy}\n` })

const broken = (attack: string, bend: Bend): Forgery => ({ attack, verdict: 'POLICY_VIOLATION', lay: bent(bend) })
const laxer = (attack: string, bend: Bend): Forgery => ({ attack, verdict: 'POLICY_MISMATCH', lay: bent(bend) })

/** A signed proof before a gate whose policy is this. */
const gated =
  (bend: Bend = {}, policy = TARGET, ask: Partial<VerifyOptions> = {}) =>
  async (t: Parameters<typeof tempProof>[0]): Promise<Laid> => {
    const proof = await signedProof(t, { files: { 'pp.yaml': TARGET }, ...bend })
    await proof.repo.git('checkout', '-q', '-b', 'gate', proof.base)
    if (policy !== TARGET) await proof.repo.commit('Tighten', { 'pp.yaml': policy })
    await proof.repo.git('checkout', '-q', proof.commit)
    const asked = { policyFrom: 'gate', proofs: [`gate..${proof.commit}`] }
    return { proof, ask: { ...(await trusting(proof)), ...asked, ...ask } }
  }

const gate = (attack: string, policy: string): Forgery => ({
  attack: `a gate asks for ${attack}, the signer is trusted`,
  verdict: 'POLICY_MISMATCH',
  lay: gated({}, policy),
})

/** Policies that were not kept, or not the verifier's. */
export const policies: Group = {
  title: 'A policy is broken, loosened or brought along',
  cases: [
    broken('a path outside of write_allowlist, signed by somebody who is trusted', {
      files: pp('{write_allowlist: ["src/**"]}'),
    }),
    broken('a path that deny_write names', { files: pp('{deny_write: ["add.sh"]}') }),
    broken('a change of the policy itself', { files: pp('{network: deny}'), change: { ...FIX, 'pp.yaml': TARGET } }),
    broken('a workflow that runs by itself', { change: { ...FIX, '.github/workflows/x.yml': 'on: push\n' } }),
    broken('a command that is not allowed', { files: { 'pp.yaml': 'policy: {allowed_commands: ["make check"]}\n' } }),
    laxer('a policy of the base that was not heeded', {
      files: { 'pp.yaml': 'policy: {deny_write: ["add.sh"]}\n' },
      record: json('policy.json', () => ({ files: [], denyWrite: [] })),
    }),
    laxer('a rule of the base that was dropped', {
      files: pp('{deny_write: ["add.sh"]}'),
      record: json('policy.json', () => ({ denyWrite: [] })),
    }),
    laxer('fewer runs than the base says', {
      files: pp('{verify: {runs: 3}}'),
      pairs: 1,
      record: json('policy.json', () => ({ verify: { runs: 1, also: [] } })),
    }),
    laxer('another command under the name of a target', {
      files: pp('{network: deny}'),
      record: json('policy.json', () => ({ targets: [{ name: 'command', command: { shell: 'true' }, cwd: '' }] })),
    }),
    laxer('a command that is not allowed, recorded as a target of the policy', {
      files: { 'pp.yaml': 'policy: {allowed_commands: ["make check"]}\n' },
      record: json('policy.json', () => ({
        targets: [{ name: 'command', command: { shell: 'sh test.sh' }, cwd: '' }],
      })),
    }),
    {
      attack: 'a hang counts as red, and the target of the gate says nothing of it',
      verdict: 'POLICY_MISMATCH',
      lay: gated({
        repro: { targets: [{ name: 'command', command: { shell: 'sh test.sh' }, cwd: '', hangAfterSec: 0.5 }] },
      }),
    },
    ...(
      [
        ['a setup command', 'worktree: {setup: "sh rig.sh"}', 'worktree: {setup: "sh make.sh"}'],
        [
          'a setup command with the network open',
          'worktree: {setup: make, setup_network: allow}',
          'worktree: {setup: make}',
        ],
        [
          'a variable for setup',
          'worktree: {setup: make, setup_env: [RIG]}',
          'worktree: {setup: make, setup_env: [NPM_TOKEN]}',
        ],
        ['an included directory', 'worktree: {include: [doctored]}', 'worktree: {include: [data]}'],
        ['a variable', 'env: {allow: [LD_PRELOAD]}', 'env: {allow: [LANG]}'],
        ['an image', 'sandbox: {container_image: evil}', 'sandbox: {container_image: good}'],
        ['an image where the gate has none', 'sandbox: {container_image: evil}', 'network: deny'],
        ['a weaker sandbox', 'sandbox: {backend: bubblewrap}', 'sandbox: {backend: container}'],
      ] as const
    ).map(
      ([what, used, stated]): Forgery => ({
        attack: `${what} that the gate does not state, the signer is trusted`,
        verdict: 'POLICY_MISMATCH',
        lay: gated({ files: pp(`{${used}}`) }, `${TARGET}policy: {${stated}}\n`),
      }),
    ),
    {
      attack: 'a directory stood beside the tree, and neither the record nor the gate states it',
      verdict: 'POLICY_MISMATCH',
      lay: gated({ record: json('environment.json', () => ({ includes: [{ path: 'doctored' }] })) }),
    },
    gate('another command', 'proof_targets:\n  - {name: command, cmd: "make check"}\n'),
    gate('more runs', `${TARGET}policy: {verify: {runs: 9}}\n`),
    gate('a path to be left alone', `${TARGET}policy: {deny_write: ["add.sh"]}\n`),
    gate('smaller patches', `${TARGET}policy: {limits: {max_patch_bytes: 10}}\n`),
    {
      attack: 'runs: 0 at a gate',
      verdict: 'NOT_A_PROOF',
      lay: gated(
        { files: { 'pp.yaml': `${TARGET}policy: {verify: {runs: 0}}\n` }, pairs: 0, repro: { verdict: 'PASSED_ONCE' } },
        `${TARGET}policy: {verify: {runs: auto}}\n`,
      ),
    },
    {
      attack: 'runs: 0 at a gate that accepts weak proofs, and whose policy does not',
      verdict: 'POLICY_MISMATCH',
      lay: gated(
        { files: { 'pp.yaml': `${TARGET}policy: {verify: {runs: 0}}\n` }, pairs: 0, repro: { verdict: 'PASSED_ONCE' } },
        `${TARGET}policy: {verify: {runs: auto}}\n`,
        { allowWeak: true },
      ),
    },
    {
      attack: 'ALREADY_GREEN at a gate',
      verdict: 'NOT_A_PROOF',
      async lay(t) {
        const laid = gated({ repro: { verdict: 'ALREADY_GREEN' } })
        return laid(t)
      },
    },
    {
      attack: 'the commit before it brings a lax policy of its own',
      verdict: 'POLICY_MISMATCH',
      async lay(t) {
        const proof = await signedProof(t, { files: { 'pp.yaml': `${TARGET}policy: {network: allow}\n` } })
        const empty = await proof.repo.git('hash-object', '-t', 'tree', '-w', '/dev/null')
        const gateTip = await proof.repo.git('commit-tree', empty, '-m', 'gate')
        await proof.repo.git('checkout', '-q', '--orphan', 'gate', gateTip)
        const tip = await proof.repo.commit('gate', { 'pp.yaml': TARGET })
        await proof.repo.git('checkout', '-q', proof.commit)
        return { proof, ask: { ...(await trusting(proof)), policyFrom: tip } }
      },
    },
    {
      attack: 'the range begins behind a commit that nobody proved and the gate does not know',
      verdict: 'POLICY_MISMATCH',
      async lay(t) {
        const proof = await signedProof(t, { files: { 'pp.yaml': TARGET } })
        const empty = await proof.repo.git('hash-object', '-t', 'tree', '-w', '/dev/null')
        await proof.repo.git(
          'checkout',
          '-q',
          '--orphan',
          'gate',
          await proof.repo.git('commit-tree', empty, '-m', 'gate'),
        )
        const tip = await proof.repo.commit('gate', { 'pp.yaml': TARGET })
        await proof.repo.git('checkout', '-q', proof.commit)
        const proofs = [`${proof.base}..${proof.commit}`]
        return { proof, ask: { ...(await trusting(proof)), policyFrom: tip, proofs } }
      },
    },
    {
      attack: 'the branch brings its own list of signers, and --trust-from names the base',
      verdict: 'UNTRUSTED',
      async lay(t) {
        const alice = {
          '.pp/allowed_signers':
            '# nobody yet\n-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n',
        }
        const proof = await tempProof(t, { files: alice })
        await proof.put('attestations', await proof.sign(proof.statement()))
        const list = await fs.readFile(await publicKey(proof.repo), 'utf8')
        await proof.repo.commit('Trust me', { '.pp/allowed_signers': list })
        return { proof, ask: { trustFrom: proof.base } }
      },
    },
  ],
}
