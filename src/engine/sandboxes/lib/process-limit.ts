import { succeeds } from '../../platform/index.ts'
import { findTool } from './find-tools.ts'

/**
 * Arguments before a command in its own user namespace that limit the processes there to `count`, for users who cannot create
 * a cgroup; null if that has no effect. RLIMIT_NPROC (getrlimit(2)) does not bind root, and before Linux 5.14 it counted all
 * processes of the user, so it is tested first. RLIMIT_AS cannot bound memory: virtual machines reserve far more than they
 * use.
 */
export async function processLimit(
  tools: readonly string[],
  uid: number,
  count: number | null,
): Promise<readonly string[] | null> {
  const [prlimit, unshare, sh] = ['prlimit', 'unshare', 'sh'].map((name) => findTool(tools, name))
  if (uid === 0 || !prlimit || !unshare || !sh) return null
  const limited = (most: number) => [prlimit, `--nproc=${most}:${most}`, '--']
  const tried = (most: number) => {
    const argv = ['--user', '--map-current-user', '--', ...limited(most), sh, '-c', '(:); :']
    return succeeds(unshare, argv)
  }
  if ((await tried(1)) || !(await tried(4))) return null
  return count === null ? [] : limited(count)
}
