import test from 'ava'
import { stateOf, withoutRegistration, withRegistration } from '../../../../src/engine/core/registration/index.ts'
import type { RegistrationContent } from '../../../../src/engine/model/agent-registration.ts'

const LINE = 'command -v git-pp >/dev/null 2>&1 || exit 0; exec git-pp gate --agent aider --deadline 60'
const YAML: RegistrationContent = {
  form: 'yaml',
  header: '# git pp checks each edit',
  pairs: [
    ['test-cmd', LINE],
    ['auto-test', true],
  ],
}
const OWN: RegistrationContent = { form: 'own', body: 'export const a = 1\n' }

const bytes = (text: string | null) => (text === null ? null : new TextEncoder().encode(text))
const text = (made: ReturnType<typeof withRegistration>) => {
  if (!made.ok) throw new Error(`${made.line}: ${made.reason}`)
  return made.bytes === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(made.bytes)
}
const added = (content: RegistrationContent, before: string | null) => text(withRegistration(content, bytes(before)))
const removed = (content: RegistrationContent, before: string | null) =>
  text(withoutRegistration(content, bytes(before)))

const FILES: Readonly<Record<string, string | null>> = {
  'no file': null,
  'an empty file': '',
  'a lone line end': '\n',
  'only comments': '# nothing\n# yet\n',
  'keys and comments': '# mine\nmodel: gpt\n\nread: [a.md,   b.md]   # files\n# end\n',
  'no line end at the end': 'model: gpt\nread:\n    - a',
  'CR LF': 'model: gpt\r\nread: a\r\n',
  'a byte order mark': '\ufeffmodel: gpt\n',
  'a text block at the end': 'a: |\n  one\n  two\n',
  'the start of a document': '---\nmodel: gpt\n',
  'a key that is there with our value': 'auto-test: true\nmodel: gpt\n',
}

for (const [what, before] of Object.entries(FILES)) {
  test(`${what}: aider's keys come to the end, twice is once, and removing gives the bytes back`, (t) => {
    const once = added(YAML, before) ?? ''
    t.true(once.startsWith(before ?? ''))
    t.true(once.includes(`test-cmd: "${LINE}"`))
    t.is(once.match(/^auto-test: true\r?$/gm)?.length, 1)
    t.is(added(YAML, once), once)
    t.is(stateOf(YAML, bytes(once)), 'registered')
    t.is(removed(YAML, once), before)
    t.is(removed(YAML, before), before)
  })
}

test('keys that come after ours stay', (t) => {
  const once = added(YAML, 'a: 1\n')
  t.is(removed(YAML, `${once}b: 2\n`), 'a: 1\nb: 2\n')
})

for (const [what, before, line, reason] of [
  ['another test command', 'a: 1\ntest-cmd: pytest\n', 2, /test-cmd is set to something else/],
  ['tests that are switched off', 'auto-test: false\n', 1, /auto-test is set to something else/],
  ['keys in one line', '{model: gpt}\n', 1, /keys begin their lines/],
  ['indented keys', '  model: gpt\n', 1, /keys begin their lines/],
  ['two documents', 'a: 1\n---\nb: 2\n', 2, /more than one document/],
  ['no YAML', 'a: 1\nb: [\n', 3, /not valid YAML/],
] as const) {
  test(`${what}: refused with the line`, (t) => {
    const made = withRegistration(YAML, bytes(before))
    if (made.ok) return t.fail('edited')
    t.is(made.line, line)
    t.regex(made.reason, reason)
  })
}

test('a file of our own is replaced by that of another version and removed, unless somebody changed it', (t) => {
  const once = added(OWN, null) ?? ''
  t.regex(once, /^\/\/ Written by git pp init; sha256 of what follows: [0-9a-f]{64}\nexport const a = 1\n$/)
  t.is(added(OWN, once), once)
  t.is(removed(OWN, once), null)
  const newer = added({ ...OWN, body: 'export const a = 2\n' }, once) ?? ''
  t.regex(newer, /export const a = 2\n$/)
  t.is(stateOf(OWN, bytes(newer)), 'edited')
  const edited = once.replace('= 1', '= 3')
  t.like(withRegistration(OWN, bytes(edited)), { ok: false })
  t.like(withoutRegistration(OWN, bytes(edited)), { ok: false })
  t.like(withRegistration(OWN, bytes('// mine\n')), { ok: false })
})
