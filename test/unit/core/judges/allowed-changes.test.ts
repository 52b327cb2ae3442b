import test from 'ava'
import {
  allowedJudgesPhrase,
  judgeChangePermission,
  namesOneFile,
} from '../../../../src/engine/core/judges/allowed-changes.ts'
import type { PathRule } from '../../../../src/engine/model/policy.ts'

const NAMES = ['test_calc.py', 'tests/deep/test_a.py', 'package.json', 'web/page.snap']
const rule = (pattern: string, root = ''): PathRule => ({ pattern, root, source: { from: 'flag', name: '--allow' } })

for (const [pattern, names] of [
  ['test_calc.py', true],
  ['./test_calc.py', true],
  ['tests/**', true],
  ['tests/', true],
  ['**/deep/*.py', true],
  ['**/*.golden', true],
  ['**', false],
  ['*/**', false],
  ['**/*.*', false],
  ['{**,x}', false],
  ['*.py', false],
  ['**/*.snap', false],
  ['test_*', false],
] as const)
  test(`${pattern} ${names ? 'says' : 'does not say'} which files are meant`, (t) => {
    t.is(namesOneFile(rule(pattern), NAMES), names)
  })

test('a path is allowed by the rule that names it, seen from where the rule was written', (t) => {
  const by = judgeChangePermission([rule('test_calc.py'), rule('test_a.py', 'tests/deep'), rule('**')], NAMES)
  t.truthy(by('test_calc.py'))
  t.truthy(by('tests/deep/test_a.py'))
  t.is(by('package.json'), null)
  t.is(by('TEST_CALC.py'), null)
})

test('the first words of a proof say who allowed what', (t) => {
  const all = [
    { path: 'a.py', by: 'the user' },
    { path: 'b.py', by: 'pp.yaml:4' },
    { path: 'c.py', by: 'the user' },
  ]
  t.is(allowedJudgesPhrase(all), 'allowed by the user: a.py, c.py; allowed by pp.yaml:4: b.py; ')
  t.is(allowedJudgesPhrase([]), '')
})
