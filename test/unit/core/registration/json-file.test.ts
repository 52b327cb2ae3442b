import test from 'ava'
import * as fc from 'fast-check'
import { stateOf, withoutRegistration, withRegistration } from '../../../../src/engine/core/registration/index.ts'
import type { RegistrationContent } from '../../../../src/engine/model/agent-registration.ts'
import { FOREIGN_HOOK, JSON_FILES } from '../../../helpers/configuration-files.ts'

const line = (what: string) => `command -v git-pp >/dev/null 2>&1 || exit 0; git-pp gate ${what} || exit 1`
const entry = (what: string) => ({ hooks: [{ type: 'command', command: line(what), timeout: 600 }] })
const NESTED: RegistrationContent = {
  form: 'json',
  hooks: [
    { path: ['hooks', 'SessionStart'], entry: entry('--begin --agent claude') },
    { path: ['hooks', 'Stop'], entry: entry('--agent claude --deadline 60') },
  ],
}
const FLAT: RegistrationContent = {
  form: 'json',
  also: { key: 'version', value: 1 },
  hooks: [{ path: ['hooks', 'stop'], entry: { command: line('--agent cursor --deadline 60'), timeout: 600 } }],
}

const bytes = (text: string | null) => (text === null ? null : new TextEncoder().encode(text))
const text = (made: ReturnType<typeof withRegistration>) => {
  if (!made.ok) throw new Error(`${made.line}: ${made.reason}`)
  return made.bytes === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(made.bytes)
}
const added = (content: RegistrationContent, before: string | null) => text(withRegistration(content, bytes(before)))
const removed = (content: RegistrationContent, before: string | null) =>
  text(withoutRegistration(content, bytes(before)))

/** Whether `part` can be made from `whole` by taking characters out. */
function isPartOf(part: string, whole: string): boolean {
  let at = 0
  for (const char of whole) if (char === part[at]) at += char.length
  return at === part.length
}

for (const [what, before] of Object.entries(JSON_FILES)) {
  for (const [form, content] of [
    ['nested', NESTED],
    ['flat', FLAT],
  ] as const) {
    test(`${what}, ${form}: only added to, twice is once, and removing gives the bytes back`, (t) => {
      const once = added(content, before)
      t.true(isPartOf(before ?? '', once ?? ''), once ?? 'no file')
      t.is(added(content, once), once)
      t.is(stateOf(content, bytes(once)), 'registered')
      t.is(stateOf(content, bytes(before)), 'not registered')
      t.is(removed(content, once), before)
      t.is(removed(content, before), before)
    })
  }
}

test('a new file is laid out for people', (t) => {
  const begin = `      {"hooks": [{"type": "command", "command": "${line('--begin --agent claude')}", "timeout": 600}]}`
  const stop = `      {"hooks": [{"type": "command", "command": "${line('--agent claude --deadline 60')}", "timeout": 600}]}`
  t.is(
    added(NESTED, null),
    `{\n  "hooks": {\n    "SessionStart": [\n${begin}\n    ],\n    "Stop": [\n${stop}\n    ]\n  }\n}\n`,
  )
  const flat = `      {"command": "${line('--agent cursor --deadline 60')}", "timeout": 600}`
  t.is(added(FLAT, null), `{\n  "hooks": {\n    "stop": [\n${flat}\n    ]\n  },\n  "version": 1\n}\n`)
})

test('hooks that others add afterwards stay when ours are removed', (t) => {
  const once = added(NESTED, '{}\n') ?? ''
  const more = once
    .replace('"Stop": [', `"Stop": [\n      ${FOREIGN_HOOK},`)
    .replace('"SessionStart": [', '"Other": [],\n    "SessionStart": [')
  const left = removed(NESTED, more) ?? ''
  t.deepEqual(JSON.parse(left), { hooks: { Other: [], Stop: [JSON.parse(FOREIGN_HOOK)] } })
})

