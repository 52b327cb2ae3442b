import { join } from 'node:path'
import { PpError } from '../model/error.ts'

/** What the verifier needs of a file system: Node's, or any other that behaves the same. */
export interface Files {
  readonly promises: {
    readFile(path: string): Promise<Uint8Array>
    readdir(path: string): Promise<string[]>
    lstat(path: string): Promise<FileFacts>
    stat(path: string): Promise<FileFacts>
  }
}

interface FileFacts {
  isFile(): boolean
  isDirectory(): boolean
  readonly size: number
}

/** In bytes; a pack is read as a whole. */
export const PACK_LIMIT = 256 << 20
/** In bytes: loose objects, indexes of packs, lists of refs. */
const FILE_LIMIT = 64 << 20

/** Only reads, and refuses files that are too large to be held in memory. */
export interface LimitedReader {
  /** The bytes of a regular file; null if there is none. Throws UNSUPPORTED_REPOSITORY if it is too large. */
  file(...path: readonly string[]): Promise<Uint8Array | null>
  text(...path: readonly string[]): Promise<string | null>
  /** The names in a directory; [] if there is none. */
  names(...path: readonly string[]): Promise<readonly string[]>
  isDirectory(...path: readonly string[]): Promise<boolean>
}

export function limitedReader({ promises }: Files): LimitedReader {
  const read = async (...path: readonly string[]) => {
    const file = join(...path)
    const facts = await promises.stat(file).catch(absent)
    if (!facts?.isFile()) return null
    const limit = file.endsWith('.pack') ? PACK_LIMIT : FILE_LIMIT
    if (facts.size > limit)
      throw new PpError(
        'UNSUPPORTED_REPOSITORY',
        `${file} is larger than ${limit >> 20} MiB, which this library does not read; use git pp verify`,
      )
    return promises.readFile(file)
  }
  return {
    file: read,
    async text(...path) {
      const bytes = await read(...path)
      return bytes && Buffer.from(bytes).toString('utf8')
    },
    names: async (...path) => (await promises.readdir(join(...path)).catch(absent)) ?? [],
    isDirectory: async (...path) => (await promises.lstat(join(...path)).catch(absent))?.isDirectory() ?? false,
  }
}

/** A file system for isomorphic-git: with the same limits, and without writing. */
export function readOnly(files: Files, { file }: Pick<LimitedReader, 'file'>) {
  const refuse = async (): Promise<never> => {
    throw new PpError('INTERNAL', 'this library never writes')
  }
  const { stat, lstat, readdir } = files.promises
  const missing = (path: string) => Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' })
  return {
    promises: {
      readFile: async (path: string, how?: string | { readonly encoding?: string }) => {
        const bytes = await file(path)
        if (bytes === null) throw missing(path)
        const encoding = typeof how === 'string' ? how : how?.encoding
        return encoding === undefined ? bytes : new TextDecoder(encoding).decode(bytes)
      },
      readdir: (path: string) => readdir(path),
      stat: (path: string) => stat(path),
      lstat: (path: string) => lstat(path),
      readlink: refuse,
      writeFile: refuse,
      mkdir: refuse,
      rmdir: refuse,
      unlink: refuse,
      symlink: refuse,
    },
  }
}

function absent(cause: NodeJS.ErrnoException): null {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR' || cause.code === 'ELOOP') return null
  throw new PpError('DISK_FAILED', `the disk or the system refused to work: ${cause.message}`, { cause })
}
