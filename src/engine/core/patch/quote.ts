const ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
}
const UNESCAPES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ESCAPES).map(([raw, escaped]) => [escaped.slice(1), raw]),
)

/**
 * A path (byte string) as git prints it in a header: quoted in C style if it contains unusual bytes (git's quote.c,
 * core.quotePath=true).
 */
export function quotePath(path: string): string {
  if (/^[ !#-[\]-~]*$/.test(path)) return path
  const inner = path.replace(/[^ !#-[\]-~]/g, (byte) => ESCAPES[byte] ?? `\\${octal(byte)}`)
  return `"${inner}"`
}

function octal(byte: string): string {
  return byte.charCodeAt(0).toString(8).padStart(3, '0')
}

/** The inverse of `quotePath` for a text in double quotes; null if the quoting is not valid. */
export function unquotePath(quoted: string): string | null {
  const match = /^"((?:[^"\\]|\\.)*)"$/s.exec(quoted)
  if (match === null) return null
  let bad = false
  const raw = (match[1] ?? '').replace(/\\([0-7]{3}|.)/gs, (_, code: string) => {
    if (/^[0-3][0-7]{2}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8))
    const known = UNESCAPES[code]
    if (known === undefined) bad = true
    return known ?? ''
  })
  return bad ? null : raw
}

/** The one path after `diff --git `, as git prints a change without renames: `a/P b/P`, quoted or not; null for anything else. */
export function samePath(names: string): string | null {
  if (names.startsWith('"')) {
    const quoted = /^("(?:[^"\\]|\\.)*") ("(?:[^"\\]|\\.)*")$/s.exec(names)
    const [old, young] = [unquotePath(quoted?.[1] ?? ''), unquotePath(quoted?.[2] ?? '')]
    return old?.startsWith('a/') === true && young === `b/${old.slice(2)}` ? old.slice(2) : null
  }
  const path = names.slice(2, 2 + (names.length - 5) / 2)
  return path !== '' && names === `a/${path} b/${path}` ? path : null
}
