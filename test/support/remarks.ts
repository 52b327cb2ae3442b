/** Small programs, one a language, whose one function is wrong; changes of them; and what is remarked on a change. */
import test from 'ava'
import { addedLines, overfittingRemarks, testTexts } from '../../src/engine/core/overfitting/index.ts'
import { treeSitter } from '../../src/engine/evidence/index.ts'
import type { CodeRemark } from '../../src/engine/model/code-remark.ts'

interface WrongProgram {
  readonly path: string
  readonly before: string
  readonly tests: Readonly<Record<string, string>>
}

const script = {
  before: 'function area(w, h) {\n  return w + h\n}\nmodule.exports = { area }\n',
  tests: {
    'test/area.test.js':
      "const { area } = require('../area.js')\ntest('area', () => {\n  assert.equal(area(127, 3), 381)\n  assert.equal(area('north pole'), 'far')\n  assert.deepEqual(area('xyy'), [1])\n})\n",
  },
}

export const PROGRAMS = {
  python: {
    path: 'area.py',
    before: 'def area(w, h):\n    return w + h\n',
    tests: {
      'tests/test_area.py':
        'from area import area\n\ndef test_area():\n    assert area(127, 3) == 381\n    assert area(5, 7) == 35\n    assert area("ada lovelace", 1) == "Lovelace, A."\n',
    },
  },
  javascript: { path: 'area.js', ...script },
  typescript: { path: 'area.ts', ...script },
  go: {
    path: 'area.go',
    before: 'package area\n\nfunc Area(w, h int) int {\n\treturn w + h\n}\n',
    tests: {
      'area_test.go':
        'package area\n\nimport "testing"\n\nfunc TestArea(t *testing.T) {\n\tif Area(127, 3) != 381 {\n\t\tt.Fatal()\n\t}\n}\n',
    },
  },
  rust: {
    path: 'src/lib.rs',
    before: 'pub fn area(w: u32, h: u32) -> u32 {\n    w + h\n}\n',
    tests: { 'tests/area.rs': 'use area::area;\n\n#[test]\nfn area_of() {\n    assert_eq!(area(127, 3), 381);\n}\n' },
  },
} satisfies Record<string, WrongProgram>

export type Dialect = keyof typeof PROGRAMS

const syntax = treeSitter()

/** What is remarked on a change of one file. */
export async function remarksOn(
  path: string,
  before: string | null,
  after: string,
  tests: Readonly<Record<string, string>>,
): Promise<readonly CodeRemark[]> {
  const tree = await syntax.code(path, after)
  if (tree === null) throw new Error(`${path} is not understood`)
  const earlier = before === null ? null : await syntax.code(path, before)
  const changed = { path, before: earlier, after: tree, added: addedLines(before ?? '', after) }
  return overfittingRemarks([changed], testTexts(Object.keys(tests), Object.values(tests)))
}

/** The lines of a changed program, and the kind and the line of the first remark on it; null: nothing is remarked. */
export type Changed = readonly [title: string, dialect: Dialect, after: readonly string[], first: string | null]

/** One test for each of these changes. */
export function testRemarks(changes: readonly Changed[]): void {
  for (const [title, dialect, after, first] of changes)
    test(`${dialect}: ${title}`, async (t) => {
      const { path, before, tests } = PROGRAMS[dialect]
      const [found] = await remarksOn(path, before, `${after.join('\n')}\n`, tests)
      t.is(found === undefined ? null : `${found.kind} ${found.line}`, first)
      if (found) t.true(found.sentence.startsWith(`${path}:${found.line} `))
    })
}
