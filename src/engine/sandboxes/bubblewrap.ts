import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PpError } from '../model/error.ts'
import { WATCHED_COMMAND } from '../platform/index.ts'
import type { Sandbox, SandboxHost, SandboxKind } from '../ports/sandbox.ts'
import { bwrapMounts } from './lib/bwrap-argv.ts'
import { type ConfinedRun, confinedSandbox } from './lib/confined-sandbox.ts'
import { askTool, findTool, toolPath } from './lib/find-tools.ts'
import { HOST_INSIDE } from './lib/host-name.ts'
import { mountPoints } from './lib/mountinfo.ts'
import { filterOfMachine } from './lib/seccomp/load.ts'
import { tryProgram, whatIsMissing } from './lib/self-test.ts'
import { lastStepArgv } from './lib/set-up-script.ts'
import { STACKED, stackOverlays } from './lib/stack-overlays.ts'

/** Builds the plan with bwrap(1). */
export default {
  kind: 'bubblewrap',
  strength: 1,
  automatic: 1,
  probe: whatIsMissing(openIfWorks),
  open,
  openIfWorks,
} satisfies SandboxKind

const MISSING = 'the program bwrap is missing: apt-get install bubblewrap'
/** Since Ubuntu 24.04 a program needs a profile to make user namespaces; the one for bwrap is not installed by default. */
const MEND =
  'if AppArmor refuses bwrap: apt-get install apparmor-profiles, then copy /usr/share/apparmor/extra-profiles/bwrap-userns-restrict to /etc/apparmor.d and load it with apparmor_parser -r'

async function openIfWorks(host: SandboxHost): Promise<Sandbox | string> {
  if (process.platform !== 'linux') return 'bubblewrap works on Linux only; use --sandbox container'
  if (findTool(toolPath(host), 'bwrap') === null) return MISSING
  const sandbox = await open(host)
  const fault = await tryProgram(host, sandbox)
  return fault === null ? sandbox : `${fault}; ${MEND}`
}

const SPACES = [
  // A user namespace also for root, whose capabilities would otherwise be real; no further user namespace can be created inside.
  ...['--unshare-user', '--disable-userns', '--cap-drop', 'ALL'],
  ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--hostname', HOST_INSIDE],
  ...['--die-with-parent', '--new-session'],
]

/**
 * Sends bwrap's own messages to descriptor 3, and gives bwrap the long list of mounts on descriptor 5 and the filter of system
 * calls on descriptor 6.
 */
const OUTSIDE = 'exec 4>&2 2>&3 5<"$1" 6<"$2"; shift 2; exec "$@"'
/** A shell that stays next to the command and reports its signals on descriptor 3, because bwrap reports only 128+n. */
const BESIDE = '("$@"); exit $?'

/** Its version, and on a second line those of its options that matter. */
async function askBwrap(bwrap: string): Promise<string> {
  const version = (await askTool(bwrap, '--version')).trim()
  return `${version}\n${(await askTool(bwrap, '--help')).includes('--tmp-overlay') ? '--tmp-overlay' : ''}`
}

async function open(host: SandboxHost): Promise<Sandbox> {
  const dirs = toolPath(host)
  const [bwrap, sh, unshare] = ['bwrap', 'sh', 'unshare'].map((name) => findTool(dirs, name))
  if (!bwrap || !sh) throw new PpError('SANDBOX_UNAVAILABLE', MISSING)
  const { shown } = await host.probes.recall('what bwrap can do', [bwrap], () => askBwrap(bwrap))
  const [version = '', options = ''] = (shown ?? '').split('\n')
  const overlays = options.includes('--tmp-overlay')
  const points = mountPoints()
  let stacks = !overlays && unshare !== null
  const filter = filterOfMachine()
  const filterFile = join(host.state, 'system-calls')
  if (filter !== null) writeFileSync(filterFile, filter)

  function confine(confinedRun: ConfinedRun): readonly string[] {
    const tools = { unshare: unshare ?? '', sh: sh ?? '' }
    const { mounts, prefix } = stacks
      ? stackOverlays(confinedRun.mounts, confinedRun.dir, points, tools)
      : { mounts: confinedRun.mounts, prefix: [] }
    const list = join(confinedRun.dir, 'mounts')
    writeFileSync(
      list,
      bwrapMounts(mounts, overlays)
        .map((option) => `${option}\0`)
        .join(''),
    )
    return [
      ...[
        sh ?? '',
        '-c',
        WATCHED_COMMAND,
        'pp',
        ...confinedRun.enter,
        sh ?? '',
        '-c',
        OUTSIDE,
        'pp',
        list,
        filter === null ? '/dev/null' : filterFile,
        ...prefix,
        bwrap ?? '',
        ...SPACES,
      ],
      ...[
        '--uid',
        String(host.uid),
        '--gid',
        String(host.gid),
        ...(confinedRun.network === 'deny' ? ['--unshare-net'] : []),
      ],
      ...(filter === null ? [] : ['--seccomp', '6']),
      ...['--args', '5', '--chdir', confinedRun.cwd, '--'],
      ...[sh ?? '', '-c', BESIDE, 'pp', ...lastStepArgv(sh ?? '', confinedRun)],
    ]
  }
  /** Overlays that cannot be made outside of bwrap are given up: then layers are read-only. */
  function yields(confinedRun: ConfinedRun, line: string): boolean {
    if (!stacks || !confinedRun.mounts.some((mount) => mount.is === 'layer') || line.includes(STACKED)) return false
    stacks = false
    return true
  }
  return confinedSandbox(host, {
    kind: 'bubblewrap',
    version,
    programs: [bwrap, sh, ...(unshare ? [unshare] : [])],
    syscalls: filter !== null,
    confine,
    yields,
  })
}
