import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Which proofs this machine made itself, by the digests of their manifests: notes do not tell, since plain git brings notes
 * of others to the same place. Without the file every proof is a foreign one.
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
