import type { Oid } from '../../model/oid.ts'
import type { ObjectHeader } from '../cat-file.ts'
import type { ObjectFiles } from './object-files.ts'
import type { RefFiles } from './ref-files.ts'

/** Names whose meaning follows from refs alone: no abbreviated id, no date, no path, no description of a commit. */
const NAME = /^([0-9a-f]{40}|HEAD|PP_HEAD|refs\/[A-Za-z0-9._/-]+?)(?:\^\{(commit|tree)\})?$/
const DESCRIBES = /-g[0-9a-f]+$/
/** Where git looks for a name, in this order: git-rev-parse(1), SPECIFYING REVISIONS. */
const PLACES = ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/']

/** The object that a name means, as `cat-file` tells it; null: there is none; undefined: git has to be asked. */
export function nameOnDisk(refs: RefFiles, objects: ObjectFiles, name: string): ObjectHeader | null | undefined {
  const [, word = '', kind] = NAME.exec(name) ?? []
  if (word === '' || DESCRIBES.test(word)) return undefined
  const oid = /^[0-9a-f]{40}$/.test(word) ? word : refNamed(refs, word)
  if (oid === undefined || oid === null) return oid
  return peeled(objects, oid, kind)
}

function refNamed(refs: RefFiles, word: string): Oid | null | undefined {
  for (const name of [...PLACES.map((place) => place + word), `refs/remotes/${word}/HEAD`]) {
    const oid = refs.read(name)
    if (oid !== null) return oid
  }
  return null
}

/** Undefined also for what git would have to say itself: a missing object, or one of another type. */
function peeled(objects: ObjectFiles, oid: Oid, kind: string | undefined): ObjectHeader | undefined {
  const found = objects.read(oid)
  if (found === null) return undefined
  const { type, bytes } = found
  if (kind === undefined || kind === type) return { oid, type, size: bytes.length }
  const tree =
    kind === 'tree' && type === 'commit' ? /^tree ([0-9a-f]{40})\n/.exec(bytes.toString('latin1', 0, 46)) : null
  return tree?.[1] === undefined ? undefined : peeled(objects, tree[1], kind)
}
