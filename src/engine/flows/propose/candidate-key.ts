import { sha256, utf8Bytes } from '../../core/bytes/index.ts'
import type { Target } from '../../model/command.ts'
import type { Session } from '../session/index.ts'

/** The parts of a session on which the result of a try depends. */
type Trying = Pick<Session, 'base' | 'environment' | 'settings' | 'surroundings' | 'version'>

/**
 * Makes keys for candidates: a digest of the tree, the commands, the environment with its values, the sandbox, what is beside
 * the tree, the limits, the version of git pp, and the edited files.
 */
export function candidateKeys(
  { base, environment, settings, surroundings, version }: Trying,
  targets: readonly Target[],
): (files: ReadonlyMap<string, Uint8Array>) => string {
  const { hangAfterMs, perCommandMs, network } = settings
  const all = { tree: base.tree, targets, environment, surroundings, version, hangAfterMs, perCommandMs, network }
  const begin = sha256(utf8Bytes(JSON.stringify(all)))
  return (files) => {
    const edits = [...files].map(([path, bytes]) => [path, sha256(bytes)]).sort()
    return sha256(utf8Bytes(JSON.stringify([begin, edits])))
  }
}
