import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { probeMemory } from '../../../src/engine/state/index.ts'

async function bed(t: ExecutionContext) {
  const cache = await fs.mkdtemp('/tmp/pp-probes-')
  t.teardown(() => fs.rm(cache, { recursive: true, force: true }))
  const program = path.join(cache, 'program')
  await fs.writeFile(program, 'one')
  const user = { uid: process.getuid?.() ?? 0, tool: '1.0.0' }
  let probed = 0
  const probe = async () => {
    probed += 1
    return `works\n${probed}`
  }
  /** What a new session recalls, and whether it had to probe. */
  const recall = async (name = 'one', programs = [program], more: Partial<typeof user> = {}) => {
    const before = probed
    const { shown, remembered } = await probeMemory(cache, { ...user, ...more }).recall(name, programs, probe)
    t.is(remembered, probed === before)
    return remembered ? shown : null
  }
  return { cache, program, user, recall }
}

test('a probe is remembered for the same name, programs, user and version alone', async (t) => {
  const { program, recall } = await bed(t)
  t.is(await recall(), null)
  t.is(await recall(), 'works\n1')
  t.is(await recall('other'), null)
  t.is(await recall('one', []), null)
  t.is(await recall('one', [program], { tool: '1.0.1' }), null)
  t.is(await recall('one', [program], { uid: 77_777 }), null)
  await fs.writeFile(program, 'two')
  t.is(await recall(), null)
})

test('a probe with one other byte, of another file, or in a directory that others may enter, is not believed', async (t) => {
  const { cache, recall } = await bed(t)
  await recall()
  await recall('other')
  const dir = path.join(cache, 'probes')
  const [a = '', b = ''] = (await fs.readdir(dir)).map((name) => path.join(dir, name))
  const text = await fs.readFile(a, 'utf8')
  const other = await fs.readFile(b, 'utf8')
  const believed = async () => [await recall(), await recall('other')].filter((shown) => shown !== null).length
  t.is(await believed(), 2)
  await fs.writeFile(
    a,
    text.replace(/.$/, (last) => (last === '1' ? '2' : '1')),
  )
  t.is(await believed(), 1)
  await fs.writeFile(a, other)
  await fs.writeFile(b, text)
  t.is(await believed(), 0)
  await fs.chmod(dir, 0o755)
  t.is(await believed(), 0)
})

test('what does not work is not remembered, and what was recalled can be forgotten', async (t) => {
  const { cache, program, user, recall } = await bed(t)
  const memory = probeMemory(cache, user)
  t.deepEqual(await memory.recall('never', [program], async () => null), { shown: null, remembered: false })
  t.is(await recall('never'), null)
  t.is(await recall('never'), 'works\n1')
  await memory.recall('never', [program], async () => t.fail())
  await memory.forget()
  t.is(await recall('never'), null)
})

test('files of earlier boots are removed once they are old', async (t) => {
  const { cache, recall } = await bed(t)
  await recall()
  const dir = path.join(cache, 'probes')
  const [name = ''] = await fs.readdir(dir)
  const old = new Date(Date.now() - 31 * 86_400_000)
  await fs.utimes(path.join(dir, name), old, old)
  await recall('other')
  t.false((await fs.readdir(dir)).includes(name))
})
