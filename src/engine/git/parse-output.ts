import { isUtf8 } from 'node:buffer'
import { pathBytes, pathOf } from '../core/gitobject/index.ts'
import { type Change, FileMode, type TreeEntry } from '../model/change.ts'
import { PpError } from '../model/error.ts'

/** Paths as git reads them with `-z`: the bytes of each, then a NUL. */
export function nulEnded(paths: readonly string[]): Buffer {
  const all = paths.map((path) => `${path}\0`).join('')
  if (!/\p{Surrogate}/u.test(all)) return Buffer.from(all)
  return Buffer.concat(paths.flatMap((path) => [pathBytes(path), Buffer.from([0])]))
}

/** The NUL-terminated records of a `-z` output, decoded with `pathOf`. */
export function nulRecords(output: Uint8Array): string[] {
  if (isUtf8(output)) {
    const all = Buffer.from(output.buffer, output.byteOffset, output.length).toString('utf8').split('\0')
    if (all.at(-1) === '') all.pop()
    return all
  }
  const found: string[] = []
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0, at)
    const stop = end === -1 ? output.length : end
    found.push(pathOf(output.subarray(at, stop)))
    at = stop + 1
  }
  return found
}

/**
 * `git ls-tree -r -l -z`: the total size of all blobs in bytes; a blob counts once for each path. A submodule has no size. Each
 * record is `<mode> <type> <oid> <size>\t<path>\0`, with blanks before the size.
 */
export function sizeOfTree(output: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < output.length; ) {
    const tab = output.indexOf(9, at)
    const size = tab === -1 ? '' : Buffer.from(output.buffer, output.byteOffset + at, tab - at).toString('latin1')
    sum += Number(/ (\d+)$/.exec(size)?.[1] ?? 0)
    const end = output.indexOf(0, tab === -1 ? at : tab)
    at = end === -1 ? output.length : end + 1
  }
  return sum
}

/** `git ls-tree -r -z`, also with `-l`: `<mode> <type> <oid>\t<path>\0` */
export function parseTree(output: Uint8Array): TreeEntry[] {
  return nulRecords(output).map((record) => {
    const tab = record.indexOf('\t')
    const [mode = '', , oid = ''] = record.slice(0, tab).split(' ')
    return { path: record.slice(tab + 1), mode: modeOf(mode), oid }
  })
}

/** `git diff-tree -r --raw -z --no-renames`: `:<mode> <mode> <oid> <oid> <letter>\0<path>\0` */
export function parseRaw(output: Uint8Array): Change[] {
  const all = nulRecords(output)
  const changes: Change[] = []
  for (let at = 0; at + 1 < all.length; at += 2) {
    const [from = '', to = '', fromOid = '', toOid = ''] = (all[at] ?? '').slice(1).split(' ')
    changes.push({ path: all[at + 1] ?? '', before: side(from, fromOid), after: side(to, toOid) })
  }
  return changes
}

function side(mode: string, oid: string): Change['before'] {
  return mode === '000000' ? null : { mode: modeOf(mode), oid }
}

/** A mode as git prints it. Throws GIT_FAILED if it is not a mode. */
export function modeOf(text: string): FileMode {
  const mode = FileMode.options.find((known) => known === text)
  if (mode === undefined) throw new PpError('GIT_FAILED', `git printed an unknown file mode: ${JSON.stringify(text)}`)
  return mode
}

/** null in its place: there is none. */
interface StatusEntry {
  readonly mode: string
  readonly oid: string
}

/** One row of `git status --porcelain=v2 -z --no-renames`. `head` is the entry in HEAD. */
export type StatusRow =
  | {
      readonly is: 'tracked'
      readonly path: string
      /** How the work tree differs from the index: '.', M, T, D, A (intent to add). */
      readonly worktree: string
      readonly submodule: boolean
      readonly head: StatusEntry | null
      /** The entry in the index. */
      readonly index: StatusEntry | null
    }
  | { readonly is: 'unmerged'; readonly path: string }
  | { readonly is: 'untracked'; readonly path: string }

export function parseStatus(output: Uint8Array): StatusRow[] {
  return nulRecords(output).flatMap((record): StatusRow[] => {
    if (record.startsWith('? ')) return [{ is: 'untracked', path: record.slice(2) }]
    // u <XY> <sub> <m1> <m2> <m3> <mW> <h1> <h2> <h3> <path>
    if (record.startsWith('u ')) return [{ is: 'unmerged', path: record.split(' ').slice(10).join(' ') }]
    if (!record.startsWith('1 ')) return []
    // 1 <XY> <sub> <mH> <mI> <mW> <hH> <hI> <path>
    const [, xy = '', sub = '', headMode = '', indexMode = '', , headOid = '', indexOid = '', ...path] =
      record.split(' ')
    return [
      {
        is: 'tracked',
        path: path.join(' '),
        worktree: xy[1] ?? '.',
        submodule: sub.startsWith('S'),
        head: statusEntry(headMode, headOid),
        index: statusEntry(indexMode, indexOid),
      },
    ]
  })
}

function statusEntry(mode: string, oid: string): StatusEntry | null {
  return mode === '000000' ? null : { mode, oid }
}
