import { secretPath } from '../core/redact/secret-path.ts'
import type { Snapshot } from '../ports/repository.ts'
import { clock, type Ground } from './ground.ts'

/** The work tree as it is now; secret-looking files stay out, and what was left out is listed. */
export function takeSnapshot(
  { repository }: Ground,
  denied: (path: string) => boolean = () => false,
): Promise<Snapshot> {
  const deny = (path: string): string | null => {
    if (secretPath(path)) return 'looks like a secret'
    return denied(path) ? 'deny_write names it' : null
  }
  return repository.snapshots.take(deny, clock.now())
}
