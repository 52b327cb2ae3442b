import { readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { PathInspector } from './mount.ts'
import { lstatOrNull } from './path-state.ts'

/** Looks at a path of this machine. A path that may not be looked at counts as missing. */
export const inspectPath: PathInspector = (path) => {
  try {
    const found = lstatOrNull(path)
    if (found === null) return null
    if (found.isSymbolicLink()) return { is: 'symlink', real: realOf(path), to: readlinkSync(path) }
    const is = found.isDirectory() ? 'directory' : found.isFile() ? 'file' : 'other'
    return { is, real: realpathSync(path) }
  } catch {
    return null
  }
}

function realOf(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

/** Directories of the programs that the symlinks of `dir` lead to, such as /opt/node/bin for /usr/local/bin/node. */
export function symlinkedProgramDirectories(dir: string): readonly string[] {
  try {
    const links = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink())
    const reals = links.map((entry) => realOf(join(dir, entry.name))).filter((real) => real !== null)
    return [...new Set(reals.map(dirname))]
  } catch {
    return []
  }
}
