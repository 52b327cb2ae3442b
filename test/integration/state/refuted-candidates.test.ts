import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { refutedCandidates } from '../../../src/engine/state/index.ts'
import { openRefuted } from '../../../src/engine/wiring/index.ts'

const key = (text: string) => createHash('sha256').update(text).digest('hex')
const [A, B] = [key('a'), key('b')]

/** A directory with a file in which A is refuted. */
async function withA(t: ExecutionContext): Promise<{ dir: string; file: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'pp-refuted-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const first = await refutedCandidates(dir)
  first.add(A)
  await first.save()
  return { dir, file: join(dir, 'refuted') }
}

test('what one session refuted the next one knows', async (t) => {
  const { dir } = await withA(t)
  const next = await refutedCandidates(dir)
  t.deepEqual([next.has(A), next.has(B)], [true, false])
  next.add(B)
  await next.save()
  t.true((await refutedCandidates(dir)).has(A))
  t.true((await refutedCandidates(dir)).has(B))
})

test('a file with a changed byte, of another mode, or older than a day is not used', async (t) => {
  const { dir, file } = await withA(t)
  const text = await readFile(file, 'latin1')
  await writeFile(
    file,
    text.replace(
      A,
      A.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    ),
  )
  t.false((await refutedCandidates(dir)).has(A))
  await writeFile(file, `${text}\n${B}`)
  t.false((await refutedCandidates(dir)).has(B))
  await writeFile(file, text)
  await chmod(file, 0o666)
  t.false((await refutedCandidates(dir)).has(A))
  await chmod(file, 0o600)
  t.true((await refutedCandidates(dir)).has(A))
  const old = new Date(Date.now() - 25 * 3_600_000)
  await utimes(file, old, old)
  t.false((await refutedCandidates(dir)).has(A))
})

for (const [where, env, unsandboxed, kind] of [
  ['in CI', { CI: 'true' }, false, 'bubblewrap'],
  ['beside a proposer without a sandbox', {}, true, 'bubblewrap'],
  ['without a sandbox', {}, false, 'none'],
] as const)
  test(`${where} nothing of earlier sessions is used, and nothing is left`, async (t) => {
    const { dir, file } = await withA(t)
    const before = await readFile(file, 'latin1')
    const here = await openRefuted({ env }, { state: dir }, { unsandboxed }, { sandbox: { kind } })
    t.false(here.has(A))
    here.add(B)
    await here.save()
    t.is(await readFile(file, 'latin1'), before)
    const plain = await openRefuted(
      { env: {} },
      { state: dir },
      { unsandboxed: false },
      { sandbox: { kind: 'unshare' } },
    )
    t.true(plain.has(A))
  })
