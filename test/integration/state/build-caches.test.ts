import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { buildCachesFor } from '../../../src/engine/core/build-caches/index.ts'
import type { Execution } from '../../../src/engine/model/evidence.ts'
import type { Sandbox, SandboxJob } from '../../../src/engine/ports/sandbox.ts'
import { withBuildCaches } from '../../../src/engine/state/index.ts'

const NOW = new Date('2026-11-30T12:00:00.000Z')
const GO = buildCachesFor(['a/go.mod'])

type Command = (dir: string) => Promise<unknown>

/** A sandbox whose command is called with the directory that stands at the place of the cache; '' if there is none. */
async function bed(t: ExecutionContext, able = true) {
  const root = await fs.mkdtemp(join(tmpdir(), 'pp-caches-'))
  t.teardown(() => fs.rm(root, { recursive: true, force: true }))
  let command: Command = async () => {}
  const inner = {
    ...(able && { homeDirectories: true }),
    async run({ homeDirectories = [] }: SandboxJob) {
      t.true(homeDirectories.every(({ place }) => place === '.cache/go-build'))
      await command(homeDirectories[0]?.dir ?? '')
      return {} as Execution
    },
  } as unknown as Sandbox
  const dir = join(root, 'build-caches')
  const sandbox = withBuildCaches(inner, GO, dir, { now: () => NOW })
  const run = (buildCaches: SandboxJob['buildCaches'], next: Command) => {
    command = next
    const job = { signal: new AbortController().signal, ...(buildCaches && { buildCaches }) }
    return sandbox.run(job as SandboxJob)
  }
  return { root, dir, run, inner, sandbox }
}

const namesIn = async (dir: string) => (await fs.readdir(dir)).sort()

test('runs start from what the run of the base left, each from a copy of its own', async (t) => {
  const { run, dir } = await bed(t)
  await run('use', async (at) => t.is(at, ''))
  await run('fill', async (at) => {
    t.deepEqual(await namesIn(at), [])
    await fs.writeFile(join(at, 'made'), 'of the base')
  })
  await run('use', async (at) => {
    t.is(await fs.readFile(join(at, 'made'), 'utf8'), 'of the base')
    // Results of tests that are older than the first of these runs are not to be used.
    t.is(await fs.readFile(join(at, 'testexpire.txt'), 'utf8'), '1796040000000000000\n')
    await fs.writeFile(join(at, 'made'), 'poison')
    await fs.writeFile(join(at, 'more'), 'poison')
  })
  await run('use', async (at) => {
    t.is(await fs.readFile(join(at, 'made'), 'utf8'), 'of the base')
    t.deepEqual(await namesIn(at), ['made', 'testexpire.txt'])
  })
  t.deepEqual(await namesIn(dir), ['go'])
})

test('a second run of the base starts from nothing, and what it leaves is not kept', async (t) => {
  const { run } = await bed(t)
  await run('fill', (at) => fs.writeFile(join(at, 'made'), 'first'))
  await run('fill', async (at) => {
    t.deepEqual(await namesIn(at), [])
    await fs.writeFile(join(at, 'made'), 'second')
  })
  await run('use', async (at) => t.is(await fs.readFile(join(at, 'made'), 'utf8'), 'first'))
})

test('other runs have no cache: of an agent, of the setup, and where none was filled', async (t) => {
  const { run } = await bed(t)
  await run('fill', async () => {})
  await run('use', async (at) => t.is(at, ''))
  await run('fill', (at) => fs.writeFile(join(at, 'made'), 'x'))
  await run(undefined, async (at) => t.is(at, ''))
})

test('a link that the base leaves at the name of a file of ours leads nowhere', async (t) => {
  const { run, root } = await bed(t)
  const victim = join(root, 'victim')
  await fs.writeFile(victim, 'mine')
  await run('fill', async (at) => {
    await fs.writeFile(join(at, 'made'), 'x')
    await fs.symlink(victim, join(at, 'testexpire.txt'))
  })
  t.is(await fs.readFile(victim, 'utf8'), 'mine')
  await run('use', async (at) => t.true((await fs.lstat(join(at, 'testexpire.txt'))).isFile()))
})

test('a tree without go.mod, and a sandbox whose home takes no directories, are left as they are', async (t) => {
  t.deepEqual(buildCachesFor(['main.go', 'go.mod.txt', 'vendor/xgo.mod']), [])
  const { inner, sandbox, dir } = await bed(t, false)
  t.is(sandbox, inner)
  const { inner: able } = await bed(t)
  t.is(withBuildCaches(able, [], dir, { now: () => NOW }), able)
})