test('a line of another deadline or another form of ours is brought up to date in its place, and is removed', (t) => {
  const once = added(NESTED, '{\n  "a": 1\n}\n') ?? ''
  const older = once.replace('--deadline 60 || exit 1', '--deadline 30').replaceAll('600', '90')
  t.is(stateOf(NESTED, bytes(older)), 'edited')
  t.is(added(NESTED, older), once)
  t.is(removed(NESTED, older), '{\n  "a": 1\n}\n')
})

test('a part that is missing is added', (t) => {
  const once = added(NESTED, '{}') ?? ''
  const half = JSON.parse(once)
  delete half.hooks.SessionStart
  t.is(stateOf(NESTED, bytes(JSON.stringify(half))), 'partly registered')
  t.deepEqual(JSON.parse(added(NESTED, JSON.stringify(half)) ?? ''), JSON.parse(once))
})

for (const [what, before, line, reason] of [
  ['a value that is missing', '{\n  "a": ,\n  "b": 1\n}', 2, /not valid JSON \(value expected\)/],
  ['an object that is not closed', '{\n  "a": 1\n', 3, /not valid JSON/],
  ['no JSON at all', 'hooks = 1', 1, /not valid JSON/],
  ['a list', '[]', 1, /must be a JSON object/],
  ['hooks that are a list', '{\n\n  "hooks": []}', 3, /hooks must be an object/],
  ['an event that is no list', '{"hooks": {\n  "Stop": {}}}', 2, /hooks\.Stop must be an array/],
  ['hooks that are there twice', '{"hooks": {},\n "hooks": {}}', 1, /hooks is there twice/],
  [
    'a call that somebody wrote',
    '{"hooks": {"Stop": [\n{"matcher": "x", "hooks": [{"type": "command", "command": "git pp gate"}]}]}}',
    2,
    /a form that git pp init did not write/,
  ],
] as const) {
  test(`${what} is refused with its line`, (t) => {
    const made = withRegistration(NESTED, bytes(before))
    if (made.ok) return t.fail('edited')
    t.is(made.line, line)
    t.regex(made.reason, reason)
  })
}

test('a file that is not UTF-8 is refused', (t) => {
  t.like(withRegistration(NESTED, new Uint8Array([0x7b, 0xff, 0x7d])), { ok: false, reason: 'this file is not UTF-8' })
})

/** JSON with white space, comments and trailing commas in any place where they may stand. */
const layout = fc.constantFrom('', ' ', '\n', '\r\n', '\t', '\n  ', ' /* a */ ', ' // b\n')
const value = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom('1', 'true', 'null', '"x"', '"}"'),
    fc
      .tuple(
        layout,
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'z'), layout, tie('value'), layout), { maxLength: 3 }),
        fc.boolean(),
      )
      .map(([first, members, comma]) => {
        const parts = members.map(([key, before, one, after], at) => `"${key}${at}":${before}${one}${after}`)
        return `{${first}${parts.join(',')}${comma && parts.length > 0 ? ',' : ''}${first}}`
      }),
    fc
      .tuple(layout, fc.array(tie('value'), { maxLength: 3 }), fc.boolean())
      .map(
        ([space, list, comma]) => `[${space}${list.join(`,${space}`)}${comma && list.length > 0 ? ',' : ''}${space}]`,
      ),
  ),
})).value

test('any JSON object stays byte for byte, and gets its bytes back', (t) => {
  const events = fc
    .tuple(layout, fc.array(value, { maxLength: 2 }), layout)
    .map(([a, list, b]) => `[${a}${list.join(',')}${b}]`)
  const file = fc
    .tuple(layout, value, layout, fc.option(events), layout, fc.boolean(), fc.constantFrom('', '\n', '\r\n'))
    .map(([a, one, b, event, c, last, end]) => {
      const hooks = `"hooks":${a}{${b}${event === null ? '' : `"Stop":${a}${event}`}${c}}`
      return `{${c}${last ? `"one":${one}${a},${b}${hooks}` : `${hooks}${a},${c}"one":${one}`}${b}}${end}`
    })
  fc.assert(
    fc.property(file, (before) => {
      const once = added(NESTED, before) ?? ''
      return isPartOf(before, once) && added(NESTED, once) === once && removed(NESTED, once) === before
    }),
    { numRuns: 500 },
  )
  t.pass()
})
