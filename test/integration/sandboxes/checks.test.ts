import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import test, { type ExecutionContext } from 'ava'
import { checkFromOutside } from '../../../src/engine/sandboxes/lib/checks/check-outside.ts'
import { CHECK, GATE } from '../../../src/engine/sandboxes/lib/checks/check-script.ts'
import type { Mount } from '../../../src/engine/sandboxes/lib/mount.ts'
import { mountPoints } from '../../../src/engine/sandboxes/lib/mountinfo.ts'
import { where } from '../../helpers/needs.ts'

const WORD = 'word-of-this-run'

/** What the checks from inside report when they run in the open, with these arguments, and what came of the command. */
async function inTheOpen(hidden: string, network: string, answer: string) {
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe', 'ignore', 'ignore', 'ignore', 'pipe'] as const
  const script = `${CHECK}\necho "the command runs" ${GATE}<&-`
  const child = spawn('sh', ['-c', script, 'pp', WORD, hidden, network], { stdio: [...stdio], cwd: '/' })
  const all = child.stdio as readonly unknown[]
  ;(all[GATE] as Writable).on('error', () => {})
  ;(all[GATE] as Writable).end(answer)
  const text = async (stream: unknown) => Buffer.concat(await (stream as Readable).toArray()).toString()
  const [out, said] = await Promise.all([text(child.stdout), text(all[3])])
  return { out, said }
}

test('the checks from inside name a path that should be hidden, a device of the network, and a root that can be written', async (t) => {
  const shown = await inTheOpen('/etc/passwd', 'allow', `${WORD}\n`)
  t.deepEqual(shown, { out: '', said: 'the sandbox leaks: it shows /etc/passwd\n' })
  const others = Object.keys(networkInterfaces()).filter((name) => name !== 'lo')
  const open = await inTheOpen('', 'deny', `${WORD}\n`)
  if (others.length > 0) t.regex(open.said, /^the sandbox leaks: it has the network device \w+/)
  t.is(open.out, '')
  if (process.getuid?.() !== 0) return
  t.deepEqual(
    (await inTheOpen('/no/such/path', 'allow', `${WORD}\n`)).said,
    'the sandbox leaks: its root directory can be written\n',
  )
})

/** A process that waits, started through other programs. */
function waiting(t: ExecutionContext, argv: readonly string[]): ChildProcess {
  const [program = '', ...args] = [...argv, 'sh', '-c', 'sleep 600; :']
  const child = spawn(program, args, { stdio: 'ignore', detached: true })
  t.teardown(() => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    } catch {
      // It has ended.
    }
  })
  return child
}

const NAMESPACES = ['--user', '--map-root-user', '--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child', '--']
const plan = (mounts: readonly Mount[], network: 'deny' | 'allow' = 'deny') => {
  return { mounts, network, points: mountPoints(), state: '/no/such/directory' }
}

/** Asks until the process stands. */
async function answer(child: ChildProcess, intended: ReturnType<typeof plan>, not: RegExp) {
  let said: string | null = null
  for (let n = 0; n < 100; n++) {
    said = checkFromOutside(child.pid ?? 0, intended)
    if (said === null || !not.test(said)) return said
    await sleep(20)
  }
  return said
}

test('from outside, a process in the namespaces of this machine is no sandbox', async (t) => {
  const child = waiting(t, ['sh', '-c', '"$@"; :', 'pp'])
  await sleep(100)
  t.is(checkFromOutside(child.pid ?? 0, plan([])), 'its process cannot be found in a namespace of its own')
})

const namespaces = spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'true']).status === 0
const seeing = where(namespaces, 'this user can make no namespaces here')
seeing('from outside, a shared network and mounts that differ from the plan are seen', async (t) => {
  const starting = /cannot be found/
  const shared = waiting(t, ['unshare', ...NAMESPACES])
  t.is(await answer(shared, plan([]), starting), 'it shares the net namespace of this machine')
  const child = waiting(t, ['unshare', '--net', ...NAMESPACES])
  const everything = mountPoints()
    .filter(({ at }) => at !== '/')
    .map(({ at }): Mount => ({ is: 'bind', from: at, at, writable: true }))
  t.is(await answer(child, plan(everything), starting), null)
  const without = everything.filter(({ at }) => at !== '/proc' && !at.startsWith('/proc/'))
  t.is(await answer(child, plan(without), starting), '/proc is mounted')
  const missing: Mount = { is: 'tmpfs', at: '/no/such/mount', mode: '0755', bytes: 1 }
  t.is(await answer(child, plan([...everything, missing]), starting), '/no/such/mount is not mounted')
  const guarded = everything.map((one): Mount => (one.at === '/proc' ? ({ ...one, writable: false } as Mount) : one))
  t.is(await answer(child, plan(guarded), starting), '/proc can be written')
})
