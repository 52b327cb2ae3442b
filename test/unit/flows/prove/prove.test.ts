import test from 'ava'
import { proveFlow } from '../../../../src/engine/flows/prove/prove.ts'
import { CALC, proving, RIGHT, sessionOf } from '../../../support/fakes.ts'
import { tests } from '../../../support/sandbox.ts'
import { runnerWith } from '../../../support/suite.ts'

const once = 'policy: {verify: {runs: 1}}'

test('a change that turns the red green is PROVED, with runs in pairs', async (t) => {
  const result = await proving({ base: CALC, change: RIGHT })
  t.like(result, { verdict: 'PROVED', flipped: ['adds'], same: 1, counts: { reds: 3, greens: 3 }, judges: 'base' })
})

test('a patch that is too large for a note is recorded by its size and digest', async (t) => {
  const files = Array.from({ length: 10 }, (_, n) => [`lib/${n}.js`, 'one line of many\n'.repeat(2000)] as const)
  const told = await sessionOf({ base: CALC, change: { ...RIGHT, ...Object.fromEntries(files) } })
  const { bundle, result } = await proveFlow(told.session, told.existing)
  t.is(result.verdict, 'PROVED')
  const patches = [...bundle.files.keys()].filter((path) => path.includes('.patch'))
  t.deepEqual(patches, ['attempts/1/applied.patch.digest.json', 'final.patch.digest.json'])
})

test('with one pair it is red, green, red', async (t) => {
  const result = await proving({ base: CALC, change: RIGHT, policy: once })
  t.is(result.verdict, 'PROVED')
  t.deepEqual(
    result.runs.map(({ on, reading }) => `${on}: ${reading.is}`),
    ['base: red', 'change: green', 'red 2: red'],
  )
})

test('a change that brings its own failing test is PROVED against the base with that test', async (t) => {
  const base = { 'calc.js': 'even\n', 'test/calc.test.js': 'halves: calc.js has even\n' }
  const change = { 'calc.js': 'even and right\n', 'test/new.test.js': 'adds: calc.js has right\n' }
  const result = await proving({ base, change })
  t.like(result, { verdict: 'PROVED', judges: 'change', judgesChanged: ['test/new.test.js'], flipped: ['adds'] })
})

test('a test file that the command names and only the change has is run with the base, too', async (t) => {
  const targets = [{ name: 'unit', command: { shell: 'run-tests test/new.test.js' }, cwd: '' }]
  const change = { 'calc.js': 'right\n', 'test/new.test.js': 'adds: calc.js has right\n' }
  const result = await proving({ base: { 'calc.js': 'wrong\n' }, change, targets })
  t.like(result, { verdict: 'PROVED', judges: 'change', flipped: ['adds'] })
})

test('where the runner only counts, the proof says that tests were not compared by name', async (t) => {
  const result = await proving({ base: CALC, change: RIGHT, runner: runnerWith({ counts: true }) })
  t.is(result.verdict, 'PROVED')
  t.true(result.notShown.includes('unit: the names of the tests (only their number was compared)'))
  const listed = await proving({ base: CALC, change: RIGHT, runner: runnerWith({ counts: true, lists: true }) })
  t.like(listed, { verdict: 'PROVED', same: 1 })
  t.false(listed.notShown.some((one) => one.includes('counted')))
})

test('where nobody knows the runner, the proof says that no test was counted and none was added', async (t) => {
  const result = await proving({ base: CALC, change: RIGHT, runner: null })
  t.like(result, { verdict: 'PROVED', same: null, flipped: [] })
  t.true(result.notShown.includes('unit: which tests ran (git pp knows no runner in the output)'))
  t.true(result.notShown.includes('unit: that an added failing test fails (no known runner)'))
})

test('with no pairs it is PASSED_ONCE', async (t) => {
  const result = await proving({ base: CALC, change: RIGHT, policy: 'policy: {verify: {runs: 0}}' })
  t.like(result, { verdict: 'PASSED_ONCE', counts: { reds: 1, greens: 1 } })
})

test('a judge that may be changed is taken as it is, and the proof says who allowed it', async (t) => {
  const change = { ...RIGHT, 'test/calc.test.js': 'adds: calc.js has right\n' }
  const result = await proving({ base: CALC, change, policy: 'policy: {tests: {allow: ["test/calc.test.js"]}}' })
  t.is(result.verdict, 'PROVED', result.reason)
  t.deepEqual(result.allowed, [{ path: 'test/calc.test.js', by: 'pp.yaml:1' }])
})

test('a separate command has to pass with the change', async (t) => {
  const policy = 'policy: {verify: {also: [{name: lint, cmd: lint}]}}'
  const linting = (status: number) =>
    proving({
      base: CALC,
      change: RIGHT,
      policy,
      command: (run) => (run.command === 'lint' ? { ended: status } : tests(run)),
    })
  t.is((await linting(0)).verdict, 'PROVED')
  t.like(await linting(1), { verdict: 'NOT_FIXED', reason: 'the separate command lint does not pass' })
})

test('a command that passes without the change is NOT_RED', async (t) => {
  const base = { 'calc.js': 'right and even\n', 'test/calc.test.js': CALC['test/calc.test.js'] ?? '' }
  const result = await proving({ base, change: { 'calc.js': 'right, even and short\n' } })
  t.like(result, { verdict: 'NOT_RED', reason: 'the command does not fail without the change' })
})

test('a change that changes nothing is NOT_RED, and nothing is run', async (t) => {
  const result = await proving({ base: CALC, change: {} })
  t.like(result, { verdict: 'NOT_RED', reason: 'the change is empty', runs: [] })
})

