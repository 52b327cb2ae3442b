/** One <testcase> of a JUnit report as pytest writes it; `line` is 1-based. */
export interface JunitCase {
  readonly classname: string
  readonly name: string
  /** The name of the suite around it; '' if it has none. */
  readonly suite: string
  readonly file: string | null
  readonly line: number | null
  /** The first child element that shows how the test ended, with its attributes and text. */
  readonly ended: {
    readonly tag: string
    readonly type: string
    readonly message: string
    readonly text: string
  } | null
}

const LIMIT = 64 * 1024 * 1024
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function plain(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w{2,4}));/g, (all, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? all
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}

type XmlToken =
  | {
      readonly is: 'open'
      readonly tag: string
      readonly attributes: ReadonlyMap<string, string>
      readonly empty: boolean
    }
  | { readonly is: 'close'; readonly tag: string }
  | { readonly is: 'text'; readonly text: string }

/**
 * Elements, text and CDATA in their order; declarations, comments and instructions are left out. A null means that the text
 * is broken and ends it.
 */
function* tokens(xml: string): Generator<XmlToken | null> {
  let at = 0
  while (at < xml.length) {
    const next = xml.indexOf('<', at)
    const text = xml.slice(at, next === -1 ? xml.length : next)
    if (text !== '') yield { is: 'text', text: plain(text) }
    if (next === -1) return
    const [opening, closing] = xml.startsWith('<![CDATA[', next)
      ? ['<![CDATA[', ']]>']
      : xml.startsWith('<!--', next)
        ? ['<!--', '-->']
        : ['<', '>']
    const end = closing === '>' ? endOfTag(xml, next + 1) : xml.indexOf(closing, next + opening.length)
    if (end === -1) return yield null
    const body = xml.slice(next + opening.length, end)
    if (opening === '<![CDATA[') yield { is: 'text', text: body }
    else if (opening === '<' && body.startsWith('/')) yield { is: 'close', tag: body.slice(1).trim() }
    else if (opening === '<' && !/^[!?]/.test(body)) yield openTag(body)
    at = end + closing.length
  }
}

/** The index of the '>' that ends a tag; a '>' inside a quoted value does not end it. */
function endOfTag(xml: string, from: number): number {
  let quote = ''
  for (let at = from; at < xml.length; at++) {
    const char = xml.charAt(at)
    if (quote !== '') quote = char === quote ? '' : quote
    else if (char === '"' || char === "'") quote = char
    else if (char === '>') return at
  }
  return -1
}

function openTag(body: string): XmlToken {
  const tag = /^[\w.:-]+/.exec(body)?.[0] ?? ''
  const attributes = new Map<string, string>()
  for (const [, name, double, single] of body.slice(tag.length).matchAll(/([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    if (name !== undefined) attributes.set(name, plain(double ?? single ?? ''))
  return { is: 'open', tag, attributes, empty: body.endsWith('/') }
}

/**
 * The test cases of a JUnit report (the xunit1 and xunit2 families of pytest). Null if the text is not a report, is cut
 * short, or is over 64 MiB. Entities of a document type are never expanded; only the five predefined ones and character
 * references are.
 */
export function readJunit(xml: string): JunitCase[] | null {
  if (xml.length > LIMIT || !/<testsuites?[\s>]/.test(xml.slice(0, 4096))) return null
  const cases: { one: JunitCase; text: string }[] = []
  let depth = 0
  let suite = ''
  let within = false
  for (const token of tokens(xml)) {
    if (token === null) return null
    const last = cases.at(-1)
    if (token.is === 'text') {
      if (within && last) last.text += token.text
      continue
    }
    within = false
    if (token.is === 'close') {
      depth--
      continue
    }
    if (!token.empty) depth++
    if (token.tag === 'testsuite') suite = token.attributes.get('name') ?? ''
    if (token.tag === 'testcase') cases.push({ one: caseOf(token.attributes, suite), text: '' })
    else if (last && !last.one.ended && ENDINGS.has(token.tag)) {
      last.one = { ...last.one, ended: endingOf(token.tag, token.attributes) }
      within = !token.empty
    }
  }
  return depth === 0 ? cases.map(finished) : null
}

const ENDINGS: ReadonlySet<string> = new Set(['failure', 'error', 'skipped'])

function caseOf(attributes: ReadonlyMap<string, string>, suite: string): JunitCase {
  const line = Number(attributes.get('line') ?? Number.NaN)
  return {
    classname: attributes.get('classname') ?? '',
    name: attributes.get('name') ?? '',
    suite,
    file: attributes.get('file') ?? null,
    line: Number.isInteger(line) ? line + 1 : null,
    ended: null,
  }
}

function endingOf(tag: string, attributes: ReadonlyMap<string, string>): JunitCase['ended'] {
  return { tag, type: attributes.get('type') ?? '', message: attributes.get('message') ?? '', text: '' }
}

function finished({ one, text }: { one: JunitCase; text: string }): JunitCase {
  if (one.ended === null) return one
  const message = one.ended.message === '' ? text : one.ended.message
  return { ...one, ended: { ...one.ended, message, text } }
}
