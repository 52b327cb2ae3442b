import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { pp } from '../helpers/pp.ts'
import { type TestRepo, tempRepo } from '../helpers/repo.ts'

const FIXTURES = new URL('../fixtures/earlier-version/', import.meta.url)
const KEY = fileURLToPath(new URL('key.pub', FIXTURES))
const SIGNED = '01m8ktwjdk7r46y6h4atyq0397'
const FLAKY = '01m8ktwre8fwejvzd2x4hvykcs'
const FOUND = '01m8ktx72r15j16bqkz9z4gr98'

/** A repository with everything that the earlier version left in it. */
async function left(t: ExecutionContext): Promise<TestRepo> {
  const repo = await tempRepo(t, {})
  const bundle = fileURLToPath(new URL('repository.bundle', FIXTURES))
  await promisify(execFile)('git', ['fetch', '-q', '--update-head-ok', bundle, '+refs/*:refs/*'], {
    cwd: repo.dir,
    env: repo.env,
  })
  return repo
}

test('proofs of an earlier version are listed and shown with the same facts', async (t) => {
  const repo = await left(t)
  const answers = JSON.parse(await readFile(new URL('answers.json', FIXTURES), 'utf8'))
  const { json } = await pp(repo, ['log', '--json'])
  t.deepEqual(json, answers.log)
  for (const [at, session] of [SIGNED, FLAKY, FOUND].entries()) {
    // The record had them, and that version did not show them.
    const { trials, ...shown } = (await pp(repo, ['show', session, '--json'])).json as Record<string, unknown>
    t.deepEqual(shown, answers.show[at])
    t.deepEqual(trials !== undefined, session === FLAKY)
  }
})

test('proofs of an earlier version are verified, with their signature where they have one', async (t) => {
  const repo = await left(t)
  const signed = await pp(repo, ['verify', SIGNED, '--key', KEY, '--json'])
  t.is(signed.status, 0, signed.stdout + signed.stderr)
  const found = await pp(repo, ['verify', FOUND, '--allow-unsigned', '--json'])
  t.is(found.status, 0, found.stdout + found.stderr)
  t.is((await pp(repo, ['verify', FLAKY, '--allow-unsigned', '--json'])).json.verdict, 'STABILIZED_UNSIGNED')
})

test('proofs of an earlier version are replayed', async (t) => {
  const repo = await left(t)
  for (const session of [SIGNED, FOUND]) {
    const { status, json } = await pp(repo, ['replay', session, '--json'])
    t.is(json.verdict, 'REPRODUCED', json.reason)
    t.is(status, 0)
  }
})
