// machine-run KIND HOST SHELL: an engine of its own that runs one command and prints what it printed.
import type { SandboxHost, SandboxKind } from '../../../src/engine/ports/sandbox.ts'
import { complained, job, said, workspace } from './machine.ts'

const [kind = '', host = '', shell = ''] = process.argv.slice(2)
const at: SandboxHost = {
  ...(JSON.parse(host) as SandboxHost),
  clock: { now: () => new Date(), elapsed: () => performance.now(), random: (n) => new Uint8Array(n) },
}
const plug = (await import(`../../../src/engine/sandboxes/${kind}.ts`)) as { default: SandboxKind }
const sandbox = await plug.default.open(at)
const run = await sandbox.run(job(at, await workspace(at), shell))
process.stdout.write(said(run) + complained(run))
if (run.ended.how !== 'exited') process.stdout.write(JSON.stringify(run.ended))
