// machine-run KIND HOST SHELL [MORE]: an engine of its own that runs one command; prints an Outcome as JSON.
import { randomBytes } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { NO_MEMORY } from '../../../src/engine/ports/probe-memory.ts'
import type { SandboxHost } from '../../../src/engine/ports/sandbox.ts'
import { complained, job, type More, type Outcome, plugOf, said, workspace } from './machine.ts'

const [kind = '', host = '', shell = '', more = '{}'] = process.argv.slice(2)
const at: SandboxHost = {
  ...(JSON.parse(host) as SandboxHost),
  clock: { now: () => new Date(), elapsed: () => performance.now(), random: (n) => randomBytes(n) },
  probes: NO_MEMORY,
}
const { files, dir, git = null, layered = false, job: changes } = JSON.parse(more) as More
const plug = await plugOf(kind)
const probe = await plug.probe(at)
const sandbox = await plug.open(at)
const fresh = await workspace(at, files)
const layering = layered ? await sandbox.layering() : null
if (layered && layering === null) throw new Error('overlays do not work here')
const top = join(at.state, 'top')
if (layered) await mkdir(top)
const stack = (await layering?.stack(join(at.state, 'stack'), [top, fresh.dir])) ?? null
const tree = { ...fresh, git, stack, dir: stack?.dir ?? dir ?? fresh.dir }
const run = await sandbox.run(job(at, tree, shell, changes))
const outcome: Outcome = {
  probe,
  ended: run.ended,
  out: said(run),
  err: complained(run),
  dir: fresh.dir,
  written: stack === null ? [] : await readdir(stack.written),
  durationMs: run.durationMs,
  enforces: sandbox.enforces,
}
process.stdout.write(JSON.stringify(outcome))
