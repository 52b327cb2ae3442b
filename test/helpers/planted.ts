import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import type { TestRepo } from './repo.ts'

/** Puts the content of a loose object under the id of another one, as whoever can write `.git/objects` could. */
export async function plant(repo: Pick<TestRepo, 'dir'>, oid: string, content: string): Promise<void> {
  const file = (name: string) => join(repo.dir, '.git/objects', name.slice(0, 2), name.slice(2))
  await fs.rm(file(oid))
  await fs.copyFile(file(content), file(oid))
}
