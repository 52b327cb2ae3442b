import { dirname, join, resolve } from 'node:path'
import { isInside, splitWords } from './find-tools.ts'
import type { Mount, PathInspector } from './mount.ts'

/** Programs and libraries of the machine. */
export const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store', '/gnu/store']

/** Files and directories of /etc that programs need to run; none of them holds a secret. */
const ETC = [
  'alpine-release alternatives ca-certificates ca-certificates.conf crypto-policies debian_version fonts',
  'gai.conf gnutls group host.conf inputrc ld.so.cache ld.so.conf ld.so.conf.d locale.alias',
  'locale.conf localtime login.defs lsb-release magic magic.mime mailcap matplotlibrc maven mime.types',
  'networks nsswitch.conf os-release passwd perl php pki/ca-trust/extracted pki/java pki/tls/cert.pem',
  'pki/tls/certs profile protocols redhat-release rpc services shells ssl/cert.pem ssl/certs',
  'ssl/openssl.cnf system-release terminfo timezone vulkan OpenCL R',
].flatMap(splitWords)

/** Names in /etc that carry a version: python3.11, java-17-openjdk, ruby3.1 … */
const ETC_VERSIONED = /^(?:python|java|ruby|lua|php|erlang|ghc)[\d.]*(?:-[\w.-]+)?$/

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty']

/** Root owns these even without capabilities, and some affect the whole machine: core_pattern, sysrq-trigger. */
const PROC_READ_ONLY = ['sys', 'sysrq-trigger', 'irq', 'bus', 'fs', 'acpi', 'scsi']

const MiB = 1024 * 1024

export interface MachineFacts {
  readonly look: PathInspector
  /** The names in /etc. */
  readonly etc: readonly string[]
  /** Memory of the machine in bytes; file systems in memory are sized by it. */
  readonly memory: number
}

/** A directory for HOME that covers nothing else. */
export const HOME_APART = '/run/pp/home'

/** The HOME of the command: the caller's path, unless a tmpfs there would cover the system. */
export function homeInside(home: string): string {
  return ['/etc', '/proc', '/dev', '/run', ...SYSTEM].some((dir) => isInside(dir, home)) ? HOME_APART : home
}

/** The largest size of a file system in memory, in bytes. */
export function memoryFileSystemSize(memory: number): number {
  return Math.max(256 * MiB, Math.min(4096 * MiB, Math.floor(memory / 4)))
}

/** The part of a plan that does not depend on the job. `network`: whether resolv.conf is shown. */
export function systemPlan(
  { look, etc, memory }: MachineFacts,
  home: string,
  network: 'deny' | 'allow',
): readonly Mount[] {
  const room = memoryFileSystemSize(memory)
  const tmpfs = (at: string, mode: string, bytes: number): Mount => ({ is: 'tmpfs', at, mode, bytes })
  const shown = (path: string) => asItIs(path, look)
  const names = [
    ...ETC,
    ...etc.filter((name) => ETC_VERSIONED.test(name)),
    ...(network === 'allow' ? ['resolv.conf'] : []),
  ]
  return [
    ...SYSTEM.flatMap(shown),
    ...names.sort().flatMap((name) => shown(join('/etc', name))),
    { is: 'proc', at: '/proc' },
    ...PROC_READ_ONLY.map((name) => join('/proc', name)).flatMap((at) => (look(at) ? [readOnly(at, at)] : [])),
    ...shown('/sys/devices/system'),
    ...DEVICES.map((name): Mount => ({ is: 'bind', from: `/dev/${name}`, at: `/dev/${name}`, writable: true })),
    { is: 'devpts', at: '/dev/pts' },
    ...Object.entries(LINKS).map(([at, to]): Mount => ({ is: 'symlink', at, to })),
    tmpfs('/dev/shm', '1777', room / 2),
    tmpfs('/run', '0755', 64 * MiB),
    tmpfs('/tmp', '1777', room),
    tmpfs(homeInside(home), '0700', room),
  ]
}

const LINKS: Readonly<Record<string, string>> = {
  '/dev/fd': '/proc/self/fd',
  '/dev/ptmx': 'pts/ptmx',
  '/dev/stderr': '/proc/self/fd/2',
  '/dev/stdin': '/proc/self/fd/0',
  '/dev/stdout': '/proc/self/fd/1',
  '/var/run': '../run',
  '/var/tmp': '../tmp',
}

/**
 * A symlink to a visible path stays a symlink (programs read /etc/localtime for its name); any other symlink is replaced by
 * its target.
 */
function asItIs(path: string, look: PathInspector): readonly Mount[] {
  const seen = look(path)
  if (seen === null || seen.real === null || seen.is === 'other') return []
  const to = seen.to === undefined ? undefined : resolve(dirname(path), seen.to)
  if (seen.to !== undefined && to !== undefined && SYSTEM.some((dir) => isInside(to, dir)))
    return [{ is: 'symlink', at: path, to: seen.to }]
  return [readOnly(seen.real, path)]
}

function readOnly(from: string, at: string): Mount {
  return { is: 'bind', from, at, writable: false }
}
