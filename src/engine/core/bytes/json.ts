/** JSON of at most 32 levels; null for anything else. */
export function parseJson(text: string): unknown {
  if (levels(text) > 32) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * How deep brackets are nested outside of strings. Counted by hand, because a regular expression over a long string overflows
 * the stack.
 */
function levels(text: string): number {
  let [depth, deepest, quoted] = [0, 0, false]
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (quoted && char === BACKSLASH) at += 1
    else if (char === QUOTE) quoted = !quoted
    else if (!quoted && OPEN.has(char)) deepest = Math.max(deepest, ++depth)
    else if (!quoted && CLOSE.has(char)) depth -= 1
  }
  return deepest
}

const [QUOTE, BACKSLASH] = [34, 92]
const OPEN = new Set([91, 123])
const CLOSE = new Set([93, 125])
