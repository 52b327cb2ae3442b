import type { BrokenTests } from '../../../ports/runner.ts'
import { append, insert } from './append-tests.ts'

/** A pattern for a kind of statement in a file, and a statement of the same kind that must fail. */
const STATEMENTS: readonly (readonly [RegExp, string])[] = [
  [/^\s+assert\b/m, 'assert 1 == 2'],
  [/\bpytest\.raises\(/, '__import__("pytest").raises(KeyError, lambda: None)'],
  [/\bpytest\.approx\(/, 'assert 1 == __import__("pytest").approx(2)'],
  [/\bnumpy\.testing\b|\bnp\.testing\b/, '__import__("numpy.testing").testing.assert_allclose(1, 2)'],
]

/** Methods of unittest.TestCase with arguments that must fail. */
const METHODS: Readonly<Record<string, string>> = {
  assertEqual: '1, 2',
  assertNotEqual: '1, 1',
  assertTrue: 'False',
  assertFalse: 'True',
  assertIs: '1, None',
  assertIsNot: 'None, None',
  assertIsNone: '1',
  assertIsNotNone: 'None',
  assertIn: '1, []',
  assertNotIn: '1, [1]',
  assertIsInstance: '1, str',
  assertAlmostEqual: '1, 2',
  assertGreater: '1, 2',
  assertLess: '2, 1',
  assertGreaterEqual: '1, 2',
  assertLessEqual: '2, 1',
  assertRegex: '"a", "b"',
  assertCountEqual: '[1], [2]',
  assertListEqual: '[1], [2]',
  assertDictEqual: '{1: 1}, {}',
  assertRaises: 'KeyError, lambda: None',
}
const MOST = 8

/** Failing tests for pytest: each statement in a function, each method in a class. `name` is the prefix of every word. */
export function breakForPytest(text: string, name: string, failing: readonly string[]): BrokenTests {
  const functions = STATEMENTS.filter(([pattern]) => pattern.test(text)).map(
    ([, statement], at) => [`${name}_s${at}`, statement] as const,
  )
  const blocks = functions.map(([word, statement]) => `def test_${word}():\n    ${statement}\n`)
  const classes = methodClass(text, name)
  const own = ownTests(text, name, failing)
  const parts = [...blocks, ...classes.blocks, ...own.blocks]
  return {
    text: parts.reduce((rest, block) => append(rest, `\n${block}`), text),
    words: [...functions.map(([word]) => word), ...classes.words, ...own.words],
  }
}

/** Failing tests for unittest, inserted before the `unittest.main()` at the end of a file. */
export function breakForUnittest(text: string, name: string, failing: readonly string[]): BrokenTests {
  const classes = methodClass(text, name)
  const own = ownTests(text, name, failing)
  const guard = /^if\s*\(?\s*__name__\b.*$/m.exec(text)
  const block = [...classes.blocks, ...own.blocks].join('\n\n')
  if (block === '') return { text, words: [] }
  return {
    text: guard ? insert(text, guard.index, `${block}\n\n`) : append(text, `\n${block}`),
    words: [...classes.words, ...own.words],
  }
}

function methodClass(text: string, name: string): { blocks: string[]; words: string[] } {
  const used = [...new Set([...text.matchAll(/\bself\.(assert\w+)\(/g)].map(([, method]) => method ?? ''))]
  const methods = used.filter((method) => method in METHODS).slice(0, MOST)
  if (methods.length === 0) return { blocks: [], words: [] }
  const words = methods.map((method) => `${name}_${method}`)
  const tests = methods.map(
    (method, at) => `    def test_${words[at]}(self):\n        self.${method}(${METHODS[method]})\n`,
  )
  return { blocks: [`class Test_${name}_methods(__import__("unittest").TestCase):\n${tests.join('\n')}`], words }
}

/** The failing tests under their own names, with their signatures and marks; each fails with one of our words. */
function ownTests(text: string, name: string, failing: readonly string[]): { blocks: string[]; words: string[] } {
  const places = [...new Set(failing.flatMap((id) => placeOf(id, text) ?? []))].slice(0, MOST)
  if (places.length === 0) return { blocks: [], words: [] }
  const words = places.map((_, at) => `${name}_own${at}`)
  const lines = places.map((place, at) => `${place} = _${name}(${place}, "${words[at]}")\n`)
  const wrap = `def _${name}(old, word):\n    @__import__("functools").wraps(old)\n    def broken(*_, **__):\n        raise AssertionError(word)\n    return broken\n`
  return { blocks: [`${wrap}\n\n${lines.join('')}`], words }
}

/** 'file::Class::test[1]' and 'module.Class.test' → 'Class.test', where the text defines both. */
function placeOf(id: string, text: string): string | null {
  const parts = id.includes('::') ? id.replace(/\[.*$/s, '').split('::').slice(1) : id.split('.').slice(-2)
  const [first, second] = parts
  const defines = (word: string, indent: string) => new RegExp(`^${indent}(?:async )?def ${word}\\b`, 'm').test(text)
  if (!parts.every((part) => /^\w+$/.test(part)) || first === undefined || parts.length > 2) return null
  if (second === undefined) return defines(first, '') ? first : null
  return new RegExp(`^class ${first}\\b`, 'm').test(text) && defines(second, '\\s+') ? `${first}.${second}` : null
}
