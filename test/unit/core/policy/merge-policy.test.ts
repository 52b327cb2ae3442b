import test from 'ava'
import { mergePolicy } from '../../../../src/engine/core/policy/merge-policy.ts'
import { parsePolicy } from '../../../../src/engine/core/policy/parse-policy.ts'
import { environmentLayer, gitConfigLayer, type PolicyLayer } from '../../../../src/engine/core/policy/policy-layers.ts'
import { PpError } from '../../../../src/engine/model/error.ts'
import { Policy } from '../../../../src/engine/model/policy.ts'
import type { PolicyFile } from '../../../../src/engine/model/policy-file.ts'

function file(text: string, path = 'pp.yaml', root = ''): PolicyLayer {
  const parsed = parsePolicy(text, { file: path, format: 'yaml' })
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
  return { from: 'file', values: parsed.value, root, file: { path, commit: null, blob: null }, lines: parsed.lines }
}
const flags = (values: PolicyFile): PolicyLayer => ({ from: 'flag', values, root: '' })
const git = (...entries: (readonly [string, string | null])[]) =>
  gitConfigLayer(entries.map(([name, value]) => ({ name, value })))
const merge = (...layers: PolicyLayer[]) => mergePolicy(layers, { limits: 'default' })

test('without any layer the defaults hold, and the result is a Policy', (t) => {
  const policy = merge()
  t.deepEqual(Policy.parse(policy), policy)
  t.is(policy.network, 'deny')
  t.is(policy.limits.maxAttempts, 3)
  t.deepEqual(policy.provider, ['search'])
  t.deepEqual(policy.sources['policy.network'], { from: 'default' })
})

test('a default may be loosened by a flag', (t) => {
  const policy = merge(flags({ policy: { network: 'allow', sandbox: { backend: 'none' } } }))
  t.is(policy.network, 'allow')
  t.deepEqual(policy.sources['policy.network'], { from: 'flag', name: '--network' })
})

test('what a file states can be tightened by a flag', (t) => {
  const policy = merge(
    file('policy: {network: allow, verify: {runs: 2}}'),
    flags({ policy: { network: 'deny', verify: { runs: 5 } } }),
  )
  t.is(policy.network, 'deny')
  t.is(policy.verify.runs, 5)
})

test('a flag that loosens a file is wrong usage and names both', (t) => {
  const error = t.throws(() => merge(file('policy:\n  network: deny\n'), flags({ policy: { network: 'allow' } })), {
    instanceOf: PpError,
  })
  t.is(error?.code, 'USAGE')
  t.is(error?.status, 2)
  t.is(
    error?.message,
    'pp.yaml:2 says network: deny, and --network says allow, which allows more; a written policy can only be made stricter',
  )
  t.is(error?.mend, 'leave out --network, or change pp.yaml:2')
})

test('a file that loosens git config is an invalid policy', (t) => {
  const error = t.throws(
    () => merge(git(['pp.limits.maxattempts', '2']), file('policy: {limits: {max_attempts: 5}}')),
    {
      instanceOf: PpError,
    },
  )
  t.is(error?.code, 'POLICY_INVALID')
  t.regex(
    error?.message ?? '',
    /^git config pp\.limits\.maxAttempts says limits\.max_attempts: 2, and pp\.yaml:1 says 5/,
  )
})

test('a flag is measured against the written policy, not against the environment', (t) => {
  const written = file('policy: {limits: {session_timeout_sec: 100}}')
  const env = environmentLayer({ PP_LIMITS_SESSION_TIMEOUT_SEC: '10' })
  t.is(merge(written, env, flags({ policy: { limits: { session_timeout_sec: 50 } } })).limits.sessionTimeoutSec, 50)
  t.throws(() => merge(written, env, flags({ policy: { limits: { session_timeout_sec: 101 } } })))
})

