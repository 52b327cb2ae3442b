import { secretPath } from '../../core/redact/index.ts'
import type { Snapshot } from '../../ports/repository.ts'
import type { ChangeSource } from './change-source.ts'

/**
 * Takes a snapshot of the work tree as it is now. Files that look like secrets are left out, and the snapshot lists what was
 * left out.
 */
export function takeSnapshot(
  { snapshots, now }: Pick<ChangeSource, 'snapshots' | 'now'>,
  denied: (path: string) => boolean = () => false,
): Promise<Snapshot> {
  const deny = (path: string): string | null => {
    if (secretPath(path)) return 'its name looks like a file of secrets'
    return denied(path) ? 'deny_write of the policy names it' : null
  }
  return snapshots.take(deny, now())
}

const TOLD = 20

/** What is in the work tree but not in the snapshot, one sentence for each file. */
export function leftOutWarnings({ leftOut }: Snapshot): readonly string[] {
  const told = leftOut.slice(0, TOLD).map(({ path, why }) => `${path} is left out of the base: ${why}`)
  const more = leftOut.length - told.length
  return more > 0 ? [...told, `${more} more paths are left out of the base`] : told
}
