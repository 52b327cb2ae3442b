import type { Oid } from '../model/oid.ts'
import type { Refs } from '../ports/repository.ts'
import type { GitDirectories } from './git-directories.ts'
import type { LimitedReader } from './limited-reader.ts'

/**
 * Refs in files: loose ones have priority over packed ones. Refs of a linked work tree are found only by the names that they
 * have in its own directory.
 */
export interface PortableRefs extends Pick<Refs, 'list'> {
  /** The object that a full name (`HEAD`, `refs/…`) points to; null if the name is not valid or points to nothing. */
  read(name: string): Promise<Oid | null>
}

const OID = /^[0-9a-f]{40}$/
/** The limit for symbolic refs that lead to symbolic refs. */
const HOPS = 5
const DEEPEST = 32
const OF_THE_WORK_TREE = /^(?:[A-Z][A-Z_]*|refs\/(?:bisect|worktree|rewritten)\/.+)$/

export function refs(disk: LimitedReader, { gitDir, commonDir }: GitDirectories): PortableRefs {
  const packed = async (): Promise<ReadonlyMap<string, Oid>> =>
    packedRefs((await disk.text(commonDir, 'packed-refs')) ?? '')
  const read = async (name: string, hops = 0): Promise<Oid | null> => {
    if (hops > HOPS || !isName(name)) return null
    const text = await disk.text(OF_THE_WORK_TREE.test(name) ? gitDir : commonDir, name)
    const target = /^ref:\s*(\S+)\s*$/.exec(text ?? '')?.[1]
    if (target !== undefined) return read(target, hops + 1)
    const oid = text?.trim() ?? (await packed()).get(name)
    return oid !== undefined && OID.test(oid) ? oid : null
  }
  const loose = async (under: string, depth: number): Promise<string[]> => {
    if (depth > DEEPEST) return []
    const found: string[] = []
    for (const entry of await disk.names(commonDir, under)) {
      const name = `${under}/${entry}`
      if (await disk.isDirectory(commonDir, name)) found.push(...(await loose(name, depth + 1)))
      else if (!name.endsWith('.lock')) found.push(name)
    }
    return found
  }
  return {
    read,
    async list(prefix) {
      const under = prefix.replace(/\/+$/, '')
      const names = new Set([...(await loose(under, 0)), ...(await packed()).keys(), under])
      const wanted = [...names].filter((name) => name === prefix || name.startsWith(`${under}/`)).sort()
      const known = await Promise.all(wanted.map(async (name) => [name, await read(name)] as const))
      return new Map(known.flatMap(([name, oid]) => (oid === null ? [] : [[name, oid] as const])))
    },
  }
}

/** `<id> <name>` lines; a line that begins with ^ is the target of the annotated tag before it. */
function packedRefs(text: string): ReadonlyMap<string, Oid> {
  const rows = text.split('\n').map((line) => /^([0-9a-f]{40}) (refs\/\S+)$/.exec(line))
  return new Map(rows.flatMap((row) => (row ? [[row[2] ?? '', row[1] ?? ''] as const] : [])))
}

/** Whether a name is valid and cannot lead out of the git directory (git-check-ref-format(1)). */
function isName(name: string): boolean {
  const parts = name.split('/')
  const odd = parts.some((part) => part === '' || part.startsWith('.') || part.endsWith('.lock'))
  return (
    !odd &&
    !/\.\.|[\0-\x20\x7f~^:?*[\\]|@\{/.test(name) &&
    (parts[0] === 'refs' ? parts.length > 1 : /^[A-Z_]+$/.test(name))
  )
}