test('a change after which it fails in another way is NOT_FIXED', async (t) => {
  const result = await proving({ base: CALC, change: { 'calc.js': 'wrong and odd\n' } })
  t.like(result, { verdict: 'NOT_FIXED', reason: 'still red: calc.js lacks right (2 failing: adds, halves)' })
})

test('a change after which it fails as before is NOT_FIXED, and what it changes is read', async (t) => {
  const result = await proving({ base: CALC, change: { 'calc.js': 'wrong, even and longer\n' } })
  t.like(result, { verdict: 'NOT_FIXED', reason: 'the command fails exactly as before: calc.js lacks right' })
})

test('a change of files that the command does not read is NOT_FIXED, and says so', async (t) => {
  const result = await proving({ base: CALC, change: { 'other.js': 'new\n' } })
  t.is(result.verdict, 'NOT_FIXED')
  t.is(
    result.reason,
    'the command fails exactly as before, even with nonsense in the changed files, so it does not read them',
  )
})

test('tests alone that are green before the change and not after it are NOT_FIXED', async (t) => {
  const base = { 'calc.js': 'even\n', 'test/calc.test.js': 'halves: calc.js has even\n' }
  const change = {
    'test/calc.test.js': null,
    'test/new.test.js': 'halves: calc.js has even\n',
    'jest.config.js': 'bail\n',
  }
  const result = await proving({
    ...{ base, change },
    command: (run) => (run.files['jest.config.js'] ? { ended: 1, output: 'not ok halves: bail\n' } : tests(run)),
  })
  t.like(result, { verdict: 'NOT_FIXED', reason: 'the command is green without the change, but not with it' })
})

test('a command that fails whatever the files hold is NO_EFFECT', async (t) => {
  const result = await proving({
    base: CALC,
    change: RIGHT,
    command: () => ({ ended: 1, output: 'not ok adds: old\n' }),
  })
  t.like(result, { verdict: 'NO_EFFECT' })
  t.regex(result.reason, /^the command does not read this work tree/)
})

test('where no failing test can be read, any line that the files change shows that the command reads them', async (t) => {
  const result = await proving({
    base: CALC,
    change: { 'test/calc.test.js': 'adds: calc.js has new\n' },
    command: ({ files }) => ({
      ended: 1,
      output: `FAIL 1: first\n${files['calc.js']?.includes('even') ? 'ok' : 'FAIL'} 2: other\n`,
    }),
  })
  t.like(result, { verdict: 'NOT_FIXED', reason: 'the command fails exactly as before: FAIL 1: first' })
})

test('where the same test fails with the same message, any line that the files change shows that the command reads them', async (t) => {
  const result = await proving({
    base: CALC,
    change: { 'test/calc.test.js': 'adds: calc.js has new\n' },
    command: ({ files }) => ({
      ended: 1,
      output: `${files['calc.js']?.includes('even') ? 'no method new' : 'syntax error'}\nnot ok adds: ended with 255\n`,
    }),
  })
  t.like(result, { verdict: 'NOT_FIXED', reason: 'the command fails exactly as before: ended with 255' })
})

test('a command that passes whatever the files hold is NO_EFFECT', async (t) => {
  const result = await proving({ base: CALC, change: RIGHT, command: () => ({ ended: 0, output: 'ok adds\n' }) })
  t.regex(result.reason, /^the command passes whatever the files of this repository contain, so/)
  t.is(result.verdict, 'NO_EFFECT')
})

test('a change that the policy forbids is DENIED with its rule and the line that says so, and nothing is run', async (t) => {
  const result = await proving({ base: CALC, change: RIGHT, policy: 'policy:\n  deny_write: ["calc.js"]\n' })
  t.like(result, { verdict: 'DENIED', mend: 'see pp.yaml:2', runs: [] })
  t.deepEqual(
    result.attempts.map(({ verdict, commit, refusals }) => [verdict, commit, refusals[0]?.path]),
    [['DENIED', null, 'calc.js']],
  )
})

test('a change that adds what looks like a secret is DENIED', async (t) => {
  const key = `-----BEGIN ${'RSA'} PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA'.repeat(20)}\n-----END ${'RSA'} PRIVATE KEY-----\n`
  const result = await proving({ base: CALC, change: { ...RIGHT, 'key.txt': key } })
  t.is(result.verdict, 'DENIED')
  t.regex(result.reason, /looks like a secret/)
})

test('what a session found stands on a commit of its own, with notes and the pointer to the newest session', async (t) => {
  const { session, existing, repository, lent } = await sessionOf({ base: CALC, change: RIGHT })
  const { commit, result } = await proveFlow(session, existing)
  t.is(result.final, commit)
  t.is(repository.names.get(`refs/pp/${session.id}/final`), commit)
  t.is(repository.names.get('PP_HEAD'), commit)
  t.deepEqual(await repository.notes.list('refs/notes/pp/bundles'), [commit])
  t.deepEqual((await repository.history.commit(commit)).parents, [session.base.commit])
  t.is(lent(), 0)
})

test('a sandbox that does not filter system calls says so in the proof, and one that is none says more than that', async (t) => {
  const proof = async (kind: string, syscalls: boolean) => {
    const { session, existing } = await sessionOf({ base: CALC, change: RIGHT })
    const sandbox = { ...session.sandbox, kind, enforces: { ...session.sandbox.enforces, syscalls } }
    const { result } = await proveFlow({ ...session, sandbox }, existing)
    t.is(result.verdict, 'PROVED')
    return result.notShown.filter((one) => one.includes('system calls'))
  }
  t.deepEqual(await proof('unshare', false), [
    'which system calls the commands made: the sandbox unshare does not filter them here (enforces.syscalls: false)',
  ])
  t.deepEqual(await proof('unshare', true), [])
  t.deepEqual(await proof('none', false), [])
})
