import test from 'ava'
import { findingOf, type StopFacts } from '../../../../src/engine/core/gate/index.ts'
import type { Reading } from '../../../../src/engine/model/evidence.ts'
import type { SessionResult } from '../../../../src/engine/model/session.ts'
import type { Verdict } from '../../../../src/engine/model/verdict.ts'

const GREEN: Reading = { is: 'green' }
const red = (...failing: string[]): Reading => ({ is: 'red', reason: '1 failed', failing })
const INVALID: Reading = { is: 'invalid', reason: 'no program: pytest', mend: 'install it' }

/** A session as far as the gate reads it: `on` → what that run showed. */
function session(verdict: Verdict, runs: Readonly<Record<string, Reading>>, more: Partial<SessionResult> = {}) {
  const listed = Object.entries(runs).map(([on, reading]) => ({ on, reading }))
  const result = {
    ...{ verdict, reason: 'because', mend: null, session: 's', failures: [], attempts: [], runs: listed },
    ...more,
  }
  return result as unknown as SessionResult
}

const FACTS: StopFacts = {
  ...{ baseRan: null, oldFailures: 'once', takesRefactoring: true, excerpt: '', failedOtherwise: [] },
  ...{ judges: [], product: ['calc.py'], code: ['calc.py'], automatic: [], programs: [] },
}

const told = (result: SessionResult, facts: Partial<StopFacts> = {}) => {
  const { word, go, reason } = findingOf(result, { ...FACTS, ...facts })
  return { word, go, reason }
}

test('a proof lets the agent go', (t) => {
  t.like(told(session('PROVED', {})), { word: 'PROVED', go: true })
})

test('what decides is to be put back, by file and line', (t) => {
  const changed = [{ path: 'test_a.py', line: 7, before: 'assert x == 5', after: 'assert x' }]
  const weakened = session('TESTS_CHANGED', {}, { mend: 'for a person', expectations: { changed, others: null } })
  t.deepEqual(told(weakened), {
    ...{ word: 'TESTS_CHANGED', go: false },
    reason: 'put back what the tests asked for (test_a.py:7) and change the code instead: because',
  })
  const rigged = told(session('RIGGED', {}), { judges: ['conftest.py'] })
  t.is(rigged.reason, 'put back what the tests asked for (conftest.py) and change the code instead: because')
  const refusals = [{ rule: 'r', path: 'pp.yaml', message: 'm', source: null }]
  const denied = session('DENIED', {}, { attempts: [{ refusals }] } as unknown as Partial<SessionResult>)
  t.is(told(denied).reason, 'take your change of pp.yaml back: because')
})

test('what failed before the agent began is told once as such, and what is new is named', (t) => {
  const old = session('NOT_FIXED', { base: red('old'), change: red('old') })
  t.like(told(old), { word: 'OLD_FAILURES', go: false })
  const more = told(session('NOT_FIXED', { base: red('old'), change: red('new', 'old') }))
  t.deepEqual(more, { word: 'NOT_FIXED', go: false, reason: 'the command fails with your change: new' })
})

test('what failed in another way is new', (t) => {
  const old = session('NOT_FIXED', { base: red('a', 'b'), change: red('a', 'b') })
  const { word, reason } = told(old, { failedOtherwise: ['b'] })
  t.deepEqual({ word, reason }, { word: 'NOT_FIXED', reason: 'the command fails with your change: b' })
})

test('the policy says what is done about old failures', (t) => {
  const old = session('NOT_FIXED', { base: red('old'), change: red('old') })
  t.like(told(old, { oldFailures: 'remark' }), { word: 'OLD_FAILURES', go: true })
  t.like(told(old, { oldFailures: 'block' }), { word: 'NOT_FIXED', go: false })
})

test('a failure in a test that the change added is no old one, though it fails without the product, too', (t) => {
  const runs = { base: red('added'), "base with the base's judges": GREEN, change: red('added') }
  t.like(told(session('NOT_FIXED', runs), { judges: ['test_more.py'] }), { word: 'NOT_FIXED', go: false })
})

