import test from 'ava'
import { earlierJudges } from '../../../../src/engine/core/found-judges/index.ts'

const judge = (path: string, kind: 'test' | 'program' | 'read' = 'test') => ({
  path,
  judge: kind,
  why: 'the command runs it',
})
const tree = (...paths: readonly string[]) => paths.map((path) => ({ path }))

test('a file that decided earlier stays a judge where the tree still has it and does not count it', (t) => {
  const earlier = [
    judge('check.sh'),
    judge('gone.sh'),
    judge('main.py', 'program'),
    judge('a.json', 'read'),
    judge('b.sh'),
  ]
  const known = new Map([['b.sh', judge('b.sh')]])
  t.deepEqual(earlierJudges(earlier, tree('check.sh', 'main.py', 'a.json', 'b.sh'), known), [judge('check.sh')])
})
