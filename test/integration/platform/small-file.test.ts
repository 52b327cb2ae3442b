import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { readSmall } from '../../../src/engine/platform/index.ts'

test('a small regular file is read, and nothing else', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'pp-small-'))
  t.teardown(() => rm(dir, { recursive: true }))
  const [file, link, fifo] = [join(dir, 'file'), join(dir, 'link'), join(dir, 'fifo')]
  await writeFile(file, 'four')
  await symlink(file, link)
  execFileSync('mkfifo', [fifo])
  t.is((await readSmall(file, 4))?.toString(), 'four')
  t.is(await readSmall(file, 3), null)
  t.is(await readSmall(link, 4), null)
  t.is(await readSmall(fifo, 4), null)
  t.is(await readSmall(dir, 1 << 20), null)
  await t.throwsAsync(readSmall(join(dir, 'absent'), 4), { code: 'ENOENT' })
})
