import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import type { Oid } from '../model/oid.ts'
import type { RepositoryPaths } from '../ports/repository.ts'
import type { CatFile } from './cat-file.ts'
import { type GitConfig, lastValueOf } from './config.ts'
import { looseObjects } from './loose-objects.ts'
import type { GitProgram } from './run-git.ts'

export type StoredType = 'blob' | 'tree' | 'commit'

/** Writes objects into the repository. */
export interface ObjectWriter {
  /** Stores these objects and returns their ids; one that the repository has already is not written again. */
  write(type: StoredType, contents: readonly Uint8Array[]): Promise<readonly Oid[]>
}

/** What objects are written with. `temp`: a new path in our private directory. */
export interface ObjectWriterTools {
  readonly place: RepositoryPaths
  readonly config: GitConfig
  readonly plain: GitProgram
  readonly cat: CatFile
  temp(name: string): string
}

/** Files of this size and more are left to git, which needs less memory for them. */
const LARGE = 32 * 1024 * 1024

/**
 * Loose objects are written here, because a git process for each of them would cost more than everything else. Git writes
 * them where a repository has other rules than the usual ones: another hash, a second hash, or files that a group may write.
 */
export function objectWriter(tools: ObjectWriterTools): ObjectWriter {
  const byGit = objectsByGit(tools)
  if (!isUsual(tools)) return byGit
  const loose = looseObjects(path.join(tools.place.commonDir, 'objects'), tools.cat, isSynced(tools.config))
  return {
    async write(type, contents) {
      const large = contents.filter(({ length }) => length >= LARGE)
      if (large.length > 0) return byGit.write(type, contents)
      return Promise.all(contents.map((bytes) => loose.write(type, bytes)))
    },
  }
}

function isUsual({ place, config }: ObjectWriterTools): boolean {
  const shared = lastValueOf(config, 'core.sharedrepository') ?? 'umask'
  const second = lastValueOf(config, 'extensions.compatobjectformat')
  return place.objectFormat === 'sha1' && second === null && /^(?:umask|false|no|off|0)$/i.test(shared)
}

/** Whether loose objects must reach the disk before their ref does; see core.fsync in git-config(1). */
function isSynced(config: GitConfig): boolean {
  if (/^(?:true|yes|on|1)$/i.test(lastValueOf(config, 'core.fsyncobjectfiles') ?? '')) return true
  const words = (lastValueOf(config, 'core.fsync') ?? 'default').split(',').map((word) => word.trim())
  const counts = (word: string) => /^(?:loose-object|objects|committed|added|all)$/.test(word.replace(/^-/, ''))
  const last = words.findLast((word) => counts(word) || word === 'none' || word === 'default')
  return last !== undefined && counts(last) && !last.startsWith('-')
}

/** Objects of one type are written by one process, which reads them from files. */
function objectsByGit({ plain, temp }: ObjectWriterTools): ObjectWriter {
  return {
    async write(type, contents) {
      if (contents.length === 0) return []
      const dir = temp('objects')
      await fs.mkdir(dir, { mode: 0o700 })
      try {
        await Promise.all(contents.map((bytes, at) => fs.writeFile(path.join(dir, String(at)), bytes)))
        const input = contents.map((_, at) => `${at}\n`).join('')
        const args = ['hash-object', '-w', '-t', type, '--no-filters', '--stdin-paths']
        return (await plain.text(args, { cwd: dir, input })).split('\n')
      } finally {
        await fs.rm(dir, { recursive: true, force: true })
      }
    },
  }
}
