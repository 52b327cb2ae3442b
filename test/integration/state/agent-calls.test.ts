import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { lastAgentCall, rememberAgentCall, stateDir } from '../../../src/engine/state/index.ts'

const CALL = { at: '2026-11-30T11:20:38.710Z', directory: '/home/u/project', answered: 'blocked: 2 tests fail' }

async function state(t: { teardown: (undo: () => Promise<void>) => void }): Promise<string> {
  const root = await fs.mkdtemp(join(tmpdir(), 'pp-state-'))
  t.teardown(() => fs.rm(root, { recursive: true, force: true }))
  return join(root, 'git-pp')
}

test('the last call of each agent is remembered, for its user alone', async (t) => {
  const dir = await state(t)
  t.is(await lastAgentCall(dir, 'claude'), null)
  await rememberAgentCall(dir, 'claude', { ...CALL, answered: 'let go' })
  await rememberAgentCall(dir, 'claude', CALL)
  t.deepEqual(await lastAgentCall(dir, 'claude'), CALL)
  t.is(await lastAgentCall(dir, 'codex'), null)
  t.deepEqual(await fs.readdir(join(dir, 'agents')), ['claude.json'])
  t.is((await fs.lstat(join(dir, 'agents', 'claude.json'))).mode & 0o777, 0o600)
  t.is((await fs.lstat(join(dir, 'agents'))).mode & 0o777, 0o700)
})

test('what is no record is none, and a place that cannot be written is no fault', async (t) => {
  const dir = await state(t)
  await rememberAgentCall(dir, 'codex', CALL)
  const file = join(dir, 'agents', 'codex.json')
  for (const text of ['', '{', '{}', '{"at": "yesterday", "directory": "/", "answered": "x"}', 'x'.repeat(70_000)]) {
    await fs.writeFile(file, text)
    t.is(await lastAgentCall(dir, 'codex'), null)
  }
  await fs.writeFile(`${dir}-file`, '')
  await rememberAgentCall(`${dir}-file`, 'codex', CALL)
  t.is(await lastAgentCall(`${dir}-file`, 'codex'), null)
})

test('the state lies where the user says, or below the home directory', (t) => {
  t.is(stateDir({ XDG_STATE_HOME: '/s' }, '/home/u'), '/s/git-pp')
  t.is(stateDir({ XDG_STATE_HOME: 's' }, '/home/u'), '/home/u/.local/state/git-pp')
})