test('old failures count as such whatever else the verdict is', (t) => {
  const mixed = session('INVALID_RED', { base: red('old', 'mended'), change: red('old') })
  t.like(told(mixed), { word: 'OLD_FAILURES', go: false })
})

test('tests without code that fail are a test first', (t) => {
  const runs = { base: red('new'), "base with the base's judges": GREEN, change: red('new') }
  const first = { product: [], code: [], judges: ['test_more.py'] }
  t.like(told(session('NOT_FIXED', runs), first), { word: 'TESTS_FIRST', go: true })
  t.like(told(session('NOT_FIXED', runs), { ...first, product: ['data.json'] }), { word: 'NOT_FIXED', go: false })
  const old = session('NOT_FIXED', { base: red('old'), change: red('old') })
  t.like(told(old, first), { word: 'OLD_FAILURES', go: false })
})

test('code that no test shows is sent back; what is no code is let go as not covered, if the tests ran with it', (t) => {
  const ran = session('NOT_RED', { base: GREEN, change: GREEN })
  t.like(told(ran), { word: 'NOT_RED', go: false })
  t.like(told(ran, { code: [] }), { word: 'NO_TARGET', go: true })
  t.like(told(ran, { product: [], code: [], judges: ['test_more.py'] }), { word: 'NO_TARGET', go: true })
  t.like(told(session('NOT_RED', { base: GREEN }), { code: [] }), { word: 'NOT_RED', go: false })
})

test('a program that is its own command proves nothing to the gate', (t) => {
  const found = told(session('PROVED', {}), { programs: ['main.py'] })
  t.like(found, { word: 'NOT_RED', go: false })
  t.regex(found.reason, /main\.py is both the command and the program/)
})

test('what could be run neither before nor now is let go as unproved', (t) => {
  t.like(told(session('INVALID_RED', { base: INVALID })), { word: 'UNPROVED', go: true })
  t.like(told(session('NOT_RUN', {}), { baseRan: false }), { word: 'UNPROVED', go: true })
})

test('what could be run when the agent began, or can be without its change, is its doing', (t) => {
  const began = told(session('INVALID_RED', { base: INVALID }), { baseRan: true })
  t.like(began, { word: 'INVALID_RED', go: false })
  t.regex(began.reason, /could be run when you began, and not now/)
  const change = told(session('INVALID_RED', { base: red('a'), change: INVALID }))
  t.like(change, { word: 'INVALID_RED', go: false })
  t.regex(change.reason, /without your change, and not with it/)
})

test('a base whose own runs disagree is not the doing of the agent', (t) => {
  t.like(told(session('FLAKY', { base: red('a'), 'base 2': GREEN })), { word: 'UNPROVED', go: true })
  t.like(told(session('FLAKY', { base: red('a'), change: GREEN, 'green 1': red('a') })), { word: 'FLAKY', go: false })
})

test('of a separate command it hears only that it fails', (t) => {
  const runs = { base: red('a'), change: GREEN, 'separate command': red('secret_test') }
  const found = findingOf(session('NOT_FIXED', runs, { reason: 'audit: secret_test' }), { ...FACTS, excerpt: 'secret' })
  t.deepEqual([found.word, found.reason, found.failures], ['NOT_FIXED', 'a separate check fails', []])
})

test('a fault of the tool itself lets the agent go', (t) => {
  t.like(told(session('ERROR', {})), { word: 'UNPROVED', go: true })
})

test('files that run by themselves are named first', (t) => {
  const { reason } = told(session('PROVED', {}), { automatic: ['.claude/settings.json'] })
  t.is(reason, 'the change edits .claude/settings.json, which decides or runs by itself; because')
})

test('failures are counted by what failed, and not by how it is told', (t) => {
  const failure = (ids: readonly string[], reason: string) =>
    findingOf(session('NOT_FIXED', { base: GREEN, change: red(...ids) }, { reason }), FACTS).failure
  t.is(failure(['a', 'b'], 'in 0.1 s'), failure(['b', 'a'], 'in 0.2 s'))
  t.not(failure(['a'], ''), failure(['b'], ''))
})
