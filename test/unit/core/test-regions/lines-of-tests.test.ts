import test from 'ava'
import { testLines } from '../../../../src/engine/core/test-regions/index.ts'

/** `text` in which each line that belongs to a test begins with `|`. */
function marks(path: string, text: string): readonly [readonly (boolean | undefined)[] | null, readonly boolean[]] {
  const lines = text.split('\n')
  return [
    testLines(
      path,
      lines.map((line) => line.replace(/^\|/, '')),
    ),
    lines.map((line) => line.startsWith('|')),
  ]
}

const CASES: Readonly<Record<string, readonly [path: string, text: string]>> = {
  'documentation of Rust that is indented by four spaces': [
    'src/lib.rs',
    `/// Adds.
///
|///     assert_eq!(calc::add(1, 2), 3);
|///     assert_eq!(calc::add(1, 1), 2);
/// - and more
///   of it
pub fn add(a: i32, b: i32) -> i32 { a + b }`,
  ],
  'examples in a docstring': [
    'calc.py',
    `def add(a, b):
    """Adds.

|    >>> add(2, 3)
|    5
|    >>> for x in [1]:
|    ...     print(x)
|    1

    More text.
    """
    return a + b`,
  ],
  'an example that ends with the text': ['calc.py', `def f():\n    """\n|    >>> f()\n|    1\n    """\n    return 1`],
  'an example in one line': ['calc.py', `def f():\n    return 1  # >>> f()`],
  'a module of tests, with a text, a lifetime and a brace in it': [
    'src/lib.rs',
    `pub fn add<'a>(a: &'a i32) -> i32 { *a }

|#[cfg(test)]
|mod tests {
|    use super::*;
|    const OPEN: char = '{';
|    #[test]
|    fn adds() { assert_eq!(add(&1), 1, "}}"); }
|}

pub fn other() {}`,
  ],
  'a test that is ignored, among other attributes': [
    'src/lib.rs',
    `fn a() {}
|#[ignore]
|#[tokio::test]
|// a comment
|async fn waits() {
|    a();
|}
fn b() {}`,
  ],
  'a module of tests in another file': ['src/lib.rs', '|#[cfg(test)]\n|mod tests;\npub fn a() {}'],
  'what is not compiled for tests is product': [
    'src/lib.rs',
    '#[cfg(not(test))]\nfn a() {}\n#[cfg(all(unix, not(test)))]\nfn b() {}',
  ],
  'examples of documentation, whatever their kind': [
    'src/lib.rs',
    `/// Adds.
|/// \`\`\`ignore
|/// assert_eq!(add(2, 3), 5);
|/// \`\`\`
/// More.
pub fn add() {}`,
  ],
  'a block for vitest': [
    'src/calc.ts',
    `export const add = 1
|if (import.meta.vitest) {
|  const { test } = import.meta.vitest
|  test('adds', () => {})
|}
export const more = 2`,
  ],
  'tests of Zig': [
    'calc.zig',
    'fn add() i32 { return 1; }\n|test "adds" {\n|    try expect(add() == 1);\n|}\nconst x = 1;',
  ],
  'unit tests of D': ['calc.d', 'int add() { return 1; }\n|unittest\n|{\n|    assert(add() == 1);\n|}\nint x;'],
  'test cases of C++': ['calc.cpp', 'int add() { return 1; }\n|TEST_CASE("adds") {\n|  CHECK(add() == 1);\n|}\nint x;'],
  'examples of Elixir': ['calc.ex', '  @doc """\n|      iex> add(2, 3)\n|      5\n\n  """\n  def add(a, b), do: a + b'],
  'examples of Haskell': [
    'Calc.hs',
    '-- | Adds.\n--\n|-- >>> add 2 3\n|-- 5\nadd :: Int -> Int -> Int\nadd a b = a + b',
  ],
}

for (const [name, [path, text]] of Object.entries(CASES))
  test(`${name} (${path})`, (t) => {
    const [found, wanted] = marks(path, text)
    t.deepEqual(found, wanted)
  })

test('a language without tests inside of product files has no marks', (t) => {
  t.is(testLines('a.go', ['>>> 1']), null)
  t.is(testLines('README', ['>>> 1']), null)
})
