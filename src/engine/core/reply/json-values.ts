/** Where a JSON object, or a list of objects or strings, may begin. */
const START = /\{\s*["'}]|\[\s*[{"[]/g

interface JsonValues {
  readonly values: readonly string[]
  readonly cut: string | null
  /** What stands after the last value. */
  readonly rest: string
}

/**
 * The objects and lists that stand in a text, one after the other, and the beginning of one that the text cuts off. Strings may
 * hold line ends, and may have the quotes of Python.
 */
export function jsonValues(text: string): JsonValues {
  const values: string[] = []
  let from = 0
  START.lastIndex = 0
  for (let start = START.exec(text); start !== null; start = START.exec(text)) {
    const end = endOfValue(text, start.index)
    if (end === null) return { values, cut: text.slice(start.index), rest: '' }
    values.push(text.slice(start.index, end))
    START.lastIndex = end
    from = end
  }
  return { values, cut: null, rest: text.slice(from) }
}

/** The index after the bracket that closes the value which starts here; null if there is none. */
function endOfValue(text: string, start: number): number | null {
  const tokens = /"(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\\n]|\\.)*'|[{}[\]]/g
  tokens.lastIndex = start
  let depth = 0
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    if (token[0] === '{' || token[0] === '[') depth += 1
    else if (token[0] === '}' || token[0] === ']') depth -= 1
    if (depth === 0) return token.index + 1
  }
  return null
}
