import { plainPath, unsafePath } from '../patch/index.ts'
import { ReplyRefusal } from './reply-outcome.ts'

/** Prefixes that tools put before both names of a pair; `a/` alone may also be a real directory. */
const PREFIX = /^(?:a|b|i|w|c|o|old|new|orig|original|modified|before|after)\//

export type PathLookup =
  | { readonly is: 'file'; readonly path: string }
  | { readonly is: 'several'; readonly paths: readonly string[] }
  | { readonly is: 'none' }

/** Throws for a path that must not be touched, whatever it would resolve to. */
export function safePath(written: string): string {
  const stripped = written.replace(PREFIX, '')
  const why = unsafePath(written) ?? (stripped === '' ? null : unsafePath(stripped))
  if (why !== null)
    throw new ReplyRefusal(
      'unsafe-path',
      `The path ${JSON.stringify(stripped || written)} ${why}; name a file inside the work tree.`,
      stripped || written,
    )
  return plainPath(written)
}

/**
 * Finds the file of the tree that a written path means. The end of a path counts only if it means exactly one file.
 * `prefixed`: the form of the header says that a/ and b/ are not directories.
 */
export function lookUpPath(written: string, known: ReadonlySet<string>, prefixed: boolean): PathLookup {
  const path = plainPath(written)
  const stripped = path.replace(PREFIX, '')
  for (const literal of prefixed ? [stripped, path] : [path, stripped]) {
    if (known.has(literal)) return { is: 'file', path: literal }
  }
  const ends = [...known].filter((file) => file.endsWith(`/${stripped}`) || file.endsWith(`/${path}`))
  if (ends.length === 1) return { is: 'file', path: ends[0] ?? '' }
  if (ends.length > 1) return { is: 'several', paths: ends }
  return tailOf(stripped, known)
}

/** Finds a file by leaving out leading directories, while two components stay: 'project/src/a.py' for src/a.py. */
function tailOf(path: string, known: ReadonlySet<string>): PathLookup {
  const parts = path.split('/')
  for (let from = 1; from <= parts.length - 2; from += 1) {
    const tail = parts.slice(from).join('/')
    if (known.has(tail)) return { is: 'file', path: tail }
  }
  return { is: 'none' }
}

/** The path of a file that does not exist yet. */
export function newPath(written: string, prefixed: boolean): string {
  const path = plainPath(written)
  return prefixed ? path.replace(PREFIX, '') : path
}
