import { createHash } from 'node:crypto'
import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises'
import { version as kernelVersion, release } from 'node:os'
import { join } from 'node:path'
import { readSmall } from '../platform/index.ts'
import { processNamespace } from './session-dir.ts'

/** What has to be the same for a test of the sandbox to be worth remembering. */
export interface TestedSandbox {
  readonly kind: string
  readonly version: string
  readonly programs: readonly string[]
  readonly uid: number
  /** The version of git pp. */
  readonly tool: string
}

/** A test that was passed before. It is no evidence: every run is checked by itself, and this saves only a further test. */
export interface RememberedTest {
  known(): Promise<boolean>
  remember(): Promise<void>
}

/** `cache`: the directory of git pp in the cache of the user. */
export async function rememberedTest(cache: string, tested: TestedSandbox): Promise<RememberedTest> {
  const dir = join(cache, 'self-tests')
  const key = await keyOf(tested)
  const file = join(dir, key)
  return {
    async known() {
      const facts = await lstat(dir).catch(() => null)
      if (!facts?.isDirectory() || facts.uid !== tested.uid || (facts.mode & 0o077) !== 0) return false
      const text = await readSmall(file, 1024).catch(() => null)
      return text?.toString('latin1') === key
    },
    async remember() {
      await mkdir(dir, { recursive: true, mode: 0o700 })
      await writeFile(file, key, { mode: 0o600 })
    },
  }
}

async function keyOf({ programs, ...rest }: TestedSandbox): Promise<string> {
  const digests = await Promise.all(
    programs.map(
      async (path) =>
        `${path} ${createHash('sha256')
          .update(await readFile(path))
          .digest('hex')}`,
    ),
  )
  const machine = [release(), kernelVersion(), await processNamespace()]
  return createHash('sha256')
    .update(JSON.stringify([rest, digests, machine]))
    .digest('hex')
}