const looser: readonly (readonly [string, string, PolicyFile])[] = [
  ['more attempts', 'policy: {limits: {max_attempts: 3}}', { policy: { limits: { max_attempts: 4 } } }],
  ['no minimizing', 'policy: {minimize: true}', { policy: { minimize: false } }],
  ['written tests', 'policy: {tests: {writable: deny}}', { policy: { tests: { writable: 'allow' } } }],
  ['history', 'policy: {worktree: {history: none}}', { policy: { worktree: { history: 'tags' } } }],
  ['more history', 'policy: {worktree: {history: 5}}', { policy: { worktree: { history: 6 } } }],
  ['test changes', 'policy: {tests: {allow_changes: false}}', { policy: { tests: { allow_changes: true } } }],
  ['fewer runs', 'policy: {verify: {runs: 3}}', { policy: { verify: { runs: 0 } } }],
  ['fewer runs than auto may make', 'policy: {verify: {runs: auto}}', { policy: { verify: { runs: 2 } } }],
  ['auto instead of 2', 'policy: {verify: {runs: 2}}', { policy: { verify: { runs: 'auto' } } }],
  ['no sandbox', 'policy: {sandbox: {backend: auto}}', { policy: { sandbox: { backend: 'none' } } }],
  ['no container', 'policy: {sandbox: {backend: container}}', { policy: { sandbox: { backend: 'unshare' } } }],
  ['more memory', 'policy: {sandbox: {memory_limit: 900m}}', { policy: { sandbox: { memory_limit: '1g' } } }],
  ['more processors', 'policy: {sandbox: {cpu_limit: "2"}}', { policy: { sandbox: { cpu_limit: '2.5' } } }],
  ['no signature', 'policy: {attestation: {mode: ssh}}', { policy: { attestation: { mode: 'none' } } }],
  ['attestation off', 'policy: {attestation: {enabled: true}}', { policy: { attestation: { enabled: false } } }],
  [
    'setup with network',
    'policy: {worktree: {setup_network: deny}}',
    { policy: { worktree: { setup_network: 'allow' } } },
  ],
]
for (const [what, text, values] of looser)
  test(`a written policy cannot be loosened: ${what}`, (t) => {
    t.throws(() => merge(file(text), flags(values)), { instanceOf: PpError, message: /can only be made stricter/ })
  })

const tighter: readonly (readonly [string, string, PolicyFile])[] = [
  ['three runs for auto', 'policy: {verify: {runs: auto}}', { policy: { verify: { runs: 3 } } }],
  ['auto for one run', 'policy: {verify: {runs: 1}}', { policy: { verify: { runs: 'auto' } } }],
  ['a sandbox for none', 'policy: {sandbox: {backend: none}}', { policy: { sandbox: { backend: 'unshare' } } }],
  [
    'another backend for auto',
    'policy: {sandbox: {backend: auto}}',
    { policy: { sandbox: { backend: 'bubblewrap' } } },
  ],
  ['less memory', 'policy: {sandbox: {memory_limit: 1g}}', { policy: { sandbox: { memory_limit: '1048576k' } } }],
  ['another way to sign', 'policy: {attestation: {mode: ssh}}', { policy: { attestation: { mode: 'ed25519' } } }],
  ['another provider', 'provider: openai', { provider: 'search' }],
]
for (const [what, text, values] of tighter)
  test(`a flag may say: ${what}`, (t) => t.notThrows(() => merge(file(text), flags(values))))

test('allow-lists have to agree and deny-lists unite', (t) => {
  const policy = merge(
    git(['pp.denywrite', 'docs/**'], ['pp.denywrite', '*.md']),
    file(
      'policy:\n  write_allowlist: [src/**]\n  allowed_commands: [make]\n  deny_write: ["**/.env"]\n',
      'sub/pp.yaml',
      'sub',
    ),
    file('policy: {write_allowlist: ["**/*.ts"], allowed_commands: []}', 'extra.yaml'),
  )
  t.deepEqual(
    policy.writeAllowlist.map((list) => list.map((rule) => rule.pattern)),
    [['src/**'], ['**/*.ts']],
  )
  t.deepEqual(
    policy.denyWrite.map(({ pattern, root }) => [pattern, root]),
    [
      ['docs/**', ''],
      ['*.md', ''],
      ['**/.env', 'sub'],
    ],
  )
  t.deepEqual(
    policy.allowedCommands.map((list) => list.length),
    [1, 0],
  )
  t.deepEqual(policy.denyWrite[2]?.source, { from: 'file', file: 'sub/pp.yaml', line: 4 })
})

