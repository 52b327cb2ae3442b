import test from 'ava'
import { ulid } from '../../../../src/engine/core/bytes/ulid.ts'
import { SessionId } from '../../../../src/engine/model/oid.ts'

test('a session id is a lower-case ULID of its time and its chance', (t) => {
  const id = ulid(new Date(1469918176385), new Uint8Array(10))
  t.is(id.slice(10), '0'.repeat(16))
  t.true(SessionId.safeParse(id).success)
})

test('the time comes first, so ids sort by it', (t) => {
  const at = (ms: number) => ulid(new Date(ms), new Uint8Array(10).fill(255))
  t.true(at(1_700_000_000_000) < at(1_700_000_000_001))
})

test('the published example has its time', (t) => {
  t.is(ulid(new Date(1469922850259), new Uint8Array(10)).slice(0, 10), '01arz3ndek')
})
