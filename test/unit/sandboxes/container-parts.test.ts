import { readFileSync, writeFileSync } from 'node:fs'
import * as path from 'node:path'
import test from 'ava'
import { PolicyFile } from '../../../src/engine/model/policy-file.ts'
import { containerLimitsOf } from '../../../src/engine/sandboxes/lib/container/container-limits.ts'
import { createArgs } from '../../../src/engine/sandboxes/lib/container/create-arguments.ts'
import { endInContainer } from '../../../src/engine/sandboxes/lib/container/ended.ts'
import { openSessionContainers } from '../../../src/engine/sandboxes/lib/container/run-in-container.ts'
import { withoutNamespaces } from '../../../src/engine/sandboxes/lib/container/seccomp.ts'
import { forwardedEnvironment } from '../../../src/engine/sandboxes/lib/container/start-script.ts'
import { awaitStartMarker } from '../../../src/engine/sandboxes/lib/start-marker.ts'
import { host } from '../../integration/sandboxes/machine.ts'

const exited = (code: number) => ({ how: 'exited' as const, code })

test('an end counts only when process 1 and the client tell the same', (t) => {
  const end = (code: number, said: string, begun = true) => endInContainer(exited(code), begun, 'Error: broken\n', said)
  t.deepEqual(end(1, 'ended 1\n'), exited(1))
  for (const code of [125, 126, 127]) t.deepEqual(end(code, `ended ${code}\n`), exited(code))
  t.deepEqual(end(139, 'Segmentation fault\nended 139\n'), { how: 'signalled', signal: 'SIGSEGV' })
  t.deepEqual(end(139, 'ended 139\n'), exited(139))
  t.deepEqual(end(125, '', false), { how: 'not-run', reason: 'Error: broken' })
  for (const [code, said] of [
    [1, ''],
    [1, 'ended 0\n'],
    [125, ''],
    [0, 'ended 0\nmore'],
  ] as const)
    t.like(end(code, said), { how: 'not-run' }, said)
  t.like(endInContainer({ how: 'signalled', signal: 'SIGKILL' }, true, '', ''), { how: 'not-run' })
})

test('what comes before the start marker is apart from what comes after, however the chunks fall', async (t) => {
  const text = Buffer.from('WARN something\nhalf a herpp-1\nsaid\npp-1\n')
  for (let size = 1; size <= text.length; size++) {
    const after: Buffer[] = []
    const startMarker = awaitStartMarker('pp-1', (chunk) => after.push(Buffer.from(chunk)))
    for (let at = 0; at < text.length; at += size) startMarker.push(text.subarray(at, at + size))
    await startMarker.seen
    t.deepEqual([startMarker.before(), Buffer.concat(after).toString()], ['WARN something\nhalf a her', 'said\npp-1\n'])
  }
  const vain = awaitStartMarker('pp-1', () => t.fail())
  vain.push(Buffer.from('Error: no'))
  t.is(vain.before(), 'Error: no')
})

test('only bounds that the kernel keeps are asked for, and the others are recorded as not kept', (t) => {
  const bounds = { memory: 2 ** 31, cpus: 8, processes: 64, disk: null }
  const all = containerLimitsOf(bounds, { memory: true, swap: true, cpu: true, pids: true }, 2)
  t.is(all.args.join(' '), `--memory ${2 ** 31} --memory-swap ${2 ** 31} --cpus 2 --pids-limit 64`)
  t.deepEqual(all.enforced, { memory: true, cpu: true, processCount: true, disk: true })
  const none = containerLimitsOf(bounds, { memory: false, swap: false, cpu: false, pids: false }, 2)
  t.deepEqual(none, { args: [], enforced: { memory: false, cpu: false, processCount: false, disk: true } })
  const unsaid = containerLimitsOf({ ...bounds, cpus: null }, { memory: true, swap: false, cpu: true, pids: true }, 2)
  t.is(unsaid.args.join(' '), `--memory ${2 ** 31} --pids-limit 64`)
})

