import test from 'ava'
import type { Workspace } from '../../../src/engine/ports/workspace.ts'
import { bwrapMounts } from '../../../src/engine/sandboxes/lib/bwrap-argv.ts'
import { fstabTables } from '../../../src/engine/sandboxes/lib/fstab.ts'
import type { InspectedPath, Mount, PathInspector } from '../../../src/engine/sandboxes/lib/mount.ts'
import { type MountPlanInput, mountPlan } from '../../../src/engine/sandboxes/lib/mount-plan.ts'
import { supportOf } from '../../../src/engine/sandboxes/lib/mount-point-support.ts'
import { parseMountinfo } from '../../../src/engine/sandboxes/lib/mountinfo.ts'

const directory = (path: string): InspectedPath => ({ is: 'directory', real: path })
const file = (path: string): InspectedPath => ({ is: 'file', real: path })
const link = (to: string, real: string): InspectedPath => ({ is: 'symlink', to, real })

/** A small machine: /bin is a link, the rest as given. */
function machine(more: Readonly<Record<string, InspectedPath>> = {}): PathInspector {
  const seen: Record<string, InspectedPath> = {
    '/usr': directory('/usr'),
    '/bin': link('usr/bin', '/usr/bin'),
    '/etc/passwd': file('/etc/passwd'),
    '/etc/shadow': file('/etc/shadow'),
    '/etc/localtime': link('/usr/share/zoneinfo/UTC', '/usr/share/zoneinfo/UTC'),
    '/etc/resolv.conf': link('../run/resolve/stub', '/run/resolve/stub'),
    '/home/u': directory('/home/u'),
    ...more,
  }
  return (path) => seen[path] ?? null
}

const nothing = async () => new Map()
const tree: Workspace = {
  ...{ tree: '0'.repeat(40), dir: '/cache/tree/project', git: null, stack: null, touched: nothing, stamps: nothing },
  ...{
    write: async () => {},
    restore: async () => {},
    leftovers: async () => [],
    watchReads: async () => async () => null,
    untracked: async () => [],
    dispose: async () => {},
  },
}

function facts(
  look: PathInspector,
  more: Partial<MountPlanInput['job']> = {},
  programs: readonly string[] = [],
): MountPlanInput {
  return {
    host: { checkout: '/home/u/project', home: '/home/u' },
    machine: { look, etc: ['python3.11', 'shadow'], memory: 2 ** 34 },
    programs,
    job: { workspace: tree, cwd: '', env: {}, network: 'deny', readOnly: [], includes: [], ...more },
    standing: (path) =>
      path.startsWith('has/') || path === 'java/pom.xml' ? 'file' : path.startsWith('link/') ? 'astray' : 'absent',
    reports: '/state/reports',
    pointer: '/state/dotgit',
    hosts: '/state/hosts',
  }
}

const at = (mounts: readonly Mount[], path: string) => mounts.filter((mount) => mount.at === path)

test('the system is read-only, symlinks stay symlinks, secrets of /etc are not there', (t) => {
  const mounts = mountPlan(facts(machine()))
  t.deepEqual(at(mounts, '/usr'), [{ is: 'bind', from: '/usr', at: '/usr', writable: false }])
  t.deepEqual(at(mounts, '/bin'), [{ is: 'symlink', at: '/bin', to: 'usr/bin' }])
  t.deepEqual(at(mounts, '/etc/localtime'), [{ is: 'symlink', at: '/etc/localtime', to: '/usr/share/zoneinfo/UTC' }])
  t.deepEqual(at(mounts, '/etc/shadow'), [])
  const writable = mounts.filter((mount) => mount.is === 'bind' && mount.writable && !mount.at.startsWith('/dev/'))
  t.deepEqual(writable.map((mount) => mount.at).sort(), ['/home/u/project', '/run/pp/reports'])
})

