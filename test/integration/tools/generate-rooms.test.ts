import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'

const run = promisify(execFile)
const signers = 'src/engine/signers'
const proposers = 'src/engine/proposers'

async function project(t: ExecutionContext, files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'rooms-'))
  t.teardown(() => rm(root, { recursive: true, force: true }))
  await writeFile(join(root, 'package.json'), '{"type":"module"}')
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}

async function generate(root: string, ...flags: string[]): Promise<{ code: number; stderr: string }> {
  const argv = ['--import=tsx', 'tools/generate-rooms.ts', '--root', root, ...flags]
  return run(process.execPath, argv).then(
    ({ stderr }) => ({ code: 0, stderr }),
    (error: { code: number; stderr: string }) => ({ code: error.code, stderr: error.stderr }),
  )
}

test('an eager room lists its plugs in the order of their file names', async (t) => {
  const root = await project(t, {
    [`${signers}/ssh.ts`]: "export default { kind: 'ssh' }\n",
    [`${signers}/hmac-sha256.ts`]: "export default { kind: 'hmac-sha256' }\n",
    [`${signers}/lib/key.ts`]: 'export const no = 1\n',
  })
  t.is((await generate(root)).code, 0)
  const room = await import(join(root, signers, 'index.generated.ts'))
  t.deepEqual(
    room.signers.map((one: { kind: string }) => one.kind),
    ['hmac-sha256', 'ssh'],
  )
  t.is(room.findSigner('ssh').kind, 'ssh')
  t.is(room.findSigner('moon'), undefined)
})

test('a lazy room loads a plug only when it is asked for', async (t) => {
  const root = await project(t, {
    [`${proposers}/search.ts`]: "export default { kind: 'search' }\n",
    [`${proposers}/stub.ts`]: "export default { kind: 'stub' }\n",
  })
  t.is((await generate(root)).code, 0)
  const text = await readFile(join(root, proposers, 'index.generated.ts'), 'utf8')
  t.regex(text, /search: \(\) => import\('\.\/search\.ts'\)/)
  const room = await import(join(root, proposers, 'index.generated.ts'))
  t.is((await room.findProposer('stub')).kind, 'stub')
  t.is(await room.findProposer('toString'), undefined)
})

test('a kind that differs from its file, is missing or is taken twice is an error', async (t) => {
  const root = await project(t, {
    [`${signers}/a.ts`]: "export default { kind: 'a' }\n",
    [`${signers}/b.ts`]: "export default { kind: 'a' }\n",
    [`${signers}/c.ts`]: "export default { kind: 'sea' }\n",
    [`${signers}/d.ts`]: 'export const kind = 1\n',
  })
  const { code, stderr } = await generate(root)
  t.is(code, 1)
  t.regex(stderr, /signers\/b\.ts: kind 'a' is taken by a\.ts/)
  t.regex(stderr, /signers\/c\.ts: kind 'sea' differs from the file's name/)
  t.regex(stderr, /signers\/d\.ts: no kind/)
})

test('the list of kinds tells what each plug says of itself, in the order in which they are listed', async (t) => {
  const plug = (kind: string, ...facts: string[]) => `export default { ${[`kind: '${kind}'`, ...facts].join(', ')} }\n`
  const root = await project(t, {
    [`${signers}/ssh.ts`]: plug('ssh', 'offered: 1', "keyTells: 'always'", 'secret: 1'),
    [`${proposers}/stub.ts`]: plug('stub', 'offered: null'),
    [`${proposers}/ask.ts`]: plug('ask', 'offered: 2', 'suggested: true'),
    [`${proposers}/search.ts`]: plug('search', 'offered: 1'),
    'src/engine/sandboxes/bare.ts': plug('bare', 'strength: 0', 'automatic: null'),
    'src/engine/sandboxes/late.ts': plug('late', 'strength: 1', 'automatic: 2'),
    'src/engine/sandboxes/soon.ts': plug('soon', 'strength: 1', 'automatic: 1'),
    'src/engine/sandboxes/wall.ts': plug('wall', 'strength: 2', "automatic: 'image'"),
    'src/engine/evidence/runners/tap.ts': plug('tap', "ids: 'file::test'"),
    [`${proposers}/presets/robot.ts`]: plug('robot', "title: 'Robot'"),
    'src/engine/agents/helper.ts': plug('helper', "title: 'Helper'"),
    'src/engine/model/oid.ts': '',
  })
  t.is((await generate(root)).code, 0)
  const { PROPOSERS, PRESETS, SANDBOXES, SIGNERS, AGENTS, RUNNERS } = await import(
    join(root, 'src/engine/model/kinds.generated.ts')
  )
  t.deepEqual(PROPOSERS, [
    { kind: 'search', offered: 1, suggested: null, note: null },
    { kind: 'ask', offered: 2, suggested: true, note: null },
    { kind: 'stub', offered: null, suggested: null, note: null },
  ])
  t.deepEqual(
    SANDBOXES.map(({ kind }: { kind: string }) => kind),
    ['wall', 'soon', 'late', 'bare'],
  )
  t.deepEqual(SIGNERS, [{ kind: 'ssh', offered: 1, keyTells: 'always', keyType: null, signatureBytes: null }])
  t.deepEqual(PRESETS, [{ kind: 'robot', title: 'Robot' }])
  t.deepEqual(AGENTS, [{ kind: 'helper', title: 'Helper' }])
  t.deepEqual(RUNNERS, [{ kind: 'tap', ids: 'file::test' }])
  await writeFile(join(root, `${signers}/new.ts`), plug('new', 'offered: 2'))
  t.regex((await generate(root, '--check')).stderr, /model\/kinds\.generated\.ts is out of date/)
})

test('--check writes nothing and fails for a generated file that is out of date', async (t) => {
  const root = await project(t, { [`${signers}/ssh.ts`]: "export default { kind: 'ssh' }\n" })
  const before = await generate(root, '--check')
  t.is(before.code, 1)
  t.regex(before.stderr, /signers\/index\.generated\.ts is out of date; run: npm run generate/)
  await t.throwsAsync(readFile(join(root, signers, 'index.generated.ts')))
  await generate(root)
  t.is((await generate(root, '--check')).code, 0)
})
