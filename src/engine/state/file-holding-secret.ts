import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type SecretFinder, type SecretValue, secretFinder } from '../core/redact/index.ts'
import type { IncludedDependency } from '../ports/workspace.ts'

/** How many files are read at once, and how many bytes are searched at once. */
const AT_ONCE = 16
const CHUNK = 1 << 22

/**
 * The first file below these that contains one of the values in any notation, and the name of that value; null: none does.
 * Links are not followed.
 */
export async function fileHoldingSecret(
  includes: readonly IncludedDependency[],
  secrets: readonly SecretValue[],
): Promise<{ readonly path: string; readonly name: string } | null> {
  const needles = secretFinder(secrets)
  if (needles.longest === 0) return null
  for (const { path, source } of includes) {
    const files = await filesBelow(source, path)
    for (let at = 0; at < files.length; at += AT_ONCE) {
      const found = await Promise.all(
        files.slice(at, at + AT_ONCE).map(async (file) => ({ path: file.path, name: await nameIn(file.at, needles) })),
      )
      for (const { path: where, name } of found) if (name !== null) return { path: where, name }
    }
  }
  return null
}

interface FileToSearch {
  readonly at: string
  readonly path: string
}

async function filesBelow(at: string, path: string): Promise<readonly FileToSearch[]> {
  const facts = await lstat(at)
  if (facts.isFile()) return [{ at, path }]
  if (!facts.isDirectory()) return []
  const files: FileToSearch[] = []
  for (const name of (await readdir(at)).sort()) files.push(...(await filesBelow(join(at, name), `${path}/${name}`)))
  return files
}

async function nameIn(file: string, needles: SecretFinder): Promise<string | null> {
  const handle = await open(file, 'r')
  try {
    const buffer = Buffer.alloc(CHUNK)
    let kept = 0
    for (;;) {
      const { bytesRead } = await handle.read(buffer, kept, CHUNK - kept)
      if (bytesRead === 0) return null
      const [found] = needles.find(buffer.subarray(0, kept + bytesRead))
      if (found) return found.name
      const rest = Math.min(needles.longest, kept + bytesRead)
      buffer.copyWithin(0, kept + bytesRead - rest, kept + bytesRead)
      kept = rest
    }
  } finally {
    await handle.close()
  }
}
