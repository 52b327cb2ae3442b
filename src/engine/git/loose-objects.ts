import { createHash, randomBytes } from 'node:crypto'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { promisify } from 'node:util'
import { deflate } from 'node:zlib'
import type { Oid } from '../model/oid.ts'
import type { CatFile } from './cat-file.ts'

const compress = promisify(deflate)

/** Loose objects of a sha1 repository, see gitformat-loose(5). */
export interface LooseObjects {
  /** Stores an object unless the repository has it, and returns its id. */
  write(type: string, bytes: Uint8Array): Promise<Oid>
}

/** `dir`: the directory `objects`. `synced`: a file must be on the disk before its name is. */
export function looseObjects(dir: string, cat: Pick<CatFile, 'info'>, synced: boolean): LooseObjects {
  /** Objects of this session that are on their way, or written. */
  const known = new Map<Oid, Promise<void>>()
  const store = async (oid: Oid, content: Buffer, isEmpty: boolean) => {
    const full = path.join(dir, oid.slice(0, 2), oid.slice(2))
    if (await isFresh(full)) return
    // Git knows the empty tree even where it is not stored, but `git fsck` misses it there.
    if (!isEmpty && (await cat.info(oid)) !== null) return
    await place(full, await compress(content, { level: 1 }), synced)
  }
  return {
    async write(type, bytes) {
      const content = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])
      const oid = createHash('sha1').update(content).digest('hex')
      const stored = known.get(oid) ?? store(oid, content, bytes.length === 0)
      known.set(oid, stored)
      stored.catch(() => known.delete(oid))
      await stored
      return oid
    },
  }
}

/** Gives an object that is there already the present time, as git does, so that a `git gc` at the same time keeps it. */
async function isFresh(full: string): Promise<boolean> {
  const now = new Date()
  return fs.utimes(full, now, now).then(
    () => true,
    () => false,
  )
}

/** Writes a file that is whole as soon as it has its name. `git prune` removes what a killed process leaves of it. */
async function place(full: string, bytes: Uint8Array, synced: boolean): Promise<void> {
  const folder = path.dirname(full)
  const draft = path.join(folder, `tmp_obj_${randomBytes(6).toString('hex')}`)
  const file = await fs.open(draft, 'wx', 0o444).catch(async (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause
    await fs.mkdir(folder, { recursive: true })
    return fs.open(draft, 'wx', 0o444)
  })
  try {
    await file.writeFile(bytes)
    if (synced) await file.sync()
  } catch (cause) {
    await fs.rm(draft, { force: true })
    throw cause
  } finally {
    await file.close()
  }
  await fs.rename(draft, full)
}
