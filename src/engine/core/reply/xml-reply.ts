import { refuseCutCall } from './cut-call.ts'
import { isKey, isShortKey } from './edit-keys.ts'
import { type JsonReplyContent, readObjects } from './json-reply.ts'
import { ReplyRefusal } from './reply-outcome.ts'

/**
 * An opening or closing tag. `<parameter name="search">` and `<parameter=search>`, as in tool calls, count as tags named
 * search.
 */
const TAG = /<(\/?)(?:antml:)?([a-z_][\w-]*)(?:=([\w-]{1,100}))?(\s[^<>]{0,400})?>/gi
const NAMED = /^(?:parameter|param|arg|field)$/
/** A tag may name the file of the edits in it. */
const PATH_OF = /\b(?:path|file|file_?path|file_?name)=["']([^"'<>]{1,400})["']/i
const MAX = 500_000

/** What a reply in tags asks for, in its order: each path, old text, new text or content; null if no tag has any of these. */
export function readXml(text: string): JsonReplyContent | null {
  if (text.length > MAX || !/<\/\w/.test(text)) return null
  const objects: Record<string, string>[] = []
  let open: Record<string, string> = {}
  for (const [key, body] of leaves(text)) {
    // A repeated key begins the next edit; a path applies until another path comes.
    if (key in open) {
      objects.push(open)
      open = keptPath(open)
    }
    open[key] = plain(body)
  }
  if (objects.length > 0 && Object.keys(open).every(isShortKey))
    throw new ReplyRefusal('truncated', 'The reply stops after the file name of another edit; send it whole.')
  objects.push(open)
  return readObjects(objects)
}

/**
 * Tags that name a part of an edit, with the text up to their closing tag; tags inside that text stay as text. Other tags are
 * only containers.
 */
function* leaves(text: string): Generator<[key: string, body: string]> {
  const tags = [...text.matchAll(TAG)]
  const ends = new Map<string, number[]>()
  for (const tag of tags) if (tag[1] === '/') pushTo(ends, nameOf(tag), tag.index)
  let from = 0
  const read = new Set<string>()
  for (const tag of tags) {
    const name = nameOf(tag)
    if (tag.index < from || tag[1] === '/') continue
    const key = keyOf(name, tag)
    const path = PATH_OF.exec(tag[4] ?? '')?.[1]
    if (path !== undefined && key === null) yield ['path', path]
    if (key === null) continue
    const after = tag.index + tag[0].length
    const waiting = ends.get(name) ?? []
    while ((waiting[0] ?? after) < after) waiting.shift()
    const end = waiting[0]
    if (end === undefined) {
      refuseOpen(key, name, read)
      continue
    }
    const body = text.slice(after, end)
    // <file> may be a path, or hold <path> and <content>.
    if (isShortKey(key) && body.includes('<')) continue
    yield [key, body]
    read.add(key)
    from = end
  }
  if (![...read].every(isShortKey)) refuseCutCall(text.slice(from).replace(/^<[^<>]*>/, ''))
}

/** Refuses a text of an edit without its closing tag, if parts of an edit were read before. */
function refuseOpen(key: string, name: string, read: ReadonlySet<string>): void {
  if (read.size > 0 && !isShortKey(key))
    throw new ReplyRefusal('truncated', `The reply stops before </${name}>; send it whole.`)
}

function keyOf(name: string, tag: RegExpMatchArray): string | null {
  const named = NAMED.test(name) ? (tag[3] ?? /\bname=["']([\w-]+)["']/.exec(tag[4] ?? '')?.[1]) : name
  const key = named?.toLowerCase() ?? ''
  return isKey(key) ? key : null
}

function pushTo(all: Map<string, number[]>, name: string, at: number): void {
  const list = all.get(name)
  if (list === undefined) all.set(name, [at])
  else list.push(at)
}

function nameOf(tag: RegExpMatchArray): string {
  return (tag[2] ?? '').toLowerCase()
}

function keptPath(object: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object).filter(([key]) => /^(?:target_)?(?:file_?)?(?:path|name|file)$/.test(key)),
  )
}

/** The text between the tags: without the line ends next to them, and without a CDATA section around it. */
function plain(body: string): string {
  return body
    .replace(/^\s*<!\[CDATA\[([\s\S]*)\]\]>\s*$/, '$1')
    .replace(/^[ \t]*\r?\n/, '')
    .replace(/\n[ \t]*$/, '\n')
}
