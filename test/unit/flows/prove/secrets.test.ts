import test from 'ava'
import { proveFlow } from '../../../../src/engine/flows/prove/index.ts'
import { PpError } from '../../../../src/engine/model/error.ts'
import { CALC, edits, proposerOf, RIGHT, runningWith, type Story, sessionOf } from '../../../support/fakes.ts'
import { decode, type Repository } from '../../../support/repository.ts'

const VALUE = 'Canary hunter2 Kp9xWv4T'
const HEX = Buffer.from(VALUE).toString('hex')
const secrets = [{ name: 'DB_PASSWORD', value: VALUE }]

/** A suite with two tests whose names differ only in the notation of a secret; both have the message of the runner. */
const NAMED = {
  'calc.js': 'wrong\n',
  'test/calc.test.js': `adds ${VALUE}: calc.js has right\nadds ${HEX}: calc.js has right\n`,
}

async function sealed(story: Story) {
  const { session, existing, repository, happenings } = await sessionOf({ secrets, ...story })
  return { ...(await proveFlow(session, existing)), repository, happenings }
}

/** Everything that a session left under any ref or note, and what it told. */
async function kept(repository: Repository, ...more: readonly unknown[]): Promise<string> {
  const notes = []
  for (const name of repository.names.keys())
    if (name.startsWith('refs/notes/'))
      for await (const [, bytes] of repository.notes.each(name)) notes.push(decode(bytes))
  return [...notes, JSON.stringify(more)].join('\n')
}

test('names of tests are compared as they are, and masked in bundle, notes, answer and talk', async (t) => {
  const { result, bundle, repository, happenings } = await sealed({ base: NAMED, change: RIGHT })
  t.is(result.verdict, 'PROVED', result.reason)
  t.deepEqual(result.flipped, ['adds [redacted:DB_PASSWORD]', 'adds [redacted:DB_PASSWORD] #2'])
  const files = [...bundle.files].map(([path, bytes]) => `${path}\n${decode(bytes)}`).join('\n')
  for (const text of [VALUE, HEX]) t.false((await kept(repository, result, happenings, files)).includes(text))
})

test('the message of the final commit is made of masked names', async (t) => {
  const one = { 'calc.js': 'wrong\n', 'test/calc.test.js': `adds ${VALUE}: calc.js has right\n` }
  const { result, repository } = await runningWith({ base: one, secrets }, proposerOf(edits(RIGHT)))
  t.is(result.verdict, 'PROVED', result.reason)
  t.is((await repository.history.commit(result.final ?? '')).subject, 'Make adds [redacted:DB_PASSWORD] pass')
})

test('a proposal that holds a value hears DENIED and "a secret", and nothing more', async (t) => {
  const proposer = proposerOf(edits({ 'calc.js': `right and even ${VALUE}\n` }), edits(RIGHT))
  const { result, bundle, repository } = await runningWith({ base: CALC, secrets }, proposer)
  t.is(result.verdict, 'PROVED')
  t.deepEqual(proposer.requests[1]?.earlier, [
    { n: 1, verdict: 'DENIED', sentence: 'a secret', patch: null, output: null, broken: null },
  ])
  t.regex(result.attempts[0]?.reason ?? '', /^calc\.js: the change adds the value of the variable DB_PASSWORD/)
  const files = [...bundle.files].map(([, bytes]) => decode(bytes)).join('\n')
  t.false((await kept(repository, result, files)).includes(VALUE))
})

test('a given change that holds a value is DENIED, and no patch and no commit of it is kept', async (t) => {
  const { result, bundle, repository } = await sealed({
    base: CALC,
    change: { 'calc.js': `right and even ${VALUE}\n` },
  })
  t.is(result.verdict, 'DENIED')
  t.deepEqual(
    [...bundle.files.keys()].filter((path) => path.endsWith('.patch')),
    [],
  )
  t.deepEqual(
    [...repository.names.keys()].filter((name) => name.includes('/attempts/')),
    [],
  )
  t.false(
    (
      await kept(
        repository,
        result,
        [...bundle.files].map(([, bytes]) => decode(bytes)),
      )
    ).includes(VALUE),
  )
})

test('a commit whose message holds a value is DENIED', async (t) => {
  const { session, existing, repository } = await sessionOf({ base: CALC, change: RIGHT, secrets })
  const at = new Date(0)
  const spec = { tree: existing.tree, parents: [session.base.commit], message: `Mend it\n\nwith ${VALUE}\n`, at }
  const commit = await repository.history.write(spec)
  const { result } = await proveFlow(session, { tree: existing.tree, commit })
  t.is(result.verdict, 'DENIED')
  t.regex(result.reason, /^the message of the commit holds the value of the variable DB_PASSWORD/)
})

test('a bundle in which a value would stand is refused, with the variable, the place and the line to type', async (t) => {
  const base = { ...CALC, 'calc.js': `wrong and even x${VALUE}x\n` }
  const { session, existing, repository } = await sessionOf({
    base,
    change: { 'calc.js': 'right and even\n' },
    secrets,
  })
  const typed = { options: ['--env=DB_PASSWORD', '--runs=2'], words: ['HEAD', 'run-tests'], argv: null }
  const error = await t.throwsAsync(proveFlow({ ...session, typed }, existing), { instanceOf: PpError })
  t.like(error, { code: 'SECRET_FOUND', status: 1 })
  t.regex(error?.message ?? '', /would hold the value of the variable DB_PASSWORD in .*\.patch, so nothing was kept/)
  t.regex(error?.mend ?? '', /env -u DB_PASSWORD git pp prove --runs=2 HEAD run-tests$/)
  t.false(`${error?.message} ${error?.mend}`.includes(VALUE))
  t.deepEqual(
    [...repository.names.keys()].filter((name) => name.startsWith('refs/notes/')),
    [],
  )
})
