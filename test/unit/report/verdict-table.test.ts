import test from 'ava'
import type { PatchVerdict } from '../../../src/engine/model/patch-verdict.ts'
import { verdictTable } from '../../../src/engine/report/index.ts'

const one = (verdict: PatchVerdict['verdict'], known = false): PatchVerdict => ({
  ...{ id: null, line: 1, verdict, reason: '', mend: null, session: null, base: null, final: null, known, seconds: 1 },
})

test('a table has a row for each verdict that was given, in one order', (t) => {
  const many = [...Array.from({ length: 9 }, () => one('NOT_FIXED', true)), one('PROVED'), one('PROVED')]
  t.deepEqual(verdictTable(many, 12.34), [
    'PROVED      2',
    'NOT_FIXED   9',
    '11 patches in 12.3 s, 9 of them known from an earlier call',
  ])
  t.deepEqual(verdictTable([one('PROVED')], 1), ['PROVED  1', '1 patch in 1.0 s'])
})
