import test from 'ava'
import { packageScriptOf } from '../../../../src/engine/core/found-judges/index.ts'
import { spellCommand } from '../../../../src/engine/model/command.ts'

const PACKAGE = JSON.stringify({ scripts: { test: 'mocha -r ts', unit: 'mocha unit' } })

function handedOn(shell: string, more = '--grep a'): string | null {
  const script = packageScriptOf({ shell }, PACKAGE)
  return script && `${script.line} | ${spellCommand(script.handingOn(more))}`
}

test('a call of one package script, and how more words get to it', (t) => {
  t.is(handedOn('npm test'), 'mocha -r ts | npm test -- --grep a')
  t.is(handedOn('npm run -s unit'), 'mocha unit | npm run -s unit -- --grep a')
  t.is(handedOn('CI=1 npm t -- --bail'), 'mocha -r ts --bail | CI=1 npm t -- --bail --grep a')
  t.is(handedOn('yarn unit'), 'mocha unit | yarn unit --grep a')
  t.is(handedOn('pnpm run unit'), 'mocha unit | pnpm run unit --grep a')
  const argv = packageScriptOf({ argv: ['npm', 'test'] }, PACKAGE)?.handingOn("--grep 'a b'")
  t.deepEqual(argv, { argv: ['npm', 'test', '--', '--grep', 'a b'] })
})

test('what is no plain call of one script is none', (t) => {
  for (const shell of [
    ...[
      'npm test | cat',
      'npm test && npm run unit',
      'npm test > out',
      'npm run other',
      'npm ci',
      'mocha',
      'npm test # all',
    ],
    ...['npm --prefix sub test', 'run-s test unit', '(npm test)', 'npm test &'],
  ])
    t.is(handedOn(shell), null, shell)
  t.is(packageScriptOf({ shell: 'npm test' }, '{'), null)
})
