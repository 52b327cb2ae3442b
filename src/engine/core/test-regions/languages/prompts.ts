import { markFrom, type RegionLanguage } from '../language.ts'

/** Examples in documentation that begin with the prompt of an interpreter and end with a line that has no text. */
const prompted = (files: RegExp, prompt: RegExp, noText: RegExp): RegionLanguage => ({
  files,
  runBy: /doctest|documenter/i,
  mark: (lines) =>
    markFrom(
      lines,
      (line) => prompt.test(line),
      (at) => {
        let last = at
        while (last + 1 < lines.length && !noText.test(lines[last + 1] ?? '')) last++
        return last
      },
    ),
})

export const elixir = prompted(/\.exs?$/, /^\s*iex(?:\(\d+\))?>/, /^\s*(?:"""|'''|$)/)
export const haskell = prompted(
  /\.l?hs$/,
  /^\s*(?:--\s*)?(?:>>>|prop>)/,
  /^\s*(?:--)?\s*(?:-\})?\s*$|^(?!\s*--).*(?:::|=)/,
)
export const julia = prompted(/\.jl$/, /^\s*julia>/, /^\s*(?:```|"""|$)/)
