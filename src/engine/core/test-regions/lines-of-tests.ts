import type { RegionLanguage } from './language.ts'
import { c, d, zig } from './languages/braces.ts'
import { javascript } from './languages/javascript.ts'
import { elixir, haskell, julia } from './languages/prompts.ts'
import { python } from './languages/python.ts'
import { rust } from './languages/rust.ts'

const LANGUAGES: readonly RegionLanguage[] = [python, rust, javascript, zig, d, c, elixir, haskell, julia]

/** What has to be said somewhere for the tests inside of a file to run; null: nothing. */
export function testsRunBy(path: string): RegExp | null {
  return LANGUAGES.find(({ files }) => files.test(path))?.runBy ?? null
}

/** For each line of a product file whether it belongs to a test; null if its language has no tests inside of such files. */
export function testLines(path: string, lines: readonly string[]): readonly boolean[] | null {
  return LANGUAGES.find(({ files }) => files.test(path))?.mark(lines) ?? null
}
