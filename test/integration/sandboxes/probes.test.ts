import test from 'ava'
import type { ProbeMemory } from '../../../src/engine/ports/probe-memory.ts'
import { host, job, plugOf, working, workspace } from './machine.ts'

/** A memory that holds what it is told, and lists which probes were really made. */
function memory(): ProbeMemory & { readonly made: string[]; forgotten: number } {
  const all = new Map<string, string>()
  const made: string[] = []
  return {
    made,
    forgotten: 0,
    async recall(name, _programs, probe) {
      const before = all.get(name)
      if (before !== undefined) return { shown: before, remembered: true }
      made.push(name)
      const shown = await probe()
      if (shown !== null) all.set(name, shown)
      return { shown, remembered: false }
    },
    async forget() {
      this.forgotten += 1
      all.clear()
    },
  }
}

for (const kind of await working()) {
  test(`${kind}: what one session found out the next one does not try again, and its runs are the same`, async (t) => {
    const probes = memory()
    const plug = await plugOf(kind)
    const session = async () => {
      const at = { ...(await host(t)), probes }
      const sandbox = await plug.openIfWorks?.(at)
      if (sandbox === undefined || typeof sandbox === 'string') throw new Error(sandbox ?? 'it cannot be opened')
      const layering = await sandbox.layering()
      const run = await sandbox.run(job(at, await workspace(at, { 'a.txt': 'one\n' }), 'cat a.txt; exit 3'))
      const { version, enforces } = sandbox
      return { version, enforces, facts: layering?.facts, ended: run.ended, out: String(Buffer.from(run.stdout.kept)) }
    }
    const first = await session()
    t.deepEqual(first.ended, { how: 'exited', code: 3 })
    t.true(probes.made.length > 0)
    probes.made.length = 0
    t.deepEqual(await session(), first)
    t.deepEqual(probes.made, [])
  })

  test(`${kind}: a run that cannot be set up makes it forget what worked before`, async (t) => {
    const probes = memory()
    const plug = await plugOf(kind)
    const at = { ...(await host(t)), probes }
    const sandbox = await plug.openIfWorks?.(at)
    if (sandbox === undefined || typeof sandbox === 'string') throw new Error(sandbox ?? 'it cannot be opened')
    const tree = await workspace(at)
    const run = await sandbox.run(job(at, tree, 'true', { cwd: 'no/such/directory' }))
    t.is(run.ended.how, 'not-run')
    t.is(probes.forgotten, 1)
  })
}
