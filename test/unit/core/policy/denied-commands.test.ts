import test from 'ava'
import { denyCommand } from '../../../../src/engine/core/policy/denied-commands.ts'
import { mergePolicy } from '../../../../src/engine/core/policy/merge-policy.ts'
import { parsePolicy } from '../../../../src/engine/core/policy/parse-policy.ts'
import { gitConfigLayer, type PolicyLayer } from '../../../../src/engine/core/policy/policy-layers.ts'

function policy(text: string, ...more: PolicyLayer[]) {
  const parsed = parsePolicy(text, { file: 'pp.yaml', format: 'yaml' })
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
  const layer: PolicyLayer = { from: 'file', values: parsed.value, root: '', lines: parsed.lines }
  return mergePolicy([...more, layer], { limits: 'default' })
}
const listed = policy(`proof_targets: [{name: all, cmd: "make check | cat"}]
policy:
  allowed_commands:
    - "pytest -q"
    - "npm test *"
`)
const shell = (text: string) => denyCommand({ shell: text }, listed)

test('without a list anything may be typed', (t) => t.is(denyCommand({ shell: 'rm -rf x; true' }, policy('')), null))

for (const allowed of [
  'pytest -q',
  'npm test',
  'npm test -- a/b.test.js',
  'npm test --x=1 @a,b:c%',
  'make check | cat',
])
  test(`allowed: ${allowed}`, (t) => t.is(shell(allowed), null))

const denied = [
  'pytest -q ',
  'pytest  -q',
  'pytest -q x',
  'npm testing',
  'npm test  x',
  'npm test x;id',
  'npm test x && id',
  'npm test | sh',
  'npm test $(id)',
  'npm test `id`',
  'npm test > x',
  'npm test "x"',
  "npm test 'x'",
  'npm test *',
  'npm test ?',
  'npm test ~root',
  'npm test {a,b}',
  'npm test #x',
  'npm test x\\ y',
  'npm test x\nid',
  'npm test x\rid',
  'npm test x\tid',
  'npm test x\u00a0y',
  'npm test &',
  'npm test (x)',
  'npm test !x',
  'npm test ',
]
for (const command of denied)
  test(`denied: ${JSON.stringify(command)}`, (t) => t.is(shell(command)?.rule, 'allowed_commands'))

test('an argv is compared as it would be typed', (t) => {
  t.is(denyCommand({ argv: ['pytest', '-q'] }, listed), null)
  t.is(denyCommand({ argv: ['npm', 'test', 'x'] }, listed), null)
  t.not(denyCommand({ argv: ['npm', 'test', 'x;id'] }, listed), null)
  t.not(denyCommand({ argv: ['pytest -q'] }, listed), null)
})

test('a refusal names the line to add and where the list stands', (t) => {
  t.deepEqual(shell('pytest "a b"'), {
    rule: 'allowed_commands',
    path: null,
    message:
      'this command is not in allowed_commands (pp.yaml:4): pytest "a b"; to allow it: add this line to policy.allowed_commands in pp.yaml:   - "pytest \\"a b\\""',
    source: { file: 'pp.yaml', line: 4 },
  })
})

test('an empty list allows the targets alone', (t) => {
  const closed = policy('proof_targets: [{name: all, argv: [make, check]}]\npolicy: {allowed_commands: []}')
  t.is(denyCommand({ shell: 'make check' }, closed), null)
  t.not(denyCommand({ shell: 'make' }, closed), null)
})

test('every list has to agree', (t) => {
  const git = gitConfigLayer([{ name: 'pp.allowedcommands', value: 'make *' }])
  const both = policy('policy: {allowed_commands: ["make a", "make b;c", ls]}', git)
  t.is(denyCommand({ shell: 'make a' }, both), null)
  t.is(denyCommand({ shell: 'make b;c' }, both)?.message.includes('git config --add pp.allowedCommands'), true)
  t.is(denyCommand({ shell: 'ls' }, both)?.source, null)
})