test('a seccomp profile loses every way to a new namespace and keeps the rest', (t) => {
  const rule = (names: string[], more = {}) => ({ names, action: 'SCMP_ACT_ALLOW', ...more })
  const text = JSON.stringify({
    defaultAction: 'SCMP_ACT_ERRNO',
    syscalls: [
      rule(['read', 'clone', 'unshare']),
      rule(['setns', 'clone3'], { includes: { caps: ['CAP_SYS_ADMIN'] } }),
    ],
  })
  const { defaultAction, syscalls } = JSON.parse(withoutNamespaces(text, 'x64'))
  t.is(defaultAction, 'SCMP_ACT_ERRNO')
  t.deepEqual(syscalls[0], rule(['read']))
  const allowed = syscalls.filter(({ action }: { action: string }) => action === 'SCMP_ACT_ALLOW')
  t.deepEqual(
    allowed.slice(1).map(({ names, args }: { names: string[]; args: { value: number }[] }) => [names, args[0]?.value]),
    [[['clone'], 0x7e020000]],
  )
})

test('a seccomp filter that cannot be read or understood is no filter at all: no container is made', async (t) => {
  const at = await host(t)
  const wish = {
    runtime: 'podman' as const,
    image: 'x',
    workdir: null,
    cpus: null,
    memory: null,
    processes: 1,
    env: {},
  }
  const can = { memory: true, swap: true, cpu: true, pids: true }
  const ask = async () => t.fail('the runtime was asked')
  for (const [n, text] of [null, 'no JSON', '{}', '{"syscalls": [{"names": "clone"}]}'].entries()) {
    const seccomp = path.join(at.home, `${n}.json`)
    if (text !== null) writeFileSync(seccomp, text)
    const chosen = {
      runtime: { name: 'podman' as const, program: '/usr/bin/podman', env: {}, ask: ask as never },
      facts: { version: 'podman 4', rootless: false, can, seccomp },
      image: { name: 'x', id: 'sha256:0', digest: null },
    }
    const message = `the seccomp profile ${seccomp} cannot be read`
    await t.throwsAsync(openSessionContainers(at, wish, chosen), { code: 'SANDBOX_UNAVAILABLE', message })
  }
})

test('a container is made without network, capabilities and log, and its paths may hold anything', (t) => {
  const made = {
    ...{ runtime: 'docker' as const, name: 'pp-s-1', session: 's', image: 'abc', user: [], limits: [], seccomp: null },
    ...{ network: 'deny' as const, room: 1024, cwd: '/a', command: ['--volume', '/:/host'] },
    mounts: [{ is: 'bind' as const, from: '/a "b",c', at: '/x:y', writable: false }],
  }
  const args = createArgs(made)
  const line = args.join(' ')
  for (const flags of ['--network none', '--cap-drop ALL', 'no-new-privileges', '--log-driver none', '--pull never'])
    t.true(line.includes(flags), flags)
  t.true(args.includes('"type=bind","src=/a ""b"",c","dst=/x:y","readonly"'))
  t.deepEqual(args.slice(-4), ['abc', '/run/pp/start', '--volume', '/:/host'])
  const open = createArgs({ ...made, network: 'allow' })
  t.false(open.includes('--network'))
  t.true(open.join(' ').includes('--add-host pp:127.0.0.1 --add-host pp:::1'))
})

test('variables that name places of this machine stay outside', (t) => {
  const env = { PATH: '/home/u/bin', JAVA_HOME: '/opt/java', LC_ALL: 'C', TZ: 'UTC', DATABASE_URL: 'x', CI: '1' }
  t.deepEqual(Object.keys(forwardedEnvironment(env)), ['LC_ALL', 'TZ', 'DATABASE_URL', 'CI'])
})

const image = (name: string) => PolicyFile.safeParse({ policy: { sandbox: { container_image: name } } }).success

test('the name of an image is nothing but one', (t) => {
  for (const name of [
    ...['python', 'python:3.11-slim', 'localhost/pp-test:1', 'ghcr.io/o/some_name/x:v1', 'reg.example:5000/a/b'],
    ...[`node@sha256:${'a'.repeat(64)}`, `node:20@sha256:${'a'.repeat(64)}`, 'b'.repeat(64), 'my_image'],
  ])
    t.true(image(name), name)
  for (const name of [
    '',
    '-v',
    '--privileged',
    'a b',
    'a\nb',
    'a:',
    '/a',
    'a//b',
    'a;b',
    '$(a)',
    'a@sha256:1',
    '../a',
    `a${'_a'.repeat(150)}!`,
  ])
    t.false(image(name), name)
})

test('the published schema knows that name too', (t) => {
  const schema = readFileSync(new URL('../../../docs/pp.schema.json', import.meta.url), 'utf8')
  t.regex(schema, /"container_image"[\s\S]{0,400}"pattern"/)
})
