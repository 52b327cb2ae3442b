import { patchId } from '../core/gitpatch/index.ts'
import type { CommitHistory, Notes, Objects, Patches, Refs } from '../ports/repository.ts'
import { commitReader } from './commit-reader.ts'
import type { GitConfig } from './config.ts'
import type { RepositoryHost } from './discover.ts'
import { noteReader } from './note-reader.ts'
import { type FilesOnDisk, filesBeforeGit, filesOnDisk } from './on-disk/files-on-disk.ts'
import { hasPlainId } from './plain-patch-id.ts'
import { rehashedObjects } from './rehashed-objects.ts'
import type { Repository } from './repository.ts'

/** A repository that is only read; a `Repository` is one, too. */
export interface RepositoryReader extends Pick<Repository, 'place' | 'rehashed' | 'config' | 'dispose'> {
  readonly history: Pick<CommitHistory, 'resolve' | 'commit' | 'mergeBase' | 'range'>
  readonly notes: Pick<Notes, 'read' | 'list' | 'each'>
  readonly refs: Pick<Refs, 'list'>
  readonly patches: Pick<Patches, 'id'>
  readonly objects: Pick<Objects, 'patch'>
}

/** What a reader is opened with; `scratch` makes the private directory, and is called when something needs it. */
export interface ReaderHost extends Omit<RepositoryHost, 'scratch'> {
  scratch(): Promise<string>
}

/** Throws as `openRepository` does, but may find out only when git is needed that git cannot be started. */
export async function openReader(host: ReaderHost): Promise<RepositoryReader> {
  const files = filesOnDisk(host.cwd, host.env)
  return files === null ? (await opened(host)).repository : readerOf(host, files)
}

/** Reads the files of the repository; starts git only for what they do not say. */
function readerOf(host: ReaderHost, files: FilesOnDisk): RepositoryReader {
  const git = once(() => opened(host))
  const repository = async () => (await git.get()).repository
  const settings = once(() => callersConfig(host))
  const { place } = files
  const cat = filesBeforeGit(files, async () => (await git.get()).gitContext)
  const reading = { place, cat, names: cat }
  return {
    place,
    rehashed: rehashedObjects(reading),
    history: {
      ...commitReader(reading),
      mergeBase: async (a, b) => (await repository()).history.mergeBase(a, b),
      range: async (from, to) => (await repository()).history.range(from, to),
    },
    notes: noteReader(reading),
    refs: { list: async (prefix) => files.refs(prefix) ?? (await repository()).refs.list(prefix) },
    patches: {
      id: async (patch) => (hasPlainId(place, patch) ? patchId(patch) : (await repository()).patches.id(patch)),
    },
    objects: { patch: async (from, to) => (await repository()).objects.patch(from, to) },
    async config(prefix = '') {
      // Settings of our own are checked where they are read; see `Repository.config`.
      if (prefix === '' || prefix.startsWith('pp.')) return (await repository()).config(prefix)
      return new Map([...(await settings.get())].filter(([key]) => key.startsWith(prefix)))
    },
    async dispose() {
      files.dispose()
      if (git.isAsked()) await (await repository().catch(() => null))?.dispose()
    },
  }
}

/** With all that starts git, which is loaded only then. */
async function opened(host: ReaderHost) {
  const { openRepositoryAndContext } = await import('./repository.ts')
  return openRepositoryAndContext({ ...host, scratch: await host.scratch() })
}

async function callersConfig(host: ReaderHost): Promise<GitConfig> {
  const { callersConfig } = await import('./discover.ts')
  return callersConfig({ ...host, scratch: '' })
}

function once<T>(make: () => Promise<T>) {
  let made: Promise<T> | undefined
  return {
    get: () => {
      made ??= make()
      return made
    },
    isAsked: () => made !== undefined,
  }
}
