import { itemEnd } from '../item-end.ts'
import { markFrom, type RegionLanguage } from '../language.ts'

const ATTRIBUTE = /^\s*#!?\[/
/** `#[test]`, also of other crates, and what is only compiled for tests. */
const TEST =
  /^\s*#\[\s*(?:(?:\w+::)*(?:test|rstest|test_case|bench|proptest|quickcheck)\b|cfg\s*\(\s*(?:test\b|(?:all|any)\s*\((?!.*\bnot\s*\(\s*test)[^\]]*\btest\b))/
const DOC = /^\s*\/\/[/!]/
const FENCE = /^\s*\/\/[/!]\s*(?:```|~~~)/
/** Documentation that is indented by four spaces is an example, too. */
const INDENTED = /^\s*\/\/[/!] {5}/

/** Items with an attribute that makes them tests, with all their attributes, and the examples in documentation comments. */
export const rust: RegionLanguage = {
  files: /\.rs$/,
  mark(lines) {
    const items = markFrom(
      lines,
      (line, at) => ATTRIBUTE.test(line) && attributesFrom(lines, at).some((one) => TEST.test(one)),
      (at) => itemEnd(lines, at + attributesFrom(lines, at).length),
    )
    const isCode = (line: string) => INDENTED.test(line)
    const examples = markFrom(
      lines,
      (line) => FENCE.test(line) || isCode(line),
      (at) => {
        let last = at + 1
        if (isCode(lines[at] ?? '')) {
          while (isCode(lines[last] ?? '')) last++
          return last - 1
        }
        while (last < lines.length && DOC.test(lines[last] ?? '') && !FENCE.test(lines[last] ?? '')) last++
        return last
      },
    )
    return items.map((mark, at) => mark || examples[at] === true)
  },
}

/** The lines of attributes and comments that belong to one item. */
function attributesFrom(lines: readonly string[], at: number): readonly string[] {
  let last = at
  while (last < lines.length && /^\s*(?:#\[|\/\/)/.test(lines[last] ?? '')) last++
  return lines.slice(at, last)
}
