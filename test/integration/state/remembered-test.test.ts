import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { rememberedTest } from '../../../src/engine/state/index.ts'

async function tested(t: ExecutionContext) {
  const cache = await fs.mkdtemp('/tmp/pp-remembered-')
  t.teardown(() => fs.rm(cache, { recursive: true, force: true }))
  const program = path.join(cache, 'program')
  await fs.writeFile(program, 'one')
  const sandbox = { kind: 'fake', version: '1', programs: [program], uid: process.getuid?.() ?? 0, tool: '1.0.0' }
  const asked = (more: Partial<typeof sandbox> = {}) => rememberedTest(cache, { ...sandbox, ...more })
  return { cache, program, asked }
}

test('a test is remembered for the same programs, kernel, user and version alone', async (t) => {
  const { program, asked } = await tested(t)
  t.false(await (await asked()).known())
  await (await asked()).remember()
  t.true(await (await asked()).known())
  for (const more of [{ kind: 'other' }, { version: '2' }, { tool: '1.0.1' }, { programs: [] }])
    t.false(await (await asked(more)).known(), JSON.stringify(more))
  await fs.writeFile(program, 'two')
  t.false(await (await asked()).known())
})

test('a remembered test with one other byte, or in a directory that others may enter, is not believed', async (t) => {
  const { cache, asked } = await tested(t)
  await (await asked()).remember()
  const dir = path.join(cache, 'self-tests')
  const [name = ''] = await fs.readdir(dir)
  const text = await fs.readFile(path.join(dir, name), 'utf8')
  await fs.writeFile(
    path.join(dir, name),
    text.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
  )
  t.false(await (await asked()).known())
  await fs.writeFile(path.join(dir, name), text)
  t.true(await (await asked()).known())
  await fs.chmod(dir, 0o755)
  t.false(await (await asked()).known())
})
