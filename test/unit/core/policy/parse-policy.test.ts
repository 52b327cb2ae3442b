import test from 'ava'
import { type ParsedPolicy, parsePolicy } from '../../../../src/engine/core/policy/parse-policy.ts'
import { MAX_POLICY_BYTES, MAX_POLICY_SCALARS } from '../../../../src/engine/core/policy/policy-limits.ts'

const read = (text: string, format: 'yaml' | 'json' = 'yaml') => parsePolicy(text, { file: `pp.${format}`, format })
const messages = (parsed: ParsedPolicy) => (parsed.ok ? [] : parsed.problems.map((problem) => problem.message))

const EXAMPLE = `proof_targets:
  - {name: unit, cmd: "pytest -q"}
  - {name: slow, argv: [node, --test], cwd: web, hang_after_sec: 2.5}
policy:
  network: deny
  allowed_commands: ["pytest -q", "npm test *"]
  write_allowlist: ["src/**", "tests/**"]
  deny_write:
    - "**/.env"
    - "**/secrets/**"
  limits: {max_attempts: 3, max_files_changed: 8, max_patch_bytes: 200000, per_command_timeout_sec: 600,
           session_timeout_sec: 3600, max_output_bytes: 10485760, max_model_tokens: 200000, search_seconds: 60,
           max_candidates: 20000, max_worktree_bytes: 21474836480, max_processes: 512}
  minimize: true
  tests: {allow_changes: false, patterns: []}
  verify: {runs: auto, also: [{name: lint, cmd: "npm run lint"}]}
  worktree: {include: [.venv, node_modules], setup: "npm ci", setup_network: allow}
  env: {allow: [DATABASE_URL]}
  sandbox: {backend: container, container_runtime: docker, container_image: "python:3.11-slim",
            container_workdir: /workspace, cpu_limit: "2", memory_limit: "2g"}
  attestation: {enabled: true, mode: hmac-sha256, key_env: PP_ATTEST_HMAC_KEY}
provider: [search, openai]
`

test('a policy with every key is read as it is written', (t) => {
  const parsed = read(EXAMPLE)
  t.deepEqual(messages(parsed), [])
  if (!parsed.ok) return
  t.deepEqual(parsed.value.policy?.allowed_commands, ['pytest -q', 'npm test *'])
  t.deepEqual(parsed.value.proof_targets?.[1], {
    name: 'slow',
    argv: ['node', '--test'],
    cwd: 'web',
    hang_after_sec: 2.5,
  })
  t.deepEqual(parsed.value.provider, ['search', 'openai'])
})

test('every key and list item has its line', (t) => {
  const parsed = read(EXAMPLE)
  if (!parsed.ok) return t.fail(messages(parsed).join('\n'))
  t.is(parsed.lines.get('policy.network'), 5)
  t.is(parsed.lines.get('policy.deny_write.1'), 10)
  t.is(parsed.lines.get('proof_targets.1.cwd'), 3)
})

test('the same policy as JSON is read alike', (t) => {
  const yaml = read(EXAMPLE)
  if (!yaml.ok) return t.fail()
  const json = read(JSON.stringify(yaml.value, null, 2), 'json')
  t.true(json.ok)
  if (json.ok) t.deepEqual(json.value, yaml.value)
})

test('an empty file states nothing', (t) => {
  t.deepEqual(read('# nothing yet\n'), { ok: true, value: {}, lines: new Map([['', 1]]) })
})

