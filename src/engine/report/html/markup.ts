import { escapeText } from '../escape.ts'

/** Text that is markup already; all other text is escaped when it is inserted. */
export interface Markup {
  readonly markup: string
}

type MarkupPart = string | number | null | Markup | readonly Markup[]

/**
 * A piece of a page. Inserted values are text, whoever wrote them: no tag, attribute, control character or bidi mark gets
 * through.
 */
export function html(texts: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  return { markup: texts.map((text, at) => text + put(parts[at] ?? null)).join('') }
}

function put(part: MarkupPart): string {
  if (part === null) return ''
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escaped(part)
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('')
}

/** For text and for attribute values in double quotes (https://html.spec.whatwg.org/#escapingString). */
function escaped(text: string): string {
  const named: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return escapeText(text).replace(/[&<>"']/g, (char) => named[char] ?? '')
}
