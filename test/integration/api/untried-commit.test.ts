import test from 'ava'
import { isOfAll, oneOfMany } from '../../../src/engine/api/untried-commit.ts'
import { PpError } from '../../../src/engine/model/error.ts'
import { tempRepo } from '../../helpers/repo.ts'

test('a mistake of this tool is the result of its commit alone, and the way to see more is there', async (t) => {
  const repo = await tempRepo(t, { 'a.txt': 'a\n' })
  const commit = await repo.git('rev-parse', 'HEAD')
  const faults: unknown[] = []
  const signal = new AbortController().signal
  const place = { cwd: repo.dir, env: { PATH: process.env['PATH'] }, home: repo.home, signal }
  const caller = { ...place, uid: 0, gid: 0, version: '0', node: process.execPath }
  const result = await oneOfMany(caller, { commit, id: '0'.repeat(26), faults }, async () => {
    throw new TypeError('x is not a function\nsecond line')
  })
  t.is(result.verdict, 'ERROR')
  t.is(result.reason, 'this commit could not be proved: internal error in git pp: TypeError: x is not a function')
  t.is(result.mend, `prove ${commit.slice(0, 12)} alone, without --each, and with PP_DEBUG=1 to see where it failed`)
  t.is(result.change?.commit, commit)
  t.is(faults.length, 1)
})

test('only a fault that each commit met alike, and that lies in none, is one of the call', (t) => {
  const [usage, other] = ['no COMMAND', 'no such sandbox'].map((text) => new PpError('USAGE', text))
  t.true(isOfAll([usage, usage]))
  t.false(isOfAll([usage, other]))
  t.false(isOfAll([new TypeError('x')]))
  t.false(isOfAll([new PpError('OBJECT_MISSING', 'a blob')]))
  t.false(isOfAll([]))
})