const wrong: readonly (readonly [what: string, text: string, message: string])[] = [
  [
    'a misspelt key names the nearest one',
    'policy:\n  network: deny\n\n  alowed_commands: []',
    'pp.yaml:4:3: unknown key "alowed_commands"; did you mean "allowed_commands"?',
  ],
  [
    'a key in the wrong place names the right place',
    'allowed_commands: []',
    'pp.yaml:1:1: the key "allowed_commands" does not belong here; it belongs under "policy"',
  ],
  [
    'a section in the wrong place names the right place',
    'limits: {max_attempts: 1}',
    'pp.yaml:1:1: the key "limits" does not belong here; it belongs under "policy"',
  ],
  [
    'a key like no other gets the list of keys',
    'policy: {tests: {zzz: 1}}',
    'pp.yaml:1:18: unknown key "zzz"; the keys here are: allow_changes, patterns, allow, writable, observed',
  ],
  [
    'a wrong word names the words',
    'policy: {network: maybe}',
    'pp.yaml:1:10: policy.network: expected one of "deny" or "allow"',
  ],
  [
    'a number as text is no number',
    'policy:\n  limits: {max_attempts: "3"}',
    'pp.yaml:2:12: policy.limits.max_attempts: expected number, received string',
  ],
  [
    'a key without a value is an error, not a default',
    'policy:\n  allowed_commands:\n',
    'pp.yaml:2:3: policy.allowed_commands: has no value; write a value or remove the key',
  ],
  ['a target needs a name', 'proof_targets:\n  - {cmd: x}', 'pp.yaml:2:5: proof_targets.0.name: is missing'],
  [
    'a target needs one command',
    'proof_targets: [{name: a, cmd: b, argv: [c]}]',
    'pp.yaml:1:17: proof_targets.0: needs either "cmd" or "argv", and not both',
  ],
  [
    'two targets of one name are an error',
    'proof_targets: [{name: a, cmd: b}, {name: A, cmd: c}]',
    'pp.yaml:1:1: proof_targets: two commands of this list have the same name',
  ],
  [
    'a target cannot be called like a file of the bundle',
    'proof_targets: [{name: proposal.json, cmd: b}]',
    'pp.yaml:1:18: proof_targets.0.name: must be 1 to 64 letters, digits, "_", "." or "-", and no file name of the bundle',
  ],
  [
    'a directory above the policy is refused',
    'policy: {worktree: {include: [../other]}}',
    'pp.yaml:1:31: policy.worktree.include.0: must be a path inside the repository, relative to the policy file, with "/" and without ".."',
  ],
  [
    'a negated pattern is refused',
    'policy: {write_allowlist: ["!src"]}',
    'pp.yaml:1:28: policy.write_allowlist.0: a pattern cannot be negated; use policy.deny_write',
  ],
  ['a key twice is an error', 'policy: {}\npolicy: {}', 'pp.yaml:2:1: Map keys must be unique'],
  [
    'a tag of its own is an error',
    'policy: !!js/function x',
    'pp.yaml:1:9: Unresolved tag: tag:yaml.org,2002:js/function',
  ],
]
for (const [what, text, message] of wrong) test(what, (t) => t.deepEqual(messages(read(text)), [message]))

test('problems come in the order of the file', (t) => {
  const parsed = read('policy:\n  netwrok: deny\n  minimize: 3\nprovders: x\n')
  t.deepEqual(parsed.ok ? [] : parsed.problems.map((problem) => problem.line), [2, 3, 4])
})

test('an alias is refused where it stands; a star inside of a scalar is none', (t) => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x]', 'b: &b [*a,*a,*a,*a,*a,*a]', 'c: [*b,*b,*b,*b,*b,*b]'].join('\n')
  t.deepEqual(messages(read(bomb)), ['pp.yaml:2:8: aliases (*name) are not allowed; write the values out'])
  t.true(read('policy:\n  deny_write: ["*.env", \'*x\', a*b, "**"]\n').ok)
  t.true(read('proof_targets:\n  - name: unit\n    cmd: |\n      *not an alias\n').ok)
})

