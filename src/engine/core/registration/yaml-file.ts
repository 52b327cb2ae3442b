import { isMap, isScalar, LineCounter, type Pair, parseAllDocuments, type YAMLMap } from 'yaml'
import type {
  RegistrationEdit,
  RegistrationRefusal,
  RegistrationState,
  YamlRegistration,
} from '../../model/agent-registration.ts'
import { lineEndOf } from './json-layout.ts'

type KeyValue = YamlRegistration['pairs'][number]
type Keys = ReadonlyMap<string, { readonly value: unknown; readonly line: number }>

const lineOf = ([key, value]: KeyValue) => `${key}: ${JSON.stringify(value)}`
const newFile = ({ header, pairs }: YamlRegistration) => [header, ...pairs.map(lineOf), ''].join('\n')

/** The file with our keys at its end, but for those that are there with our value. `text` null: there is no file yet. */
export function addToYaml(content: YamlRegistration, text: string | null): RegistrationEdit {
  if (text === null) return { ok: true, text: newFile(content) }
  const read = readKeys(text)
  if (!read.ok) return read
  for (const [key, value] of content.pairs) {
    const there = read.keys.get(key)
    if (there !== undefined && there.value !== value)
      return { ok: false, line: there.line, reason: `${key} is set to something else; remove that line first` }
  }
  const missing = content.pairs.filter(([key]) => !read.keys.has(key)).map(lineOf)
  if (missing.length === 0) return { ok: true, text }
  const lineEnd = lineEndOf(text)
  const added = missing.join(lineEnd)
  // Without a line end at the end of the file there is none afterwards either, so that removing ours leaves none.
  return { ok: true, text: text === '' || text.endsWith('\n') ? text + added + lineEnd : text + lineEnd + added }
}

/** The file without our lines. Those after the first are ours only where they follow it. */
export function removeFromYaml(content: YamlRegistration, text: string | null): RegistrationEdit {
  if (text === null || text === newFile(content)) return { ok: true, text: null }
  const lines = content.pairs.map(lineOf)
  for (let count = lines.length; count > 0; count--) {
    const ours = lines.slice(0, count).join(lineEndOf(text))
    const at = `\n${text}`.indexOf(`\n${ours}`)
    if (at === -1 || !/^\r?(\n|$)/.test(text.slice(at + ours.length))) continue
    const [before, after] = [text.slice(0, at), text.slice(at + ours.length)]
    return { ok: true, text: after === '' ? before.replace(/\r?\n$/, '') : before + after.replace(/^\r?\n/, '') }
  }
  return { ok: true, text }
}

export function stateInYaml(content: YamlRegistration, text: string | null): RegistrationState | RegistrationRefusal {
  if (text === null) return 'not registered'
  const read = readKeys(text)
  if (!read.ok) return read
  const [first, ...others] = content.pairs
  if (first === undefined || !read.keys.has(first[0])) return 'not registered'
  const same = ([key, value]: KeyValue) => read.keys.get(key)?.value === value
  if (!same(first)) return 'edited'
  return others.every(same) ? 'registered' : 'partly registered'
}

/** The keys of a file to whose end others can be added. */
function readKeys(text: string): { readonly ok: true; readonly keys: Keys } | RegistrationRefusal {
  const counter = new LineCounter()
  const documents = parseAllDocuments(text.replace(/^\ufeff/, ''), { lineCounter: counter, prettyErrors: false })
  const lineAt = (offset: number) => Math.max(counter.linePos(offset).line, 1)
  const refused = (offset: number, reason: string): RegistrationRefusal => ({ ok: false, line: lineAt(offset), reason })
  const [document, second] = Array.isArray(documents) ? documents : []
  if (document === undefined) return { ok: true, keys: new Map() }
  const [error] = document.errors
  if (error !== undefined) return refused(error.pos[0], `this is not valid YAML (${error.message})`)
  if (second !== undefined || /^\.\.\./m.test(text))
    return refused(second?.range[0] ?? 0, 'a file with more than one document cannot be edited')
  const { contents } = document
  if (contents === null || (isScalar(contents) && contents.value === null)) return { ok: true, keys: new Map() }
  const start = contents.range?.[0] ?? 0
  if (!isMap(contents) || contents.flow === true || counter.linePos(start).col > 1)
    return refused(start, 'only a file whose keys begin their lines can be edited')
  return { ok: true, keys: keysOf(contents as YAMLMap, lineAt) }
}

function keysOf(map: YAMLMap, lineAt: (offset: number) => number): Keys {
  const place = ({ key }: Pair) => (isScalar(key) ? (key.range?.[0] ?? 0) : 0)
  const value = ({ value: one }: Pair) => (isScalar(one) ? one.value : one)
  return new Map(map.items.map((pair) => [String(pair.key), { value: value(pair), line: lineAt(place(pair)) }]))
}
