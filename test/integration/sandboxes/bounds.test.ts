import { execFileSync, spawnSync } from 'node:child_process'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { ResourceBounds } from '../../../src/engine/model/bounds.ts'
import type { EnforcedRestrictions, SandboxJob } from '../../../src/engine/ports/sandbox.ts'
import { cgroupsOf } from '../../../src/engine/sandboxes/lib/cgroup-journal.ts'
import { openCgroups } from '../../../src/engine/sandboxes/lib/cgroups.ts'
import { watchDisk } from '../../../src/engine/sandboxes/lib/disk-watch.ts'
import { toolPath } from '../../../src/engine/sandboxes/lib/find-tools.ts'
import { endUnderInit } from '../../../src/engine/sandboxes/lib/init-script.ts'
import { engine } from './lone-engine.ts'
import { commandLines, host, job, outcome, plugOf, said, users, working, workspace } from './machine.ts'

const FREE: ResourceBounds = { memory: null, cpus: null, processes: null, disk: null }
const MiB = 1024 * 1024
const kinds = ['none', ...(await working())]

/** Whether cgroups can be made here, by whoever runs the tests. */
async function cgroupsHere(t: ExecutionContext) {
  const at = await host(t)
  return openCgroups(at, toolPath(at))
}

async function ran(
  t: ExecutionContext,
  kind: string,
  bounds: Partial<ResourceBounds>,
  shell: string,
  more: Partial<SandboxJob> = {},
) {
  const at = { ...(await host(t)), bounds: { ...FREE, ...bounds } }
  const sandbox = await (await plugOf(kind)).open(at)
  const run = await sandbox.run(job(at, await workspace(at), shell, more))
  t.deepEqual(await cgroupsOf(at.state, at.session), [], 'a cgroup is left')
  return { run, enforces: sandbox.enforces }
}

/** Passes over what this machine cannot bound; the attack table says so. */
function unless(
  t: ExecutionContext,
  enforces: EnforcedRestrictions,
  bound: 'memory' | 'processCount' | 'cpu',
): boolean {
  if (!enforces[bound]) t.log(`not bounded here: ${bound}`)
  return enforces[bound]
}

for (const kind of kinds) {
  test(`${kind}: a run that wants too much memory ends as limited, also when it goes on and succeeds`, async (t) => {
    const shell = `python3 -c "b'1' * (300 << 20)"; exit 0`
    const { run, enforces } = await ran(t, kind, { memory: 64 * MiB }, shell)
    if (unless(t, enforces, 'memory')) t.deepEqual(run.ended, { how: 'limited', by: 'memory', bound: 64 * MiB })
    else t.deepEqual(run.ended, { how: 'exited', code: 0 })
  })

  test(`${kind}: a fork bomb ends as limited, and nothing of it is left`, async (t) => {
    const word = `1021.${process.pid}${kinds.indexOf(kind)}`
    const shell = `for i in $(seq 200); do sleep ${word} & done`
    const { run, enforces } = await ran(t, kind, { processes: 50 }, shell)
    // Without cgroups the bound is one of the user's: the system refuses a fork, and the shell ends by itself.
    const counted = (await cgroupsHere(t)) !== null
    const ended: typeof run.ended = counted
      ? { how: 'limited', by: 'processes', bound: 50 }
      : { how: 'exited', code: 2 }
    if (unless(t, enforces, 'processCount')) t.deepEqual(run.ended, ended)
    t.deepEqual(await commandLines(word), [])
  })

  test(`${kind}: a run that fills the work tree is stopped`, async (t) => {
    const shell = 'head -c 64000000 /dev/zero >big; sync big; sleep 200'
    // A busy machine may need long to write and to count.
    const { run } = await ran(t, kind, { disk: 8 * MiB }, shell, { timeoutMs: 120_000 })
    t.deepEqual(run.ended, { how: 'limited', by: 'disk', bound: 8 * MiB })
  })

  test(`${kind}: a run within its bounds is left alone`, async (t) => {
    const bounds = { memory: 256 * MiB, cpus: 1.5, processes: 100, disk: 64 * MiB }
    const { run } = await ran(t, kind, bounds, 'head -c 4000000 /dev/zero >some; (true) && echo done; exit 3')
    t.deepEqual([run.ended, said(run)], [{ how: 'exited', code: 3 }, 'done\n'])
  })

  test(`${kind}: processors are shared out`, async (t) => {
    const { run, enforces } = await ran(t, kind, { cpus: 0.2 }, 'timeout 1 sh -c "while :; do :; done"; times')
    const [, children = ''] = said(run).trim().split('\n')
    const seconds = Number(/m([\d.]+)s/.exec(children)?.[1])
    t.true(unless(t, enforces, 'cpu') ? seconds < 0.6 : seconds > 0, said(run))
  })
}

