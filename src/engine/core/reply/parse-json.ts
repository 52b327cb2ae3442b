import { parse as parseYaml } from 'yaml'

/** In characters. Longer texts that are not quite JSON are not read, because a YAML reader is slow. */
const MAX_LENIENT = 10_000

/** The value of a text in JSON, or in what models write for JSON; null if it is neither. */
export function parseJson(text: string): unknown {
  // Models often leave line ends in strings unescaped.
  const escaped = () =>
    text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, (s) => s.replaceAll('\n', '\\n').replaceAll('\t', '\\t'))
  return (
    attemptJson(() => JSON.parse(text)) ??
    attemptJson(() => JSON.parse(escaped())) ??
    perLine(text) ??
    lenient(escaped())
  )
}

/** Null instead of an error. */
export function attemptJson(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return null
  }
}

/** One JSON object on each line, as in event streams. */
function perLine(text: string): unknown {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.length > 1 && lines.every((line) => /^\s*\{.*\}\s*$/.test(line))
    ? attemptJson(() => lines.map((line) => JSON.parse(line)))
    : null
}

/** JSON with extra commas, with comments, or with Python's quotes: flow mappings of YAML allow these. */
function lenient(text: string): unknown {
  if (text.length > MAX_LENIENT) return null
  const plain = text.replace(/^\s*\/\/.*$/gm, '')
  return attemptJson(() =>
    parseYaml(plain, { maxAliasCount: 0, prettyErrors: false, logLevel: 'error', schema: 'json' }),
  )
}
