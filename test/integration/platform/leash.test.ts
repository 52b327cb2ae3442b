import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test, { type ExecutionContext } from 'ava'
import { WATCHED_COMMAND, WATCHED_COMMAND_ALONE } from '../../../src/engine/platform/index.ts'

function leashed(t: ExecutionContext, leash: string, script: string) {
  const child = spawn('sh', ['-c', leash, 'pp', 'sh', '-c', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  // The watcher holds the line until it ends, and a line that is open keeps this process.
  t.teardown(() => {
    child.kill('SIGKILL')
    child.stdio[3]?.destroy()
  })
  return child
}

for (const [name, leash] of Object.entries({ LEASH: WATCHED_COMMAND, LEASH_ALONE: WATCHED_COMMAND_ALONE })) {
  test(`${name}: the group dies as soon as the line ends, whatever it ignores`, async (t) => {
    const child = leashed(t, leash, 'trap "" TERM HUP INT; sleep 60 & echo ready; wait')
    await once(child.stdout as NodeJS.EventEmitter, 'data')
    child.stdio[3]?.destroy()
    t.deepEqual(await once(child, 'exit'), [null, 'SIGKILL'])
  })
}

test('the command keeps its status, and descriptor 3 only where it is to have it', async (t) => {
  const status = async (leash: string, script: string) => (await once(leashed(t, leash, script), 'exit'))[0]
  t.is(await status(WATCHED_COMMAND, 'exit 7'), 7)
  t.is(await status(WATCHED_COMMAND, '[ -e /proc/self/fd/3 ]'), 0)
  t.is(await status(WATCHED_COMMAND_ALONE, '[ -e /proc/self/fd/3 ]'), 1)
})
