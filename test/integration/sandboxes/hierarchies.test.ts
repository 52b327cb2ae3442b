import test from 'ava'
import { countIn, FILES } from '../../../src/engine/sandboxes/lib/cgroup-files.ts'
import { cgroupHierarchies } from '../../../src/engine/sandboxes/lib/cgroup-hierarchies.ts'

const MiB = 1024 * 1024
const mount = (root: string, at: string, type: string, options: string) =>
  `30 25 0:27 ${root} ${at} rw,nosuid shared:9 - ${type} ${type} rw,${options}`

test('version 1: below our own cgroup, in each hierarchy that bounds something', (t) => {
  const mountinfo = [
    '25 1 254:0 / / rw - ext4 /dev/vda rw',
    mount('/', '/sys/fs/cgroup/memory', 'cgroup', 'memory'),
    mount('/', '/sys/fs/cgroup/cpu,cpuacct', 'cgroup', 'cpu,cpuacct'),
    mount('/', '/sys/fs/cgroup/devices', 'cgroup', 'devices'),
  ].join('\n')
  const own = '4:memory:/app/one\n2:cpu,cpuacct:/\n3:devices:/\n1:name=systemd:/\n'
  t.deepEqual(
    cgroupHierarchies(mountinfo, own, () => ''),
    [
      { version: 1, dir: '/sys/fs/cgroup/memory/app/one', controllers: ['memory'] },
      { version: 1, dir: '/sys/fs/cgroup/cpu,cpuacct', controllers: ['cpu'] },
    ],
  )
})

test('version 2: beside our own cgroup first, then below it, with what is passed on there', (t) => {
  const passed: Readonly<Record<string, string>> = { '/sys/fs/cgroup/user.slice/app.slice': 'cpu memory pids\n' }
  const found = cgroupHierarchies(
    mount('/', '/sys/fs/cgroup', 'cgroup2', 'nsdelegate'),
    '0::/user.slice/app.slice/one.scope\n',
    (dir) => passed[dir] ?? '',
  )
  t.deepEqual(found, [
    { version: 2, dir: '/sys/fs/cgroup/user.slice/app.slice', controllers: ['memory', 'pids', 'cpu'] },
    { version: 2, dir: '/sys/fs/cgroup/user.slice/app.slice/one.scope', controllers: [] },
  ])
})

test('in a container the mount shows a part of the hierarchy; what lies outside of it is nowhere', (t) => {
  const mountinfo = mount('/docker/abc', '/sys/fs/cgroup/pids', 'cgroup', 'pids')
  const at = (path: string) => cgroupHierarchies(mountinfo, `8:pids:${path}\n`, () => '').map(({ dir }) => dir)
  t.deepEqual(at('/docker/abc'), ['/sys/fs/cgroup/pids'])
  t.deepEqual(at('/docker/abc/x'), ['/sys/fs/cgroup/pids/x'])
  t.deepEqual(at('/docker'), [])
  t.deepEqual(
    cgroupHierarchies(mount('/', '/sys/fs/cgroup', 'cgroup2', ''), '0::/\n', () => 'pids'),
    [{ version: 2, dir: '/sys/fs/cgroup', controllers: ['pids'] }],
  )
  t.deepEqual(
    cgroupHierarchies('', '', () => ''),
    [],
  )
})

test('a bound is said in the words of each version, swap included, and none where there is none', (t) => {
  const bounds = { memory: 64 * MiB, cpus: 1.5, processes: 100, disk: null }
  const said = (version: 1 | 2) =>
    Object.values(FILES[version].settings(bounds))
      .flat()
      .map(({ file, text }) => `${file}=${text}`)
  t.deepEqual(said(1), [
    ...['memory.limit_in_bytes=67108864', 'memory.memsw.limit_in_bytes=67108864', 'pids.max=100'],
    ...['cpu.cfs_period_us=100000', 'cpu.cfs_quota_us=150000'],
  ])
  t.deepEqual(said(2), [
    ...['memory.max=67108864', 'memory.swap.max=0', 'memory.oom.group=1', 'pids.max=100', 'cpu.max=150000 100000'],
  ])
  const free = FILES[2].settings({ memory: null, cpus: null, processes: null, disk: null })
  t.deepEqual(Object.values(free).flat(), [])
})

test('a count is found by its key', (t) => {
  t.is(countIn('low 0\nhigh 0\nmax 7\noom 3\noom_kill 2\noom_group_kill 1\n', 'oom_kill'), 2)
  t.is(countIn('max 12\n', 'max'), 12)
  t.is(countIn('', 'max'), 0)
})
