import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { PpError } from '../../../src/engine/model/error.ts'
import type { KeyPlace } from '../../../src/engine/model/trust.ts'
import ed25519 from '../../../src/engine/signers/ed25519.ts'
import { signerApart } from '../../../src/engine/signers/index.ts'
import { host, source } from '../../unit/signers/keys.ts'

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'bin', 'git-pp.cjs')
const MESSAGE = Buffer.from('what was proved')
const KEY = '1'.repeat(64)
const OTHER_KEY = '2'.repeat(64)

function directory(t: ExecutionContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'pp-apart-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

function open(dir: string, place: KeyPlace, env: Readonly<Record<string, string>> = {}) {
  const caller = {
    ...{ cwd: dir, home: dir, uid: 0, gid: 0, version: '0', node: process.execPath, program: PROGRAM },
    ...{ env: { PATH: process.env['PATH'] ?? '', ...env }, signal: new AbortController().signal },
  }
  return signerApart(caller, { mode: 'ed25519', place, scratch: dir })
}

test('a process of its own signs as this one would', async (t) => {
  const dir = directory(t)
  const file = join(dir, 'key')
  writeFileSync(file, KEY)
  const here = await ed25519.signer(source(KEY), await host(t))
  for (const signer of [await open(dir, { file }), await open(dir, { variable: 'THE_KEY' }, { THE_KEY: KEY })]) {
    t.is(signer.keyid, here.keyid)
    t.is(signer.fingerprint, here.fingerprint)
    t.deepEqual(Buffer.from(await signer.sign(MESSAGE)), Buffer.from(await here.sign(MESSAGE)))
  }
})

test('a key that is missing is refused before anything runs, with the words for the person who typed it', async (t) => {
  const dir = directory(t)
  const error = await t.throwsAsync<PpError>(open(dir, { file: join(dir, 'absent') }))
  t.is(error?.code, 'USAGE')
  t.is(error?.message, `cannot read the key ${join(dir, 'absent')}: ENOENT`)
  await t.throwsAsync(open(dir, { variable: 'ABSENT' }), { message: /ABSENT, which should hold the key, is not set/ })
})

test('a key that was replaced while the session ran does not sign', async (t) => {
  const dir = directory(t)
  const file = join(dir, 'key')
  writeFileSync(file, KEY)
  const signer = await open(dir, { file })
  writeFileSync(file, OTHER_KEY)
  await t.throwsAsync(signer.sign(MESSAGE), { message: /the key changed while the session ran/ })
})
