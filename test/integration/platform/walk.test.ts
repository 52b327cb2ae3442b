import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { walk } from '../../../src/engine/platform/walk.ts'
import { deepTree } from '../../helpers/deep-tree.ts'

async function place(t: ExecutionContext): Promise<string> {
  const root = await fs.mkdtemp(join(tmpdir(), 'pp-walk-'))
  t.teardown(() => execFileSync('rm', ['-rf', root]))
  return root
}

test('a walk comes to what lies deeper than the system takes paths, and can open it', async (t) => {
  const root = await place(t)
  deepTree(join(root, 'tree'))
  const files: string[] = []
  let directories = 0
  for await (const { path, at, facts } of walk(root)) {
    if (facts.isDirectory()) directories += 1
    else files.push(path + (await fs.readFile(at, 'utf8')))
  }
  t.is(directories, 31)
  t.deepEqual(files, [`tree/${`${'d'.repeat(200)}/`.repeat(30)}file`])
})

test('a walk follows no link and enters nothing whose name is to be skipped', async (t) => {
  const root = await place(t)
  await fs.mkdir(join(root, 'in/skipped'), { recursive: true })
  await fs.writeFile(join(root, 'in/skipped/file'), '')
  await fs.symlink('/', join(root, 'in/link'))
  const found: string[] = []
  for await (const { path } of walk(root, { skip: (name) => name === 'skipped' })) found.push(path)
  t.deepEqual(found, ['in', 'in/link'])
})
