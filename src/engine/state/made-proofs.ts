import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Records which proofs this machine made itself, by the digests of their manifests. Notes do not show this, because plain git
 * fetches foreign notes into the same place. Without this file every proof counts as foreign.
 */
export async function rememberMade(repository: string, digest: string): Promise<void> {
  await mkdir(repository, { recursive: true, mode: 0o700 })
  await appendFile(listOf(repository), `${digest}\n`, { mode: 0o600 })
}

export async function isMadeHere(repository: string, digest: string): Promise<boolean> {
  const list = await readFile(listOf(repository), 'latin1').catch(() => '')
  return list.split('\n').includes(digest)
}

const listOf = (repository: string) => join(repository, 'made')