for (const kind of kinds)
  for (const who of users)
    test(`${kind}: what is said to be bounded for ${who} is`, async (t) => {
      const at = { ...(await host(t, { who })), bounds: { ...FREE, memory: 96 * MiB, processes: 40 } }
      const shell = `python3 -c "b'1' * (300 << 20)" && echo memory
        n=0; for i in $(seq 100); do sleep 5 & n=$((n+1)); done 2>&-; echo all`
      const { ended, out, enforces } = await outcome(engine(kind, at, shell))
      t.is(out.includes('memory'), !enforces.memory)
      t.is(out.includes('all'), !enforces.processCount, JSON.stringify(ended))
      const counted = who === 'the caller' && (await cgroupsHere(t)) !== null
      if (enforces.memory || (counted && enforces.processCount)) t.is(ended.how, 'limited')
    })

for (const kind of kinds)
  test(`${kind}: when the machine runs out of memory, the command goes first`, async (t) => {
    const { run } = await ran(t, kind, {}, 'cat /proc/self/oom_score_adj')
    t.is(said(run), '1000\n')
  })

test('a daemon that cleared its environment and its session dies with its cgroup', async (t) => {
  const cgroups = await cgroupsHere(t)
  if (cgroups === null) {
    t.pass('no cgroups here')
    return
  }
  const at = await host(t)
  const ours = await openCgroups(at, toolPath(at))
  const cgroup = await ours?.open()
  if (!ours || !cgroup) throw new Error('no cgroup')
  const word = `1022.${process.pid}`
  const argv = [...ours.join(cgroup), '/bin/sh', '-c', `setsid env -i setsid sleep ${word} & sleep 0.2`]
  execFileSync(argv[0] ?? '', argv.slice(1), { stdio: 'ignore' })
  t.is((await commandLines(word)).length, 1)
  t.is((await cgroupsOf(at.state, at.session)).length, cgroup.dirs.length)
  await cgroup.kill()
  // The kernel ends them after it was told to; a cgroup can be removed only when none is left.
  await cgroup.dispose()
  t.deepEqual(await cgroupsOf(at.state, at.session), [])
  t.deepEqual(await commandLines(word), [])
})

test('a program that may not enter its cgroup does not start, and the run is not run', async (t) => {
  const at = await host(t)
  const ours = await openCgroups(at, toolPath(at))
  if (ours === null) {
    t.pass('no cgroups here')
    return
  }
  const cgroup = await ours.open()
  const [program = '', ...args] = [...ours.join(cgroup), 'touch', path.join(at.home, 'ran')]
  await cgroup.dispose()
  const { status, output } = spawnSync(program, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], encoding: 'utf8' })
  const ended = endUnderInit({ how: 'exited', code: status ?? 0 }, output[3] ?? '')
  t.deepEqual(ended, { how: 'not-run', reason: 'it may not enter its cgroup' })
  t.deepEqual(await fs.readdir(at.home), [])
})

test('a journal names no directory that is no cgroup, and no cgroup of another session', async (t) => {
  const at = await host(t)
  const decoy = path.join(at.home, `git-pp-${at.session}-1`)
  await fs.mkdir(decoy)
  await fs.writeFile(path.join(at.state, 'cgroups'), `${at.home}\nrelative\n/sys/fs/cgroup\n`)
  t.deepEqual(await cgroupsOf(at.state, at.session), [])
  await fs.rm(path.join(at.state, 'cgroups'))
  await fs.symlink('/proc/self/mountinfo', path.join(at.state, 'cgroups'))
  t.deepEqual(await cgroupsOf(at.state, at.session), [])
})

test('a disk is looked at once more when the run is over', async (t) => {
  const at = await host(t)
  let stopped = 0
  const watch = watchDisk(at.state, MiB, () => stopped++)
  await fs.writeFile(path.join(at.state, 'big'), new Uint8Array(8 * MiB), { flush: true })
  t.deepEqual([await watch.end(), await watch.end(), stopped], [true, true, 1])
})