test('name servers are known only where the network is', (t) => {
  t.deepEqual(at(mountPlan(facts(machine())), '/etc/resolv.conf'), [])
  const [resolv] = at(mountPlan(facts(machine(), { network: 'allow' })), '/etc/resolv.conf')
  t.like(resolv, { is: 'bind', from: '/run/resolve/stub' })
})

test('parents are mounted before children', (t) => {
  const mounts = mountPlan(facts(machine()))
  const order = ['/home/u', '/home/u/project'].map((path) => mounts.findIndex((mount) => mount.at === path))
  t.true((order[0] ?? 0) < (order[1] ?? 0))
})

test('home shows the toolchains that PATH names, caches, and no credential', (t) => {
  const names = ['.nvm', '.cargo/bin', '.rustup', '.hex', '.hex/hex.config', '.ssh', 'private', '.npm/_cacache']
  const seen = Object.fromEntries(names.map((name) => [`/home/u/${name}`, directory(`/home/u/${name}`)]))
  const programs = ['/home/u/.nvm/versions/node/v20/bin', '/home/u/.cargo/bin', '/home/u/.ssh', '/home/u', 'relative']
  const below = mountPlan(facts(machine(seen), {}, programs)).filter((mount) => mount.at.startsWith('/home/u/.'))
  t.deepEqual(below.map(({ is, at }) => `${is} ${at.slice(8)}`).sort(), [
    ...['bind .cargo/bin', 'bind .hex', 'bind .npm/_cacache', 'bind .nvm', 'bind .rustup', 'mask .hex/hex.config'],
  ])
})

test('toolchain homes that variables name are shown where they point, without what is private in them', (t) => {
  const names = [
    '/data/rustup',
    '/data/cargo/bin',
    '/data/cargo/registry',
    '/data/cargo/credentials.toml',
    '/data/go/pkg/mod',
  ]
  const more = ['/data/cargo', '/data/go', '/home/u/jdk', '/home/u/project/.venv', '/home']
  const look = machine(Object.fromEntries([...names, ...more].map((name) => [name, directory(name)])))
  const env = {
    RUSTUP_HOME: '/data/rustup',
    CARGO_HOME: '/data/cargo',
    GOPATH: '/home/u/gone:/data/go',
    JAVA_HOME: '/home/u/jdk',
    GOROOT: 'relative',
    VIRTUAL_ENV: '/home/u/project/.venv',
    NVM_DIR: '/home',
    OTHER_HOME: '/home/u/other',
  }
  const shown = mountPlan(facts(look, { env })).filter(({ at }) => /^\/(?:data|home\/u\/jdk|home$)/.test(at))
  const want = ['/data/cargo/bin', '/data/cargo/registry', '/data/go/pkg/mod', '/data/rustup', '/home/u/jdk']
  t.deepEqual(
    shown.sort((a, b) => (a.at < b.at ? -1 : 1)),
    want.map((at) => ({ is: 'bind', from: at, at, writable: false })),
  )
})

test('a toolchain behind a symlink is shown at both places', (t) => {
  const look = machine({
    '/home/u/.pyenv': link('/data/pyenv', '/data/pyenv'),
    '/data/pyenv': directory('/data/pyenv'),
  })
  const mounts = mountPlan(facts(look, {}, ['/home/u/.pyenv/shims']))
  for (const path of ['/home/u/.pyenv', '/data/pyenv']) t.like(at(mounts, path)[0], { is: 'bind', from: '/data/pyenv' })
})

test('of another place on PATH only the installation is shown, never what holds home or the checkout', (t) => {
  const names = ['/home', '/srv/tool/bin', '/srv/tool/lib', '/srv/tool/secrets', '/opt/node']
  const look = machine(Object.fromEntries(names.map((name) => [name, directory(name)])))
  const mounts = mountPlan(facts(look, {}, ['/srv/tool/bin', '/opt/node/bin', '/home']))
  const shown = mounts.filter((mount) => names.includes(mount.at)).map((mount) => mount.at)
  t.deepEqual(shown.sort(), ['/opt/node', '/srv/tool/bin', '/srv/tool/lib'])
})

