import { itemEnd } from '../item-end.ts'
import { markFrom, type RegionLanguage } from '../language.ts'

/** Tests that are items of the language, or of a macro, and end with the bracket that closes them. */
const begun = (files: RegExp, begins: RegExp): RegionLanguage => ({
  files,
  mark: (lines) =>
    markFrom(
      lines,
      (line) => begins.test(line),
      (at) => itemEnd(lines, at),
    ),
})

export const zig = begun(/\.zig$/, /^\s*test\b\s*(?:"|\w|\{)/)
export const d = begun(/\.d$/, /^\s*(?:@\w+(?:\([^)]*\))?\s+)*unittest\b/)
export const c = begun(
  /\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx)$/,
  /^\s*(?:DOCTEST_)?(?:TEST_CASE\w*|TEST|TEST_F|TEST_P|TYPED_TEST|SCENARIO|BOOST_AUTO_TEST_CASE|TEST_CLASS)\s*\(/,
)
