import { markFrom, type RegionLanguage } from '../language.ts'

const END = /"""|'''/

/** Examples of doctest: from `>>>` to the next empty line or the end of the text, with what they are expected to print. */
export const python: RegionLanguage = {
  files: /\.(?:py|pyi|pyx)$/,
  runBy: /doctest/i,
  mark: (lines) =>
    markFrom(
      lines,
      (line) => /^\s*>>>(?: |$)/.test(line),
      (at) => {
        let last = at
        while (last + 1 < lines.length && (lines[last + 1] ?? '').trim() !== '' && !endsText(lines, at, last)) last++
        return END.test(lines[last] ?? '') && /^\s*(?:"""|''')/.test(lines[last] ?? '') ? last - 1 : last
      },
    ),
}

/** The text ends on this line, though not where it began. */
function endsText(lines: readonly string[], at: number, last: number): boolean {
  return last > at && END.test(lines[last] ?? '')
}
