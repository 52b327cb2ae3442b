import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourcesDigest } from '../../tools/build/sources.ts'

/** Throws where `dist` of this checkout is not what its sources give: a test must not pass because of an older program. */
export function refuseStaleBuild(top: string): void {
  const stamp = join(top, 'dist', '.sources')
  if (!existsSync(stamp)) throw new Error('dist is not built: npm run build')
  if (readFileSync(stamp, 'utf8') !== sourcesDigest(top))
    throw new Error('dist is older than the sources: npm run build')
}
