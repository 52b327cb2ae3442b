import { CALC } from '../calc.ts'

/** Path → text; null = the file is taken away; a symlink; Python bytecode of a source, which no source is compared with. */
export type Tree = Readonly<Record<string, string | null | { readonly link: string } | { readonly bytecode: string }>>

/** A change to be proved, and the verdict that it must get. */
export interface Case {
  readonly name: string
  /** Beside calc.py and test_calc.py. */
  readonly base?: Tree
  readonly change: Tree
  readonly command?: string
  readonly options?: readonly string[]
  readonly verdict: string
  /** What the reason begins with. */
  readonly first?: string
  /** True: work trees are plain checkouts; on overlays the verdict is another one. */
  readonly checkouts?: true
  /** Programs that the case needs and that the README does not ask for. */
  readonly needs?: readonly string[]
  /** Why it is no other verdict. */
  readonly because?: string
}

export const BUGGY = String(CALC['calc.py'])
export const MENDED = BUGGY.replace('a - b', 'a + b')
export const TESTS = String(CALC['test_calc.py'])
export const ONLY_GOOD = TESTS.replace(/def test_add[\s\S]*?\n\n\n/, '')
/** A second test file, which fails too and is collected after test_calc.py. */
export const LATER = 'from calc import add\n\n\ndef test_later():\n    assert add(1, 1) == 2\n'

/** Without plugins it starts in half of the time. */
export const PYTEST = 'PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 python3 -m pytest -q -p no:cacheprovider'

/** The buggy product with a line that changes nothing. */
export const TOUCHED: Tree = { 'calc.py': `${BUGGY}# touched\n` }

/** The verdict of a change that is green only with its own version of `paths`, which are neither judges nor product. */
export const needing = (...paths: readonly string[]) => ({
  verdict: 'PROVED',
  first: `it needs changes in data or fixtures that the command reads: ${paths.join(', ')}; `,
})

/** The verdict of a change whose data alone make it green. */
export const byDataAlone = (path: string) => ({
  verdict: 'TESTS_CHANGED',
  first: `the command failed, but passes with only the changed data and no change of the product: ${path}`,
})

/** The buggy product with something in front of it. */
export const before = (code: string): Tree => ({ 'calc.py': `${code}\n${BUGGY}` })

/** The same two tests for unittest, which starts faster. */
export const CLASSES: Tree = {
  'test_calc.py':
    'import unittest\nfrom calc import add, double\n\n\nclass Sums(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(2, 3), 5)\n\n    def test_double(self):\n        self.assertEqual(double(4), 8)\n',
}
