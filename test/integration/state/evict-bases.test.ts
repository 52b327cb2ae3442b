import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { BASES_IN_USE } from '../../../src/engine/model/shared-bases.ts'
import { evictBases } from '../../../src/engine/state/index.ts'

const DAY = 24 * 3_600_000
const NOW = Date.parse('2024-05-01T00:00:00Z')

/** A repository's directory with checkouts that were used so many days ago. */
async function repositoryWith(t: ExecutionContext, bases: Readonly<Record<string, number>>, bytes = 1) {
  const repository = await fs.mkdtemp('/tmp/pp-evict-')
  t.teardown(() => fs.rm(repository, { recursive: true, force: true }))
  for (const [name, days] of Object.entries(bases)) {
    const dir = path.join(repository, 'bases', name)
    await fs.mkdir(path.join(dir, 'tree'), { recursive: true })
    await fs.writeFile(path.join(dir, 'bytes'), String(bytes))
    const used = new Date(NOW - days * DAY)
    await fs.utimes(dir, used, used)
  }
  const left = async () => (await fs.readdir(path.join(repository, 'bases'))).filter((name) => !name.includes('~gone'))
  const uses = async (session: string, name: string) => {
    await fs.mkdir(path.join(repository, 'sessions', session), { recursive: true })
    await fs.appendFile(path.join(repository, 'sessions', session, BASES_IN_USE), `${name}\n`)
  }
  return { repository, left, uses }
}

test('an old checkout goes, and one that a session in progress uses stays', async (t) => {
  const { repository, left, uses } = await repositoryWith(t, { new: 1, old: 40, used: 50 })
  await uses('living', 'used')
  await uses('dead', 'old')
  const asked = { repository, living: ['living'], now: NOW }
  t.deepEqual(await evictBases({ ...asked, dryRun: true }), [path.join(repository, 'bases/old')])
  t.deepEqual((await left()).sort(), ['new', 'old', 'used'])
  await fs.rm(path.join(repository, 'sessions/dead'), { recursive: true })
  await evictBases({ ...asked, dryRun: false })
  t.deepEqual((await left()).sort(), ['new', 'used'])
})

test('a session that wrote down a checkout since the sweep began keeps it', async (t) => {
  const { repository, left, uses } = await repositoryWith(t, { old: 40 })
  await uses('just-begun', 'old')
  await evictBases({ repository, living: [], now: NOW, dryRun: false })
  t.deepEqual(await left(), ['old'])
})

test('the newest checkouts stay, up to a number and a size', async (t) => {
  const many = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`b${n}`, n]))
  const first = await repositoryWith(t, many)
  await evictBases({ repository: first.repository, living: [], now: NOW, dryRun: false })
  t.deepEqual((await first.left()).sort(), Object.keys(many).slice(0, 8))
  const large = await repositoryWith(t, { a: 1, b: 2, c: 3 }, 3 * 2 ** 30)
  await evictBases({ repository: large.repository, living: [], now: NOW, dryRun: false })
  t.deepEqual(await large.left(), ['a'])
})

test('an unfinished checkout goes unless its session is at work on it', async (t) => {
  const names = { 'a~making-living-1': 0, 'b~making-dead-2': 0, 'c~changed-3': 0, 'd~evicted': 0 }
  const { repository, left } = await repositoryWith(t, names)
  await evictBases({ repository, living: ['living'], now: NOW, dryRun: false })
  t.deepEqual(await left(), ['a~making-living-1'])
})
