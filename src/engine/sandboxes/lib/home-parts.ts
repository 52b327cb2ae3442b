import { toolchainVariables } from '../../core/environment/index.ts'
import type { HomePart } from '../../ports/proposer.ts'
import type { SandboxHost } from '../../ports/sandbox.ts'
import { programsOf } from './confined-sandbox.ts'
import { isInside } from './find-tools.ts'
import { inspectPath } from './inspect-path.ts'
import { SYSTEM } from './system-mounts.ts'
import { toolchains } from './toolchains.ts'

/** The parts of home that a run shows, for a program whose home is a private one otherwise; parents before children. */
export function homeParts(
  { path, home, checkout }: Pick<SandboxHost, 'checkout' | 'home' | 'path'>,
  env: Readonly<Record<string, string>>,
): readonly HomePart[] {
  const named = toolchainVariables(env)
  const shown = toolchains(
    { programs: programsOf({ path }), home, checkout, named, system: SYSTEM, jvm: false },
    inspectPath,
  )
  return shown
    .flatMap((mount): HomePart[] => {
      if (mount.is === 'bind') return [{ at: mount.at, from: mount.from, is: 'shown' }]
      return mount.is === 'mask' ? [{ at: mount.at, from: null, is: mount.directory ? 'no directory' : 'no file' }] : []
    })
    .filter(({ at }) => isInside(at, home))
    .sort((a, b) => a.at.length - b.at.length)
}
