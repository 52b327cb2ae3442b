import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import stub from '../../../src/engine/proposers/stub.ts'
import { ABSENT } from '../../helpers/absent.ts'
import { requestFor } from './request.ts'

const open = (source: string) => stub.open({ env: { PP_STUB_REPLY: source }, named: false, settings: {} })

test('the stub answers with the text it is given', async (t) => {
  const answer = await (await open('--- a/x\n+++ b/x\n')).propose(requestFor({}))
  t.is(answer.how === 'reply' && answer.text, '--- a/x\n+++ b/x\n')
})

test('the stub answers with the file it is given, and from a directory one file an attempt', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'pp-stub-'))
  try {
    await writeFile(join(dir, '2.diff'), 'second')
    await writeFile(join(dir, '10.diff'), 'tenth')
    const ofFile = await open(join(dir, '2.diff'))
    t.like(await ofFile.propose(requestFor({}, { n: 7 })), { how: 'reply', text: 'second' })
    const ofDirectory = await open(dir)
    t.like(await ofDirectory.propose(requestFor({}, { n: 1 })), { text: 'second' })
    t.like(await ofDirectory.propose(requestFor({}, { n: 3 })), { text: 'tenth' })
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('a stub without a reply says what to set', async (t) => {
  const error = await t.throwsAsync(stub.open({ env: {}, named: false, settings: {} }))
  t.like(error, { code: 'PROPOSER_FAILED' })
  await t.throwsAsync(open(ABSENT), { message: new RegExp(`cannot be read: ${ABSENT}`) })
})

test('an empty reply of the stub is a failure', async (t) => {
  t.like(await (await open(' \n ')).propose(requestFor({})), { how: 'failed', why: 'empty' })
})
