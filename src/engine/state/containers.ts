import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** A container that a dead session may have left. */
export interface LeftContainer {
  readonly runtime: 'podman' | 'docker'
  readonly name: string
}

/**
 * Reads what a session writes down before it creates a container: an empty file `<runtime>.<name>`. The id of the session is
 * part of the name.
 */
export async function containersOf(sessionDir: string): Promise<readonly LeftContainer[]> {
  const names = await readdir(join(sessionDir, 'containers')).catch(() => [])
  return names.flatMap((entry): LeftContainer[] => {
    const [, runtime, name, session] = /^(podman|docker)\.(pp-([0-9a-z]+)-[0-9a-f]+)$/.exec(entry) ?? []
    if (name === undefined || session !== basename(sessionDir)) return []
    return [{ runtime: runtime === 'podman' ? 'podman' : 'docker', name }]
  })
}
