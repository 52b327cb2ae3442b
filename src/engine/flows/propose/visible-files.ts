import { PpError } from '../../model/error.ts'
import type { Session } from '../session/index.ts'

/**
 * The files of the base that a proposer may see. Only their names are kept, because the contents of a large repository would
 * not fit into memory; each file is read when it is asked for.
 */
export interface VisibleFiles {
  /** In the order of the tree. */
  readonly paths: readonly string[]
  has(path: string): boolean
  /** Null: it may not be seen, or it is larger than `FILE_LIMIT`. */
  bytes(path: string): Promise<Uint8Array | null>
  /** The text without secrets; also null for a binary file. */
  text(path: string): Promise<string | null>
}

/** In bytes. Larger files are data. */
const FILE_LIMIT = 512 * 1024

/** `hidden`: paths that no proposer may see. Judges may be seen; changing them is refused later. */
export async function visibleFiles(
  session: Pick<Session, 'base' | 'objects' | 'redactor'>,
  hidden: (path: string) => boolean,
): Promise<VisibleFiles> {
  const files = new Map<string, string>()
  for (const { path, mode, oid } of await session.objects.list(session.base.tree))
    if (mode.startsWith('100') && !hidden(path)) files.set(path, oid)
  const bytes = async (path: string) => {
    const oid = files.get(path)
    return oid === undefined ? null : session.objects.read(oid, FILE_LIMIT).catch(nullIfTooLarge)
  }
  return {
    paths: [...files.keys()],
    has: (path) => files.has(path),
    bytes,
    async text(path) {
      const content = await bytes(path)
      if (content === null || content.includes(0)) return null
      return new TextDecoder().decode(session.redactor.redact(content).bytes)
    },
  }
}

function nullIfTooLarge(error: unknown): null {
  if (error instanceof PpError && error.code === 'TREE_TOO_LARGE') return null
  throw error
}
