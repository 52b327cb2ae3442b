import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { removeTree } from '../../../src/engine/platform/remove-tree.ts'
import { deepTree } from '../../helpers/deep-tree.ts'

async function place(t: ExecutionContext): Promise<string> {
  const root = await fs.mkdtemp(join(tmpdir(), 'pp-remove-'))
  t.teardown(() => execFileSync('rm', ['-rf', root]))
  return root
}

test('a tree goes whose paths are longer than the system takes, and nothing is left beside it', async (t) => {
  const root = await place(t)
  const tree = join(root, 'tree')
  deepTree(tree)
  await t.throwsAsync(fs.rm(tree, { recursive: true }), { code: 'ENAMETOOLONG' })
  await removeTree(tree)
  t.deepEqual(await fs.readdir(root), [])
})

test('a tree goes with closed directories and names that are no text; where a link leads stays', async (t) => {
  const root = await place(t)
  const [tree, outside] = [join(root, 'tree'), join(root, 'outside')]
  await fs.mkdir(join(tree, 'closed/inner'), { recursive: true })
  await fs.mkdir(outside)
  await fs.writeFile(join(outside, 'kept'), '')
  await fs.symlink(outside, join(tree, 'link'))
  await fs.mkdir(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0xff, 0x0a])]))
  deepTree(join(tree, 'deep'))
  await fs.chmod(join(tree, 'closed'), 0)
  await removeTree(tree)
  await removeTree(tree)
  t.deepEqual(await fs.readdir(root), ['outside'])
  t.true(existsSync(join(outside, 'kept')))
})
