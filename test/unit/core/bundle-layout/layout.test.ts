import test from 'ava'
import {
  attemptFile,
  attemptFolder,
  attemptOf,
  evidenceFolder,
  FOLDERS,
  furtherFolder,
  isOfBase,
  isStream,
  pairFolder,
  pairOf,
  runFile,
  trialFolder,
} from '../../../../src/engine/core/bundle-layout/index.ts'

test('the paths of a bundle are those that every version reads', (t) => {
  t.is(runFile(FOLDERS.baseline, 'unit', 'evidence.json'), 'attempts/0_baseline/unit/evidence.json')
  t.is(runFile(furtherFolder(FOLDERS.baseline, 2), 'unit', 'stdout'), 'attempts/0_baseline/2/unit/stdout')
  t.is(attemptFile(3, 'applied.patch'), 'attempts/3/applied.patch')
  t.is(furtherFolder(attemptFolder(1), 'again'), 'attempts/1/again')
  t.is(pairFolder(2, 'green'), 'verification/2_green')
  t.is(furtherFolder(FOLDERS.baseJudges, 'judges_writable'), 'verification/judges_of_base/judges_writable')
})

test('the first pair of a flaky test stands where a proof has its base and its change', (t) => {
  t.deepEqual([trialFolder('without', 1), trialFolder('with', 1)], ['attempts/0_baseline', 'attempts/1'])
  t.deepEqual([trialFolder('without', 3), trialFolder('with', 3)], ['verification/3_red', 'verification/3_green'])
  t.deepEqual([trialFolder('without', 3, true), trialFolder('with', 1, true)], ['verification/2_red', 'attempts/1'])
})

test('the name of a target is one safe component of a path', (t) => {
  t.is(runFile('r', 'npm test -- a/b', 'stderr'), 'r/npm-test----a-b/stderr')
  t.is(runFile('r', '../..', 'stderr'), 'r/target/stderr')
  t.is(runFile('r', 'x'.repeat(80), 'stderr'), `r/${'x'.repeat(60)}/stderr`)
})

test('a path tells which attempt or pair it is of', (t) => {
  t.is(attemptOf('attempts/12/unit/stdout'), 12)
  t.is(attemptOf('attempts/0_baseline/unit/stdout'), null)
  t.is(attemptOf('attempts/12'), null)
  t.true(isOfBase('attempts/0_own_tests/unit/stdout'))
  t.false(isOfBase('attempts/1/unit/stdout'))
  t.deepEqual(pairOf('verification/7_green/unit/evidence.json'), { k: 7, side: 'green' })
  t.is(pairOf('verification/0_red/unit/evidence.json'), null)
  t.is(pairOf('verification/also/unit/evidence.json'), null)
})

test('evidence and output are told apart from what else is kept', (t) => {
  t.is(evidenceFolder('attempts/1/unit/evidence.json'), 'attempts/1/unit')
  t.is(evidenceFolder('attempts/1/proposal.json'), null)
  t.deepEqual(['a/stdout', 'a/stderr', 'attempts/1/context.txt', 'final.patch'].map(isStream), [
    true,
    true,
    true,
    false,
  ])
})
