import test from 'ava'
import { REPLY_CASES } from './cases/index.ts'
import { outcomeOf } from './replies.ts'

for (const { what, reply, wanted } of REPLY_CASES)
  test(typeof wanted === 'string' ? `${what}: refused as ${wanted}` : `${what}: read`, (t) =>
    t.deepEqual(outcomeOf(reply), wanted),
  )
