import { ulid } from '../core/bytes/index.ts'
import { withoutOwnKeys } from '../core/environment/index.ts'
import type { LogReader } from '../flows/store/index.ts'
import { openReader, type RepositoryReader } from '../git/index.ts'
import type { Caller } from '../model/options.ts'
import { cacheDir, openSessionDir, type SessionDir } from '../state/index.ts'
import { clock } from './clock.ts'
import { onDisk } from './disk-faults.ts'
import { traceOf } from './trace.ts'

/** A repository that a command only reads. */
export interface OpenReader {
  readonly repository: RepositoryReader
  readonly refs: RepositoryReader['refs']
  readonly proofStore: LogReader
  /** A private directory (0700) of this command; it is made when it is asked for. */
  privateDirectory(): Promise<string>
}

/** Opens the caller's repository for a command that only reads it. Most of what it reads needs neither git nor a directory. */
export function withReader<T>(caller: Caller, use: (reader: OpenReader) => Promise<T>): Promise<T> {
  return onDisk(async () => {
    let made: Promise<SessionDir> | undefined
    const privateDirectory = async () => {
      made ??= openSessionDir(cacheDir(caller.env, caller.home), ulid(clock.now(), clock.random(10)))
      return (await made).path
    }
    try {
      const repository = await openReader({ ...hostOf(caller), scratch: privateDirectory })
      const { history, notes, refs } = repository
      const reader = { repository, refs, proofStore: { history, notes, refs }, privateDirectory }
      return await use(reader).finally(() => repository.dispose())
    } finally {
      await (await made?.catch(() => null))?.remove()
    }
  })
}

/** What git is started with. */
export function hostOf(caller: Caller) {
  return {
    cwd: caller.cwd,
    env: withoutOwnKeys(caller.env),
    stop: caller.signal,
    trace: traceOf(caller, clock),
  }
}