/** Milliseconds of processor time. */
function cost(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const many = {
  keys: `policy:\n${Array.from({ length: 4001 }, (_, n) => `  k${n}: 1`).join('\n')}`,
  scalars: `policy: {deny_write: [${'a,'.repeat(4100)}]}`,
  'quoted scalars': `policy: {deny_write: [${'"a",'.repeat(4100)}]}`,
  'empty items': `policy:\n  deny_write:\n${'  -\n'.repeat(12_000)}`,
  'empty items in brackets': `policy: {deny_write: [${','.repeat(60_000)}]}`,
  'empty keys': `policy:\n${'  ? \n'.repeat(12_000)}`,
  'empty values': ': \n'.repeat(20_000),
  tags: `policy: {deny_write: [${'!a '.repeat(20_000)}]}`,
  anchors: `policy: {deny_write: [${'&a '.repeat(20_000)}]}`,
  directives: '%A\n'.repeat(20_000),
}
for (const [what, text] of Object.entries(many))
  test(`a policy of too many parts is refused before it is composed: ${what}`, (t) => {
    let said = ''
    t.true(cost(() => (said = messages(read(text)).join())) < 1000)
    t.is(said, `pp.yaml:1:1: the policy has more than ${MAX_POLICY_SCALARS} scalars and keys`)
  })

test('a policy at its limits is read in less than a second', (t) => {
  const keys = `policy:\n${Array.from({ length: 1999 }, (_, n) => `  unknown_key_${n}: 1`).join('\n')}`
  const globs = `policy:\n  deny_write:\n${Array.from({ length: 3990 }, (_, n) => `    - "*a*${n}"`).join('\n')}`
  const wrong = `policy: {deny_write: [${'[],'.repeat(3900)}]}`
  const brackets = `policy: {deny_write: ["${'['.repeat(60_000)}", "${'{a}'.repeat(1000)}"]}`
  const comments = '# a\n'.repeat(16_000)
  const blanks = ' \n'.repeat(32_000)
  const quote = `policy: "${'\\n'.repeat(30_000)}`
  const documents = '---\n'.repeat(16_000)
  for (const text of [
    keys,
    globs,
    wrong,
    brackets,
    comments,
    blanks,
    quote,
    documents,
    '"'.repeat(60_000),
    '#'.repeat(60_000),
  ])
    t.true(cost(() => read(text)) < 1000, text.slice(0, 60))
  t.is(messages(read(keys)).length, 20)
  t.true(read(globs).ok)
})

test('ten levels are allowed, eleven are not, in brackets and in blocks', (t) => {
  const flow = (levels: number) => `${'{a: '.repeat(levels)}x${'}'.repeat(levels)}`
  const block = (levels: number) => Array.from({ length: levels }, (_, n) => `${' '.repeat(n)}a:`).join('\n')
  for (const text of [flow(10), block(10)]) t.regex(messages(read(text)).join(), /unknown key "a"/)
  for (const text of [flow(11), block(11)]) t.regex(messages(read(text)).join(), /nested more than 10 levels deep/)
})

const deep = {
  brackets: '['.repeat(60_000),
  braces: '{a: '.repeat(5000),
  dashes: '- '.repeat(5000),
  questions: '? '.repeat(5000),
  'questions in brackets': `[${'? \n'.repeat(5000)}`,
  indentation: Array.from({ length: 300 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
}
for (const [what, text] of Object.entries(deep))
  test(`nesting without end is refused before it is composed: ${what}`, (t) => {
    t.regex(messages(read(text)).join(), /^pp\.yaml:1:1: this is (nested|indented)/)
  })

test('a file over the cap is refused unread', (t) => {
  t.deepEqual(messages(read(`#${'x'.repeat(MAX_POLICY_BYTES)}`)), [
    `pp.yaml:1:1: the policy file is larger than ${MAX_POLICY_BYTES} bytes`,
  ])
})

test('YAML in a JSON file is refused', (t) => {
  t.deepEqual(messages(read('policy: {}', 'json')), [
    'pp.json:1:1: this is not valid JSON; if it is YAML, call the file pp.yaml',
  ])
})

test('a second document in the file is an error, not ignored', (t) => {
  t.regex(
    messages(read('---\npolicy: {}\n---\npolicy: {network: deny}\n')).join(),
    /^pp\.yaml:3:1: Source contains multiple/,
  )
})

test('a key of Object.prototype is an unknown key', (t) => {
  t.regex(messages(read('policy: {limits: {constructor: 1}}')).join(), /unknown key "constructor"/)
  t.regex(messages(read('__proto__: {policy: {}}')).join(), /unknown key "__proto__"/)
})
