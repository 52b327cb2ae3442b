import * as path from 'node:path'
import type { Oid } from '../../model/oid.ts'
import type { RepositoryPaths } from '../../ports/repository.ts'
import type { CatFile, ObjectHeader } from '../cat-file.ts'
import type { ObjectReading } from '../git-context.ts'
import { nameOnDisk } from './names.ts'
import { objectFiles } from './object-files.ts'
import { refFiles } from './ref-files.ts'
import { usualRepository } from './usual-repository.ts'

/**
 * What can be read of a repository without git, because git would certainly answer the same. Starting git costs more than the few
 * refs and objects that a short command reads. Undefined or null, wherever that is not certain: git has to be asked.
 */
export interface FilesOnDisk {
  readonly place: RepositoryPaths
  find(name: string): ObjectHeader | null | undefined
  object(oid: Oid): { readonly type: string; readonly bytes: Buffer } | null
  refs(prefix: string): ReadonlyMap<string, Oid> | undefined
  dispose(): void
}

/** More refs than this are listed by git, which also looks whether their objects are there. */
const MOST_REFS = 50

/** Null for a repository that is not of the usual kind, or has no commit yet. */
export function filesOnDisk(cwd: string, env: Readonly<Record<string, string | undefined>>): FilesOnDisk | null {
  const place = usualRepository(cwd, env)
  if (place === null) return null
  const refs = refFiles(place)
  const objects = objectFiles(path.join(place.commonDir, 'objects'))
  const find = (name: string) => nameOnDisk(refs, objects, name)
  const files: FilesOnDisk = {
    place,
    find,
    object: (oid) => objects.read(oid),
    refs(prefix) {
      const found = refs.list(prefix)
      const isWhole = found !== undefined && found.size <= MOST_REFS
      return isWhole && [...found.values()].every((oid) => objects.read(oid) !== null) ? found : undefined
    },
    dispose: () => objects.dispose(),
  }
  if (find('HEAD^{commit}')) return files
  files.dispose()
  return null
}

/** Answers from the files, and from git where they do not say it. */
export function filesBeforeGit(files: FilesOnDisk, git: () => Promise<ObjectReading>): Omit<CatFile, 'dispose'> {
  return {
    async info(oid) {
      const found = files.object(oid)
      return found === null ? (await git()).cat.info(oid) : { oid, type: found.type, size: found.bytes.length }
    },
    async find(name) {
      const found = files.find(name)
      return found === undefined ? (await git()).names.find(name) : found
    },
    async read(oid, type, most) {
      const found = files.object(oid)
      const isWanted = found?.type === type && (most === undefined || found.bytes.length <= most)
      return isWanted ? found.bytes : (await git()).cat.read(oid, type, most)
    },
  }
}
