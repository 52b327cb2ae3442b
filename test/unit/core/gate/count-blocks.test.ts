import test from 'ava'
import { countBlock } from '../../../../src/engine/core/gate/index.ts'
import type { GateFinding, GateSession, GateWord } from '../../../../src/engine/model/gate.ts'
import type { Oid } from '../../../../src/engine/model/oid.ts'

const OID = '1'.repeat(40) as Oid
const NEW: GateSession = {
  base: { commit: OID, tree: OID, head: OID, snapshot: false, is: 'HEAD' },
  ...{ began: 0, blocks: 0, blocksOf: {}, last: null },
}

const back = (failure: string, word: GateWord = 'NOT_FIXED'): GateFinding => ({
  ...{ word, go: false, reason: 'it fails', failures: [], failure, session: null },
})

/** What an agent is told that meets these findings one after the other. */
function told(...findings: readonly GateFinding[]): readonly string[] {
  let session = NEW
  return findings.map((finding) => {
    const counted = countBlock(session, finding)
    session = counted.session
    return counted.told.go ? `go ${counted.told.word}` : `back ${counted.told.word}`
  })
}

test('one failure sends an agent back three times, then it is released and never called proved', (t) => {
  const one = back('a')
  t.deepEqual(told(one, one, one, one, one), [
    ...['back NOT_FIXED', 'back NOT_FIXED', 'back NOT_FIXED'],
    ...['go RELEASED', 'go RELEASED'],
  ])
})

test('in one session it is sent back six times, whatever fails', (t) => {
  const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((failure) => back(failure))
  t.deepEqual(told(...all), [...Array<string>(6).fill('back NOT_FIXED'), 'go RELEASED'])
})

test('old failures, and runs that are not done, send it back once', (t) => {
  const old = back('a', 'OLD_FAILURES')
  t.deepEqual(told(old, old), ['back OLD_FAILURES', 'go OLD_FAILURES'])
  const slow = back('STILL_RUNNING', 'STILL_RUNNING')
  t.deepEqual(told(slow, slow), ['back STILL_RUNNING', 'go UNPROVED'])
})

test('what lets the agent go is not counted', (t) => {
  const go: GateFinding = { ...back('a'), word: 'PROVED', go: true, failure: null }
  t.is(countBlock(NEW, go).session, NEW)
})
