import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { findTool, toolPath } from '../../../src/engine/sandboxes/lib/find-tools.ts'
import { NO_LOOPBACK, RAISE_LOOPBACK } from '../../../src/engine/sandboxes/lib/loopback.ts'
import { where } from '../../helpers/needs.ts'
import { engine } from './lone-engine.ts'
import { host, outcome, users, working } from './machine.ts'

const tools = toolPath({ path: '', checkout: '/nowhere' })
const raisers = ['ip', 'ifconfig', 'busybox'].flatMap((name) => findTool(tools, name) ?? [])
const confines = (await working()).includes('unshare')

/** Whether the loopback of a fresh network namespace stands after the function ran with these programs alone. */
async function raised(t: ExecutionContext, programs: readonly string[]) {
  const dir = await fs.mkdtemp('/tmp/pp-loopback-')
  t.teardown(() => fs.rm(dir, { recursive: true, force: true }))
  await fs.chmod(dir, 0o755)
  for (const program of programs) await fs.symlink(program, path.join(dir, path.basename(program)))
  const [grep, unshare] = ['grep', 'unshare'].map((name) => findTool(tools, name) ?? '')
  const script = `${RAISE_LOOPBACK}\nraise_loopback /mnt && echo up || echo down; ${grep} -cm1 127.0.0.1 /proc/net/fib_trie`
  const spaces = ['--user', '--map-root-user', '--mount', '--net', '--', '/bin/sh', '-c', script]
  const { stdout, stderr } = spawnSync(unshare ?? '', spaces, { env: { PATH: dir }, encoding: 'utf8' })
  return { said: stdout.split('\n').slice(0, 2), stderr }
}

where(confines, 'unshare does not work here')('unshare works, so that its loopback can be looked at', (t) => {
  t.true(confines)
})

if (confines) {
  for (const program of raisers)
    test(`${path.basename(program)} alone brings up the loopback`, async (t) => {
      t.deepEqual(await raised(t, [program]), { said: ['up', '1'], stderr: '' })
    })

  test('without any program for it the loopback stays down, without noise', async (t) => {
    t.deepEqual(await raised(t, []), { said: ['down', '0'], stderr: '' })
  })
}

if (confines && users.includes('nobody'))
  test('unshare: where no program brings up the loopback, an ordinary user hears what to install, if the kernel does not help', async (t) => {
    const at = await host(t, { who: 'nobody' })
    const masked = raisers.map((tool) => `mount --bind /dev/null ${tool}`).join(' && ')
    const within = ['unshare', '--mount', 'sh', '-c', `${masked} && exec "$@"`, 'sh']
    const { probe, ended } = await outcome(
      engine('unshare', at, 'grep -c 127.0.0.1 /proc/net/fib_trie', {}, {}, within),
    )
    if (probe === null) t.deepEqual(ended, { how: 'exited', code: 0 })
    else t.is(probe, `${NO_LOOPBACK}; or install bubblewrap`)
  })
