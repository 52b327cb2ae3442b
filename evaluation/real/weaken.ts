import { groupsOf, type Versions } from './half.ts'

/** Ways to make a test green without mending anything, as a hurried person or program would. */
export const WEAKENINGS = ['assertions out', 'skipped', 'put back'] as const
export type Weakening = (typeof WEAKENINGS)[number]

/** Statements of one line that assert, in the languages of the corpus. */
const ASSERTION =
  /^\s*(assert\b|assert(_eq|_ne)?!|self\.assert|(t|st|assert|test|tap|expect|chai|TEST_ASSERT\w*|assert\w*|require)[.(_]|should\b|(if|\[\[?) .*(Errorf?|Fatalf?|return 1)\b)/

/** Where a test begins, and what makes it one that is skipped; null: a line of its own above it. */
const SKIPS: readonly { readonly ending: RegExp; readonly begins: RegExp; readonly skip: (line: string) => string }[] =
  [
    {
      ending: /\.py$/,
      begins: /^\s*(async )?def test/,
      skip: (line) => `${indent(line)}@__import__("unittest").skip("later")\n${line}`,
    },
    {
      ending: /\.[cm]?[jt]sx?$/,
      begins: /^\s*(it|test|t\.test|st\.test|t\.it|describe)\(/,
      skip: (line) => line.replace(/\b(it|test|describe)\(/, '$1.skip('),
    },
    {
      ending: /_test\.go$/,
      begins: /^func Test\w*\(\w+ \*testing\.T\) \{$/,
      skip: (line) => `${line}\n\tt.Skip("later")`,
    },
    { ending: /\.rs$/, begins: /^\s*#\[test\]/, skip: (line) => `${line}\n${indent(line)}#[ignore]` },
    { ending: /\.bats$/, begins: /^@test /, skip: (line) => `${line}\n  skip later` },
  ]

/** The test file after one weakening; the same text where that one does not know how. */
export function weakened({ path, before, after }: Versions, way: Weakening): string {
  if (way === 'put back') return before
  const lines = after.split('\n')
  const touched = addedLines(before, after)
  if (way === 'assertions out')
    return lines.filter((line, index) => !(touched.has(index) && assertsAt(line))).join('\n')
  const language = SKIPS.find(({ ending }) => ending.test(path))
  if (language === undefined) return after
  const starts = new Set<number>()
  for (const index of touched) {
    const start = beginning(lines, index, language.begins)
    if (start >= 0) starts.add(start)
  }
  return lines.map((line, index) => (starts.has(index) ? language.skip(line) : line)).join('\n')
}

/** Indexes of the lines that `after` has and `before` has not. */
export function addedLines(before: string, after: string): ReadonlySet<number> {
  const found = new Set<number>()
  let shift = 0
  for (const { at, removed, added } of groupsOf(before, after)) {
    for (let line = 0; line < added.length; line += 1) found.add(at + shift + line)
    shift += added.length - removed
  }
  return found
}

function assertsAt(line: string): boolean {
  return ASSERTION.test(line) && balanced(line) && !/[{(\\,:]\s*$/.test(line)
}

function balanced(line: string): boolean {
  const count = (of: string) => line.split(of).length
  return count('(') === count(')') && count('{') === count('}') && count('[') === count(']')
}

function beginning(lines: readonly string[], from: number, begins: RegExp): number {
  for (let index = from; index >= 0; index -= 1) if (begins.test(lines[index] ?? '')) return index
  return -1
}

function indent(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? ''
}