test('judges are bound read-only over themselves, where they are files of the tree', (t) => {
  const mounts = mountPlan(facts(machine(), { readOnly: ['has/judge', 'gone', 'link/judge'] }))
  const judge = '/home/u/project/has/judge'
  t.deepEqual(at(mounts, judge), [{ is: 'bind', from: '/cache/tree/project/has/judge', at: judge, writable: false }])
  t.false(mounts.some((mount) => mount.at.endsWith('gone') || mount.at.endsWith('link/judge')))
})

test('directories of this machine stand in the private home, where the command may write them', (t) => {
  const homeDirectories = [{ place: '.cache/go-build', dir: '/cache/build-caches/go-1' }]
  const mounts = mountPlan(facts(machine(), { homeDirectories }))
  const place = '/home/u/.cache/go-build'
  t.deepEqual(at(mounts, place), [{ is: 'bind', from: '/cache/build-caches/go-1', at: place, writable: true }])
  t.true(mounts.findIndex(({ at }) => at === '/home/u') < mounts.findIndex(({ at }) => at === place))
})

test('caches of the JVM can be written to where a tool of the JVM builds, and the user keeps theirs as it was', (t) => {
  const cache = '/home/u/.m2/repository'
  const look = machine({ [cache]: directory(cache) })
  t.like(at(mountPlan(facts(look)), cache)[0], { is: 'bind', writable: false })
  t.like(at(mountPlan(facts(look, { cwd: 'java' })), cache)[0], { is: 'layer' })
})

test('an include that leads through a symlink is refused', (t) => {
  const includes = [{ path: 'link/deps', source: '/home/u/project/deps', directory: true }]
  t.throws(() => mountPlan(facts(machine(), { includes })), {
    message: 'include link/deps: the path leads out of the work tree',
  })
})

test('without overlays, an include is read-only with room for the caches it has', (t) => {
  const source = '/home/u/project/node_modules'
  const look = machine({ [source]: directory(source), [`${source}/.cache`]: directory(`${source}/.cache`) })
  const mounts = mountPlan(facts(look, { includes: [{ path: 'node_modules', source, directory: true }] }))
  t.like(at(mounts, source)[0], { is: 'layer', caches: ['.cache'] })
  const stage = {
    root: '/r',
    scratch: '/s',
    points: [],
    overlays: false,
    support: supportOf(mounts, '/home/u/project'),
  }
  const rows = fstabTables(mounts, stage)
    .first.split('\n')
    .filter((row) => row.includes('node_modules'))
  t.deepEqual(
    rows.map((row) => row.split(' ').slice(1, 3).join(' ')),
    [`/r${source} none`, `/r${source}/.cache tmpfs`],
  )
  t.regex(rows[0] ?? '', /rbind,ro,/)
  const options = bwrapMounts(mounts, false)
  t.is(options[options.indexOf(source) - 1], '--ro-bind')
})

test('a table survives every name, keeps what is locked and makes mounts below read-only too', (t) => {
  const info = [
    '1 0 8:1 / / rw,relatime - ext4 /dev/a rw',
    '2 1 8:2 / /data rw,nosuid,nodev,noexec - ext4 /dev/b rw',
    '3 2 8:3 / /data/a\\040b/c rw,noexec - ext4 /dev/c rw',
  ]
  const points = parseMountinfo(info.join('\n'))
  const mounts: Mount[] = [{ is: 'bind', from: '/data/a b', at: '/x#\\\ny', writable: false }]
  const stage = { root: '/r', scratch: '/s', points, overlays: true, support: supportOf(mounts, '/nowhere') }
  const [, upper, below] = fstabTables(mounts, stage).first.split('\n')
  t.is(upper, '/data/a\\040b /r/x\\043\\134\\012y none rbind,ro,nosuid,nodev,X-mount.mkdir=0755,noexec 0 0')
  t.is(below, '/data/a\\040b/c /r/x\\043\\134\\012y/c none rbind,ro,nosuid,nodev,X-mount.mkdir=0755,noexec 0 0')
})
