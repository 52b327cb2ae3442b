import { type JsonFinds, readObjects } from './json-reply.ts'

/** An opening or closing tag; `<parameter name="search">`, as tool calls have it, is a tag named search. */
const TAG = /<(\/?)(?:antml:)?([a-z_][\w-]*)(\s[^<>]{0,400})?>/gi
const NAMED = /^(?:parameter|param|arg|field)$/
/** Tags that only hold others. */
const HOLDER =
  /^(?:edits?|changes?|files?|patch(?:es)?|function_calls|invoke|tool_calls?|tool|answer|response|result|output|solution|fix|block|modifications?)$/
const MAX = 500_000

/** What a reply in tags asks for: each path, old text, new text or content in its order; null where no tag has any of them. */
export function readXml(text: string): JsonFinds | null {
  if (text.length > MAX || !/<\/\w/.test(text)) return null
  const objects: Record<string, string>[] = []
  let open: Record<string, string> = {}
  for (const [key, body] of leaves(text)) {
    // A key that comes again begins the next edit; the path holds on until another one comes.
    if (key in open) {
      objects.push(open)
      open = keptPath(open)
    }
    open[key] = plain(body)
  }
  objects.push(open)
  return readObjects(objects)
}

/** Tags that hold text, with what stands up to their closing tag; tags inside are text. */
function* leaves(text: string): Generator<[key: string, body: string]> {
  const tags = [...text.matchAll(TAG)]
  const ends = new Map<string, number[]>()
  for (const tag of tags) if (tag[1] === '/') pushTo(ends, nameOf(tag), tag.index)
  let from = 0
  for (const tag of tags) {
    const name = nameOf(tag)
    if (tag.index < from || tag[1] === '/' || HOLDER.test(name)) continue
    const after = tag.index + tag[0].length
    const waiting = ends.get(name) ?? []
    while ((waiting[0] ?? after) < after) waiting.shift()
    const end = waiting[0]
    if (end === undefined) continue
    const key = NAMED.test(name) ? /\bname=["']([\w-]+)["']/.exec(tag[3] ?? '')?.[1] : name
    if (key !== undefined) yield [key.toLowerCase(), text.slice(after, end)]
    from = end
  }
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
