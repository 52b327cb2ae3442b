import test from 'ava'
import { splitRegions } from '../../../../src/engine/core/test-regions/index.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (given: Uint8Array | null | undefined) => (given ? new TextDecoder().decode(given) : given)

const doc = (want: string, body: string) =>
  `def add(a, b):\n    """\n    >>> add(2, 3)\n    ${want}\n    """\n    return ${body}\n`
const rust = (body: string, want: string) =>
  `pub fn add(a: i32, b: i32) -> i32 {\n    ${body}\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn adds() {\n        assert_eq!(super::add(2, 3), ${want});\n    }\n}\n`

for (const [path, of] of [
  ['calc.py', (body: string, want: string) => doc(want, body)],
  ['src/lib.rs', rust],
] as const) {
  test(`a change of product and tests of ${path} is taken apart`, (t) => {
    const split = splitRegions(path, bytes(of('a - b', '5')), bytes(of('a + b', '6')))
    t.is(text(split?.withoutTests), of('a + b', '5'))
    t.is(text(split?.testsOnly), of('a - b', '6'))
    t.is(split?.lines.length, 1)
  })

  test(`a change of nothing but tests of ${path} leaves no product`, (t) => {
    const split = splitRegions(path, bytes(of('a - b', '5')), bytes(of('a - b', '6')))
    t.is(text(split?.withoutTests), of('a - b', '5'))
    t.is(text(split?.testsOnly), of('a - b', '6'))
  })

  test(`a change of nothing but the product of ${path} is not split`, (t) => {
    t.is(splitRegions(path, bytes(of('a - b', '5')), bytes(of('a + b', '5'))), null)
  })
}

test('tests that a change adds or takes out are found', (t) => {
  const before = rust('a - b', '5')
  const without = before.slice(0, before.indexOf('\n#[cfg'))
  const taken = splitRegions('src/lib.rs', bytes(before), bytes(without.replace('a - b', 'a + b')))
  t.regex(text(taken?.withoutTests) ?? '', /a \+ b[\s\S]*assert_eq!/)
  const added = splitRegions('src/lib.rs', bytes(without), bytes(before.replace('a - b', 'a + b')))
  t.is(text(added?.withoutTests)?.trimEnd(), without.replace('a - b', 'a + b').trimEnd())
  t.regex(text(added?.testsOnly) ?? '', /a - b[\s\S]*assert_eq!/)
})

test('lines of product and tests that touch each other are told apart for putting back alone', (t) => {
  const split = splitRegions('calc.py', bytes('>>> add(2, 3)\n5\n'), bytes('>>> add(2, 3)\n6\n\nx = 1\n'))
  t.is(split?.testsOnly, null)
  t.regex(text(split?.withoutTests) ?? '', /^>>> add\(2, 3\)\n5\n/)
})

test('a file that is not text, or is very large, is product as a whole', (t) => {
  const binary = new Uint8Array([0xff, 0xfe, 10])
  t.is(splitRegions('calc.py', binary, bytes(doc('5', 'a'))), null)
  const large = `${'#\n'.repeat(1_000_001)}`
  t.is(splitRegions('calc.py', bytes(doc('5', 'a')), bytes(large + doc('6', 'a'))), null)
})
