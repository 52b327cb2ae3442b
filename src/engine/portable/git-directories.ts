import { isAbsolute, join, resolve } from 'node:path'
import { getConfig } from 'isomorphic-git'
import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import { type Files, type LimitedReader, readOnly } from './limited-reader.ts'

/** A git directory that this room can read. */
export interface GitDirectories {
  /** The directory of the work tree: HEAD, PP_HEAD. */
  readonly gitDir: string
  /** The directory of the whole repository: objects and refs; a different one in linked work trees. */
  readonly commonDir: string
  /** Commits whose parents a shallow clone left out. */
  readonly shallow: ReadonlySet<Oid>
}

/** Throws NOT_A_REPOSITORY, and UNSUPPORTED_REPOSITORY if objects or refs are stored in a form that is not read here. */
export async function openGitDirectories(
  files: Files,
  disk: LimitedReader,
  where: { dir: string; gitdir?: string },
): Promise<GitDirectories> {
  const gitDir = where.gitdir === undefined ? await gitDirOf(disk, resolve(where.dir)) : resolve(where.gitdir)
  const common = (await disk.text(gitDir, 'commondir'))?.trim()
  const commonDir = common === undefined ? gitDir : resolve(gitDir, common)
  if ((await disk.text(gitDir, 'HEAD')) === null || !(await disk.isDirectory(commonDir, 'objects')))
    throw new PpError('NOT_A_REPOSITORY', `${gitDir} is not a git directory`)
  await assertPlain(files, disk, commonDir)
  const shallow = (await disk.text(commonDir, 'shallow')) ?? ''
  return { gitDir, commonDir, shallow: new Set(shallow.split('\n').filter(Boolean)) }
}

/**
 * For a work tree its `.git` (in linked work trees and submodules a file that names the directory); else the directory
 * itself.
 */
async function gitDirOf(disk: LimitedReader, dir: string): Promise<string> {
  if (await disk.isDirectory(dir, '.git')) return join(dir, '.git')
  const pointer = /^gitdir: (.+)$/m.exec((await disk.text(dir, '.git')) ?? '')?.[1]
  if (pointer === undefined) return dir
  return isAbsolute(pointer) ? pointer : resolve(dir, pointer)
}

async function assertPlain(files: Files, disk: LimitedReader, gitdir: string): Promise<void> {
  const fs = readOnly(files, disk)
  const set = async (path: string) => String((await getConfig({ fs, gitdir, path })) ?? '').toLowerCase()
  const packs = await disk.names(gitdir, 'objects', 'pack')
  const format = await set('extensions.objectformat')
  const refs = await set('extensions.refstorage')
  const odd = [
    format !== '' && format !== 'sha1' && `object ids in the format ${format}`,
    ((refs !== '' && refs !== 'files') || (await disk.isDirectory(gitdir, 'reftable'))) &&
      'refs that are not stored as files',
    (await disk.text(gitdir, 'objects', 'info', 'alternates'))?.trim() && 'objects of another repository (alternates)',
    ((await set('extensions.partialclone')) !== '' || packs.some((name) => name.endsWith('.promisor'))) &&
      'a partial clone',
    Number(await set('core.repositoryformatversion')) > 1 && 'a newer format of repository',
  ].find((what) => typeof what === 'string' && what !== '')
  if (odd)
    throw new PpError(
      'UNSUPPORTED_REPOSITORY',
      `${gitdir} has ${odd}, which this library cannot read; use git pp verify`,
    )
}
