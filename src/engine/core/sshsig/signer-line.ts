import { absoluteTime } from './absolute-time.ts'
import { keyAtStart } from './key-line.ts'

/** One line of a file of allowed signers that ssh-keygen(1) would use. */
export interface AllowedSigner extends SignerOptions {
  /** A list of patterns, as ssh-keygen reads it. */
  readonly principals: string
  /** The key in wire form. */
  readonly key: Uint8Array
}

interface SignerOptions {
  readonly authority: boolean
  readonly namespaces: string | null
  readonly after: Date | null
  readonly before: Date | null
}

const NO_OPTIONS: SignerOptions = { authority: false, namespaces: null, after: null, before: null }

/** Null for a comment and for a line that ssh-keygen does not read; such a line is ignored. */
export function signerLine(whole: string): AllowedSigner | null {
  // In a C program, a line ends at the first NUL.
  const [line = ''] = whole.split('\0')
  // One quoted part with the text before it, or a word.
  const [, before = '', quoted, rest = ''] =
    /^[ \t]*(?!#)([^ \t\r\n"]*)(?:"([^"]*)"|(?=[ \t\r\n]))[ \t\r\n]*(.*)$/s.exec(line) ?? []
  const principals = before + (quoted ?? '')
  if (principals === '') return null
  const bare = keyAtStart(rest)
  if (bare) return { principals, ...NO_OPTIONS, key: bare }
  const [, written = '', behind = ''] = /^((?:\\"|"(?:\\"|[^"])*"|[^ \t"])+)[ \t]+(.*)$/s.exec(rest) ?? []
  const [key, options] = [keyAtStart(behind), optionsOf(written)]
  return key && options ? { principals, ...options, key } : null
}

const OPTION = /^(?:cert-authority|(namespaces|valid-after|valid-before)="((?:\\"|[^"])*)")/i

/** The options of a line; null if one is unknown, misspelt or repeated, or if a comma is at the end. */
function optionsOf(text: string): SignerOptions | null {
  const found = new Map<string, string>()
  let authority = false
  for (let rest = text; rest !== ''; ) {
    const [whole = '', name, value = ''] = OPTION.exec(rest) ?? []
    const key = name?.toLowerCase()
    if (key !== undefined && found.has(key)) return null
    if (key !== undefined) found.set(key, value.replaceAll('\\"', '"'))
    else authority ||= whole !== ''
    rest = rest.slice(whole.length)
    if (rest === '') break
    if (!rest.startsWith(',') || rest === ',') return null
    rest = rest.slice(1)
  }
  const time = (key: string) => (found.has(key) ? absoluteTime(found.get(key) ?? '') : undefined)
  const [after, before] = [time('valid-after'), time('valid-before')]
  if (after === null || before === null || (after && before && before <= after)) return null
  return { authority, namespaces: found.get('namespaces') ?? null, after: after ?? null, before: before ?? null }
}
