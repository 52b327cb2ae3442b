import { execFile } from 'node:child_process'
import * as path from 'node:path'
import { promisify } from 'node:util'
import type { TestRepo } from './repo.ts'

/** What runs a program as an ordinary user where we are root, for whom permissions mean nothing; nothing otherwise. */
export const ORDINARY: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : []

/** Gives a test repository with its home to that user. */
export async function giveAway(repo: TestRepo): Promise<void> {
  if (ORDINARY.length > 0) await promisify(execFile)('chown', ['-R', '65534:65534', path.dirname(repo.home)])
}
