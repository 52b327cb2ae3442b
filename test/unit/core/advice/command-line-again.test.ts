import test from 'ava'
import { commandLineAgain } from '../../../../src/engine/core/advice/command-line-again.ts'

test("the user's own words come back quoted for a shell, without what only says how to show or sign", (t) => {
  const options = ['--runs=1', '--json', '--key=/home/a/key', '--include=a b', '--policy=/etc/pp.yaml']
  t.is(
    commandLineAgain('prove', { options, words: ['HEAD', 'pytest -q'], argv: null }, ['--allow', 'test_calc.py']),
    'git pp prove --runs=1 "--include=a b" HEAD "pytest -q" --allow test_calc.py',
  )
  t.is(
    commandLineAgain('run', { options: [], words: [], argv: ['sh', '-c', 'echo $HOME'] }, ['--allow', 'a;b.py']),
    `git pp run --allow "a;b.py" -- sh -c 'echo $HOME'`,
  )
})
