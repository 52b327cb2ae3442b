import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PpError } from '../model/error.ts'
import { succeeds, WATCHED_COMMAND } from '../platform/index.ts'
import type { Sandbox, SandboxHost, SandboxKind } from '../ports/sandbox.ts'
import { type ConfinedRun, confinedSandbox } from './lib/confined-sandbox.ts'
import { askTool, findTool, toolPath } from './lib/find-tools.ts'
import { fstabTables } from './lib/fstab.ts'
import { buildRoot } from './lib/mount-point-support.ts'
import { mountPoints } from './lib/mountinfo.ts'
import { filterLoader } from './lib/seccomp/load.ts'
import { tryProgram, whatIsMissing } from './lib/self-test.ts'
import { LAYERS_REFUSED, lastStepArgv, SET_UP } from './lib/set-up-script.ts'

/** A sandbox made only with util-linux and the kernel's namespaces; works for root and for an ordinary user. */
export default {
  kind: 'unshare',
  strength: 1,
  automatic: 2,
  probe: whatIsMissing(openIfWorks),
  open,
  openIfWorks,
} satisfies SandboxKind

const MEND =
  'allow user namespaces (on Ubuntu: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, elsewhere: sysctl -w user.max_user_namespaces=15000), or install bubblewrap'

async function openIfWorks(host: SandboxHost): Promise<Sandbox | string> {
  if (process.platform !== 'linux') return 'unshare works on Linux only; use --sandbox container'
  const dirs = toolPath(host)
  const missing = TOOLS.find((name) => findTool(dirs, name) === null)
  if (missing !== undefined) return `${missing} is missing: apt-get install util-linux (or your system's package of it)`
  const sandbox = await open(host)
  const fault = await tryProgram(host, sandbox)
  if (fault === null) return sandbox
  return (await makesNamespaces(findTool(dirs, 'unshare'))) ? `${fault}; or install bubblewrap` : `${fault}; ${MEND}`
}

/** True if the namespaces that the set-up needs can be created; then something else has failed. */
function makesNamespaces(unshare: string | null): Promise<boolean> {
  return succeeds(unshare ?? '', ['--user', '--map-root-user', '--mount', '--net', 'true'])
}

const TOOLS = ['unshare', 'setpriv', 'mount', 'umount', 'pivot_root', 'sh', 'mkdir']
const SPACES = ['--user', '--map-root-user', '--mount', '--pid', '--ipc', '--uts', '--cgroup', '--fork', '--kill-child']
const NO_PRIVILEGES = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all']

async function open(host: SandboxHost): Promise<Sandbox> {
  const dirs = toolPath(host)
  const [unshare, setpriv, sh] = ['unshare', 'setpriv', 'sh'].map((name) => findTool(dirs, name))
  if (!unshare || !setpriv || !sh)
    throw new PpError('SANDBOX_UNAVAILABLE', 'unshare or setpriv is missing: apt-get install util-linux')
  const version = await askTool(unshare, '--version')
  const filtered = await filterLoader(dirs)
  const root = join(host.state, 'root')
  await mkdir(root, { recursive: true, mode: 0o755 })
  const points = mountPoints()
  let overlays = true

  // For root, the first namespace is that of the command, and no other may follow. For other users, uid 0, which mounting
  // needs, has to be mapped back to the caller's uid in a second namespace.
  const nested = host.uid !== 0
  const back = [unshare, '--keep-caps', '--user', `--map-user=${host.uid}`, `--map-group=${host.gid}`, '--']

  function confine(confinedRun: ConfinedRun): readonly string[] {
    buildRoot(root, confinedRun.mounts, confinedRun.support)
    const scratch = join(confinedRun.dir, 'scratch')
    mkdirSync(scratch)
    const stage = { root, scratch, points, overlays, support: confinedRun.support }
    const { first, second, scratchDirs, files } = fstabTables(confinedRun.mounts, stage)
    for (const [name, text] of Object.entries({ first, second, files }))
      writeFileSync(join(confinedRun.dir, name), text)
    return [
      ...[sh ?? '', '-c', WATCHED_COMMAND, 'pp'],
      ...confinedRun.enter,
      ...[unshare ?? '', ...SPACES, ...(confinedRun.network === 'deny' ? ['--net'] : []), '--'],
      ...[
        sh ?? '',
        '-c',
        SET_UP,
        'pp',
        confinedRun.dir,
        root,
        confinedRun.cwd,
        nested ? '1' : '0',
        scratchDirs,
        confinedRun.network,
      ],
      ...(nested ? back : []),
      ...[setpriv ?? '', ...NO_PRIVILEGES, '--', ...(filtered ?? []), ...lastStepArgv(sh ?? '', confinedRun)],
    ]
  }
  /** If an overlay on this file system is refused, the layer becomes read-only. */
  function yields(_: ConfinedRun, line: string): boolean {
    if (!overlays || !line.includes(LAYERS_REFUSED)) return false
    overlays = false
    return true
  }
  return confinedSandbox(host, {
    kind: 'unshare',
    version: version.trim().replace(/^\S+ from (.*)$/, 'unshare ($1)'),
    programs: TOOLS.flatMap((name) => findTool(dirs, name) ?? []),
    syscalls: filtered !== null,
    confine,
    yields,
  })
}
