/** Comments, texts and characters of languages with braces; brackets in them do not count. A lifetime such as 'a is no text. */
const OPAQUE =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|r(#*)"[\s\S]*?"\1|"(?:\\[\s\S]|[^"\\])*"|`(?:\\[\s\S]|[^`\\])*`|'(?:\\(?:u\{[^}]*\}|x[\da-fA-F]{2}|[\s\S])|[^'\\\n])'/g

/**
 * The line on which the item ends that begins on line `at`: the one with the bracket that closes its body, or with the
 * semicolon if it has none. The last line if it never ends.
 */
export function itemEnd(lines: readonly string[], at: number): number {
  const text = lines.slice(at).join('\n')
  const plain = text.replace(OPAQUE, (hidden) => hidden.replace(/[^\n]/g, ' '))
  let depth = 0
  let line = at
  for (const sign of plain) {
    if (sign === '\n') line++
    else if ('([{'.includes(sign)) depth++
    else if (')]}'.includes(sign)) {
      depth--
      if (depth <= 0 && sign === '}') return line
    } else if (sign === ';' && depth === 0) return line
  }
  return lines.length - 1
}
