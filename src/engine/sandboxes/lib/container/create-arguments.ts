import { HOST_INSIDE } from '../host-name.ts'
import type { TreeMount } from '../mount-plan.ts'
import { HOME_APART } from '../system-mounts.ts'
import type { RuntimeName } from './runtime.ts'
import { PROXIES, START_INSIDE } from './start-script.ts'

/** One container to create. */
export interface ContainerSpecification {
  readonly runtime: RuntimeName
  readonly name: string
  readonly session: string
  /** The id of the image. */
  readonly image: string
  readonly user: readonly string[]
  readonly limits: readonly string[]
  /** A seccomp profile; null = the runtime's own. */
  readonly seccomp: string | null
  readonly network: 'deny' | 'allow'
  readonly mounts: readonly TreeMount[]
  /** The largest size of each file system in memory, in bytes. */
  readonly room: number
  readonly cwd: string
  readonly command: readonly string[]
}

/** Options that only one of them has, or that the other one does by default. */
const OWN: Readonly<Record<RuntimeName, readonly string[]>> = {
  podman: ['--read-only-tmpfs=false', '--systemd=false', '--image-volume=tmpfs', '--http-proxy=false'],
  docker: PROXIES.flatMap((name) => ['--env', `${name}=`]),
}

/** The arguments of `podman create` and `docker create`. */
export function createArgs(made: ContainerSpecification): readonly string[] {
  const tmpfs = (at: string, mode: string) => {
    const copies = made.runtime === 'podman' ? ',notmpcopyup' : ''
    return ['--tmpfs', `${at}:rw,exec,nosuid,nodev,mode=${mode},size=${made.room}${copies}`]
  }
  return [
    ...['create', '--name', made.name, '--label', `pp.session=${made.session}`, '--interactive', '--pull', 'never'],
    ...[
      '--log-driver',
      'none',
      '--no-healthcheck',
      '--hostname',
      HOST_INSIDE,
      '--ipc',
      'private',
      '--cgroupns',
      'private',
    ],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--security-opt', 'label=disable'],
    ...(made.seccomp === null ? [] : ['--security-opt', `seccomp=${made.seccomp}`]),
    ...OWN[made.runtime],
    ...(made.network === 'deny' ? ['--network', 'none'] : LOOPBACK),
    ...made.limits,
    ...made.user,
    ...['--read-only', '--shm-size', String(made.room)],
    ...[tmpfs('/tmp', '1777'), tmpfs('/var/tmp', '1777'), tmpfs('/run', '0755'), tmpfs(HOME_APART, '1777')].flat(),
    ...made.mounts.flatMap((mount) => mountArgs(mount, made.runtime)),
    ...['--workdir', made.cwd, '--entrypoint', '/bin/sh', made.image, START_INSIDE, ...made.command],
  ]
}

/** With a network, the runtime writes the hosts file, because it knows the other containers, but not all of these names. */
const LOOPBACK = [`${HOST_INSIDE}:127.0.0.1`, `${HOST_INSIDE}:::1`, 'localhost:::1'].flatMap((host) => [
  '--add-host',
  host,
])

/** Characters that `--volume` treats as separators. */
const SEPARATES = /[:,\\]/

/**
 * podman can mount overlays that are removed with the container; elsewhere layers are read-only, with writable directories
 * for the caches of tools.
 */
function mountArgs(mount: TreeMount, runtime: RuntimeName): readonly string[] {
  const bind = ['type=bind', `src=${mount.from}`, `dst=${mount.at}`]
  if (mount.is === 'bind') return ['--mount', csv(mount.writable ? bind : [...bind, 'readonly'])]
  if (runtime === 'podman' && !SEPARATES.test(mount.from + mount.at)) return ['--volume', `${mount.from}:${mount.at}:O`]
  const caches = mount.caches.map((name) => ['type=tmpfs', `dst=${mount.at}/${name}`, 'tmpfs-mode=0777'])
  return [[...bind, 'readonly'], ...caches].flatMap((fields) => ['--mount', csv(fields)])
}

/** One record of RFC 4180, the format that both runtimes read. */
function csv(fields: readonly string[]): string {
  return fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')
}
