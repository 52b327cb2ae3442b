import test from 'ava'
import fc from 'fast-check'
import { escapeLine, escapeText } from '../../../src/engine/report/escape.ts'

const cases: readonly [string, string, string][] = [
  ['an escape sequence', '\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
  ['a link of a terminal', '\x1b]8;;http://x\x07x', '\\x1b]8;;http://x\\x07x'],
  ['an eight-bit control sequence', '\x9b31m', '\\x9b31m'],
  ['a carriage return that would overwrite', 'good\rbad', 'good\\rbad'],
  ['text that would run backwards', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
  ['a blank of no width', 'pay\u200bpal\ufeff', 'pay\\u200bpal\\ufeff'],
  ['a letter from the tags', 'a\u{e0041}', 'a\\u{e0041}'],
  ['half a character', 'a\ud800b', 'a\\ud800b'],
  ['a backspace', 'a\bb', 'a\\x08b'],
]

for (const [what, raw, shown] of cases) {
  test(`${what} is shown, not obeyed`, (t) => {
    t.is(escapeLine(raw), shown)
    t.is(escapeText(raw), shown)
  })
}

test('a line stays one line', (t) => {
  t.is(escapeLine('a\nb\tc'), 'a\\nb\\tc')
})

test('text keeps its lines and tabs, and shows the ends of CRLF', (t) => {
  t.is(escapeText('a\tb\r\nc\n'), 'a\tb\\r\nc\n')
})

test('words of any language stay as they are', (t) => {
  const words = 'Grüße 你好 مرحبا שלום नमस्ते 😀 \\x1b'
  t.is(escapeLine(words), words)
})

test('nothing that is left can be obeyed by a terminal', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(escapeLine(text))),
  )
  t.pass()
})
