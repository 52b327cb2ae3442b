import { execFileSync, spawn } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

export const HOME = '/home/newcomer'
const USER = '1000'
const AUTHORITIES = '/usr/local/share/authorities.pem'

/** What a command did. `output`: stdout and stderr as they came. */
export interface Typed {
  readonly status: number | null
  readonly seconds: number
  readonly output: string
}

/**
 * Makes a Debian in `root` that holds its minimal system, certificates and the Node that runs this; packages come from where this
 * machine gets them. `kept`: where the minimal system is, or will be for the next time. Needs root, debootstrap and the network.
 */
export function bareMachine(kept: string, root: string): void {
  if (!existsSync(join(kept, 'etc', 'debian_version'))) {
    const [suite = '', mirror = ''] = said('apt-get', 'indextargets', '--format', '$(RELEASE) $(REPO_URI)').split(/\s/)
    const argv = ['--variant=minbase', '--include=ca-certificates', suite, kept, mirror]
    execFileSync('debootstrap', argv, { stdio: ['ignore', 2, 2] })
  }
  execFileSync('cp', ['-a', `${kept}/.`, root])
  for (const file of ['/etc/resolv.conf', '/etc/hosts']) copyFileSync(file, join(root, file))
  copyFileSync('/etc/ssl/certs/ca-certificates.crt', join(root, AUTHORITIES))
  const acquire = said('apt-config', 'dump', 'Acquire').match(/^Acquire::(Check-|https?).*$/gm) ?? []
  writeFileSync(join(root, 'etc/apt/apt.conf.d/99acquire'), `${acquire.join('\n')}\n`)
  putNode(root)
  appendFileSync(join(root, 'etc/passwd'), `newcomer:x:${USER}:${USER}::${HOME}:/bin/bash\n`)
  appendFileSync(join(root, 'etc/group'), `newcomer:x:${USER}:\n`)
  mkdirSync(join(root, HOME), { recursive: true })
}

/** Gives everything in the home of the ordinary user to them. */
export function settle(root: string): void {
  execFileSync('chown', ['-R', `${USER}:${USER}`, join(root, HOME)])
}

function putNode(root: string): void {
  const npm = dirname(dirname(realpathSync(said('sh', '-c', 'command -v npm'))))
  const modules = join(root, 'usr/local/lib/node_modules')
  mkdirSync(modules, { recursive: true })
  copyFileSync(process.execPath, join(root, 'usr/local/bin/node'))
  cpSync(npm, join(modules, 'npm'), { recursive: true })
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/local/bin', name))
}

// A root of its own instead of chroot, inside of which Linux gives nobody the user namespaces that sandboxes need.
const ENTER = `mount --bind "$1" "$1"; cd "$1"
mount -t proc proc proc; mount --rbind /dev dev; mount --rbind /sys sys
pivot_root . mnt; cd /; umount -l /mnt
shift; exec "$@"`

/** Types one line into a shell on that machine, by its ordinary user, or by root where the line begins with sudo. */
export function type(root: string, cwd: string, line: string): Promise<Typed> {
  const asRoot = line.startsWith('sudo ')
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: asRoot ? '/root' : HOME,
    ...network(),
  }
  const who = asRoot ? [] : ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--']
  const shell = [...who, 'bash', '-c', `cd ${asRoot ? '/' : cwd} && ${line.replace(/^sudo /, '')}`]
  const spaces = ['--mount', '--pid', '--fork', '--ipc', '--uts', '--kill-child']
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn('unshare', [...spaces, 'sh', '-ec', ENTER, 'sh', root, ...shell], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        process.stderr.write(chunk)
      })
    child.on('error', reject)
    child.on('close', (status) =>
      resolve({ status, seconds: Math.round((performance.now() - started) / 1000), output }),
    )
  })
}

/** What this machine needs to reach the registry; no key and no file of a user. */
function network(): Record<string, string> {
  const env: Record<string, string> = {
    npm_config_registry: said('npm', 'config', 'get', 'registry'),
    npm_config_cafile: AUTHORITIES,
    DEBIAN_FRONTEND: 'noninteractive',
  }
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'no_proxy'])
    if (process.env[name]) env[name] = process.env[name]
  return env
}

function said(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8' }).trim()
}
