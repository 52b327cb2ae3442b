import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** All that `dist` is made from; package-lock.json stands for the packages. */
const SOURCES = ['src', 'tools/build', 'tools/build.ts', 'package.json', 'package-lock.json', 'tsconfig.json']

/** A digest of the sources: where it is the same, so is what would be built. */
export function sourcesDigest(top: string): string {
  const hash = createHash('sha256')
  for (const file of SOURCES.flatMap((path) => filesOf(top, path)).sort())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(top, file)))
      .update('\0')
  return hash.digest('hex')
}

function filesOf(top: string, path: string): readonly string[] {
  if (/\.\w+$/.test(path)) return [path]
  return readdirSync(join(top, path), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(top.length + 1))
}