test('a second policy file adds targets and separate commands', (t) => {
  const policy = merge(
    file('proof_targets: [{name: unit, cmd: make test}]', 'web/pp.yaml', 'web'),
    file('proof_targets: [{name: unit, cmd: make test, cwd: web}, {name: e2e, argv: [x], cwd: ./a/}]', 'extra.yaml'),
  )
  t.deepEqual(policy.targets, [
    { name: 'unit', command: { shell: 'make test' }, cwd: 'web' },
    { name: 'e2e', command: { argv: ['x'] }, cwd: 'a' },
  ])
  t.is(policy.sources['proof_targets.unit']?.file, 'web/pp.yaml')
})

test('a second policy file cannot give a target another meaning', (t) => {
  t.throws(
    () =>
      merge(
        file('proof_targets: [{name: unit, cmd: make test}]'),
        file('proof_targets: [{name: unit, cmd: "true"}]', 'x.yaml'),
      ),
    { instanceOf: PpError, message: /^pp\.yaml:1 says proof_targets\.unit: .*x\.yaml:1 says/ },
  )
})

test('a second policy file cannot replace the image, git config may be replaced', (t) => {
  const image = (name: string) => `policy: {sandbox: {container_image: "${name}"}}`
  t.throws(() => merge(file(image('a')), file(image('b'), 'x.yaml')), { instanceOf: PpError })
  t.notThrows(() => merge(file(image('a')), file(image('a'), 'x.yaml')))
  t.is(merge(git(['pp.sandbox.containerimage', 'a']), file(image('b'))).sandbox.containerImage, 'b')
})

test('variables and includes unite, paths from the top', (t) => {
  const policy = merge(
    file('policy: {env: {allow: [A]}, worktree: {include: [.venv], setup: make}}', 'py/pp.yaml', 'py'),
    flags({ policy: { env: { allow: ['B', 'A'] }, worktree: { include: ['x/y'] } } }),
  )
  t.deepEqual(policy.env.allow, ['A', 'B'])
  t.deepEqual(policy.worktree.include, ['py/.venv', 'x/y'])
  t.deepEqual(policy.worktree.setup, { command: 'make', cwd: 'py' })
})

test('prove does without default limits, but written ones hold', (t) => {
  const { limits } = mergePolicy([file('policy: {limits: {max_files_changed: 2}}')], { limits: 'written' })
  t.is(limits.maxFilesChanged, 2)
  t.is(limits.maxPatchBytes, null)
  t.is(limits.sessionTimeoutSec, null)
  t.is(limits.maxOutputBytes, 10_485_760)
})

test('git config is read as git reads it', (t) => {
  const layer = git(
    ['pp.limits.maxpatchbytes', '200k'],
    ['pp.minimize', null],
    ['pp.tests.allowchanges', 'off'],
    ['pp.verify.runs', 'auto'],
    ['pp.provider', 'search,openai'],
    ['pp.network', 'allow'],
    ['pp.network', 'deny'],
    ['pp.command', 'an agent'],
  )
  t.deepEqual(layer.values, {
    policy: {
      limits: { max_patch_bytes: 204_800 },
      minimize: true,
      tests: { allow_changes: false },
      verify: { runs: 'auto' },
      network: 'deny',
    },
    provider: ['search', 'openai'],
  })
})

