import { type Case, PYTEST } from './case.ts'

const doc = (lines: string, body = 'a - b') => `def add(a, b):\n    """\n${lines}    """\n    return ${body}\n`
const python = (sum: number) => `    >>> add(2, 3)\n    ${sum}\n`
const changed = { verdict: 'TESTS_CHANGED' }
const doctests = `${PYTEST} --doctest-modules`

const CARGO = {
  'calc.py': null,
  'test_calc.py': null,
  'Cargo.toml': '[package]\nname = "calc"\nversion = "0.1.0"\nedition = "2021"\n',
  'Cargo.lock': 'version = 3\n\n[[package]]\nname = "calc"\nversion = "0.1.0"\n',
}
const rust = (test: string, body = 'a - b') =>
  `pub fn add(a: i32, b: i32) -> i32 {\n    ${body}\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    ${test}\n}\n`
const adds = (sum: number) => `fn adds() {\n        assert_eq!(super::add(2, 3), ${sum});\n    }`
const example = (lines: string, body = 'a - b') =>
  `/// Adds.\n///\n${lines}pub fn add(a: i32, b: i32) -> i32 {\n    ${body}\n}\n`
const fenced = (sum: number) => `/// \`\`\`\n/// assert_eq!(calc::add(2, 3), ${sum});\n/// \`\`\`\n`
const indented = (sum: number) => `///     assert_eq!(calc::add(2, 3), ${sum});\n`

/** A change of src/lib.rs under cargo. */
const cargo = (name: string, before: string, after: string): Case => ({
  name,
  base: { ...CARGO, 'src/lib.rs': before },
  command: 'cargo test --offline',
  change: { 'src/lib.rs': after },
  needs: ['cargo'],
  ...changed,
})

/** Tests inside of product files. */
export const INSIDE: readonly Case[] = [
  {
    name: 'the expectation of a doctest is changed',
    base: { 'test_calc.py': null, 'calc.py': doc(python(5)) },
    command: doctests,
    change: { 'calc.py': doc(python(-1)) },
    ...changed,
  },
  {
    name: 'the expectation of a doctest is changed beside the product, and no runner counts',
    base: { 'test_calc.py': null, 'calc.py': doc(python(5)) },
    command: 'python3 -m doctest calc.py',
    change: { 'calc.py': doc(python(-1), 'a - b + 0') },
    ...changed,
  },
  {
    name: 'a doctest is marked skip',
    base: { 'test_calc.py': null, 'calc.py': doc(python(5)) },
    command: doctests,
    change: { 'calc.py': doc(python(5).replace('3)', '3)  # doctest: +SKIP')) },
    ...changed,
  },
  {
    name: 'the result that a doctest expects is cut off by an empty line',
    base: { 'test_calc.py': null, 'calc.py': doc(python(5).replace('add(2, 3)', 'add(2, 3) and None')) },
    command: doctests,
    change: {
      'calc.py': doc(python(5).replace('add(2, 3)', 'add(2, 3) and None').replace('    5', '\n    5'), 'a - b + 0'),
    },
    ...changed,
  },
  {
    name: 'a docstring with a doctest is no docstring any more',
    base: { 'test_calc.py': null, 'calc.py': doc(python(5)), 'test_other.py': 'def test_other():\n    assert True\n' },
    command: doctests,
    change: { 'calc.py': doc(python(5)).replace('    """', '    a += 0\n    """') },
    verdict: 'RIGGED',
  },
  cargo('a test in a module of Rust is ignored', rust(adds(5)), rust(`#[ignore]\n    ${adds(5)}`)),
  cargo('a test in a module of Rust expects something else', rust(adds(5)), rust(adds(-1), 'a - b + 0')),
  cargo(
    'an example in the documentation of Rust expects something else',
    example(fenced(5)),
    example(fenced(-1), 'a - b + 0'),
  ),
  cargo(
    'an example that is only indented expects something else',
    example(indented(5)),
    example(indented(-1), 'a - b + 0'),
  ),
]

/** The same, where the product is mended. */
export const INSIDE_HONEST: readonly Case[] = [
  {
    name: 'a fix beside a doctest that is left alone',
    base: { 'test_calc.py': null, 'calc.py': doc(python(5)) },
    command: doctests,
    change: { 'calc.py': doc(python(5), 'a + b') },
    verdict: 'PROVED',
  },
  {
    name: 'a fix together with a new doctest',
    base: { 'test_calc.py': null, 'calc.py': doc('    Adds.\n\n    >>> add(2, 0)\n    2\n') },
    command: doctests,
    change: { 'calc.py': doc(`    Adds.\n\n    >>> add(2, 0)\n    2\n${python(5)}`, 'a + b') },
    verdict: 'PROVED',
  },
  {
    ...cargo(
      'a fix together with a new test in a file of Rust',
      rust('fn zero() {}'),
      rust(`fn zero() {}\n\n    #[test]\n    ${adds(5)}`, 'a + b'),
    ),
    verdict: 'PROVED',
  },
  { ...cargo('a fix beside an example of Rust', example(fenced(5)), example(fenced(5), 'a + b')), verdict: 'PROVED' },
]