test('a wrong value or key in git config is an invalid policy', (t) => {
  t.throws(() => git(['pp.network', 'maybe']), { instanceOf: PpError, message: /^git config pp\.network = maybe: / })
  t.throws(() => git(['pp.limits.maxatempts', '1']), {
    instanceOf: PpError,
    message: 'git config pp.limits.maxatempts: git pp has no such setting; did you mean pp.limits.maxAttempts?',
  })
})

test('the environment may name a provider and single values, and an empty variable says nothing', (t) => {
  const env = { PP_PROVIDER: 'local', PP_NETWORK: '', PP_LIMITS_MAX_ATTEMPTS: '7', PP_OPENAI_API_KEY: 'x' }
  t.deepEqual(environmentLayer(env).values, { policy: { limits: { max_attempts: 7 } }, provider: ['local'] })
  t.throws(() => environmentLayer({ PP_MINIMIZE: 'perhaps' }), {
    instanceOf: PpError,
    message: /^PP_MINIMIZE = perhaps: /,
  })
})

const BRINGS = 'proof_targets:\n  - {name: easy, cmd: "true"}\n'
const closing = (list: string) =>
  file(`proof_targets: [{name: unit, cmd: make unit}]\npolicy:\n  allowed_commands: ${list}\n`)

for (const [what, list, by] of [
  ['a closed list of a file', closing('[]'), /pp\.yaml:3/],
  ['a list of a file without it', closing('["make *"]'), /pp\.yaml:3/],
  ['a list of git config', git(['pp.allowedcommands', 'make *']), /git config pp\.allowedCommands/],
] as const)
  test(`a later file brings no target past ${what}`, (t) => {
    const error = t.throws(() => merge(list, file(BRINGS, 'more.yaml')), { instanceOf: PpError })
    t.is(error?.code, 'POLICY_INVALID')
    t.regex(error?.message ?? '', by)
    t.regex(error?.message ?? '', /more\.yaml:2 adds the target "easy"/)
  })

test('a later file may bring a target that the list names, or that was a target before it', (t) => {
  const more = (cmd: string) => file(`proof_targets: [{name: more, cmd: ${cmd}}]\n`, 'more.yaml')
  t.is(merge(closing('["make *"]'), more('make lint')).targets.length, 2)
  t.is(merge(closing('[]'), more('make unit')).targets.length, 2)
})

test('a file may close the list behind targets that came before it', (t) => {
  t.is(merge(file(BRINGS), file('policy: {allowed_commands: []}', 'more.yaml')).targets.length, 1)
})

test('how many changed lines tests have to run can be raised by a later layer, and never lowered', (t) => {
  t.is(merge().verify.minExecuted, undefined)
  const half = file('policy: {verify: {min_executed: 50}}')
  t.is(merge(half).verify.minExecuted, 50)
  t.is(merge(half, file('policy: {verify: {min_executed: 80}}', 'more.yaml')).verify.minExecuted, 80)
  t.throws(() => merge(half, file('policy: {verify: {min_executed: 49}}', 'b.yaml')), {
    message: /pp\.yaml:1 says verify\.min_executed: 50, and b\.yaml:1 says/,
  })
  t.throws(() => file('policy: {verify: {min_executed: 101}}'), { message: /min_executed/ })
})

test('what is accepted can be narrowed by a later layer, and never widened', (t) => {
  t.deepEqual(merge().verify.accept, ['fix'])
  const both = file('policy: {verify: {accept: [fix, flaky]}}')
  t.deepEqual(merge(both).verify.accept, ['fix', 'flaky'])
  t.deepEqual(merge(both, file('policy: {verify: {accept: [fix]}}', 'more.yaml')).verify.accept, ['fix'])
  t.throws(
    () => merge(file('policy: {verify: {accept: [fix]}}'), file('policy: {verify: {accept: [fix, flaky]}}', 'b.yaml')),
    {
      message: /pp\.yaml:1 says verify\.accept: \["fix"\], and b\.yaml:1 says/,
    },
  )
  t.deepEqual(merge(git(['pp.verify.accept', 'fix'], ['pp.verify.accept', 'flaky'])).verify.accept, ['fix', 'flaky'])
})
