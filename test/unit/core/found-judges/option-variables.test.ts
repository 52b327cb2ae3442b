import test from 'ava'
import { namedByCommand } from '../../../../src/engine/core/found-judges/named-by-command.ts'

const TREE = ['calc.py', 'support.py', 'setup.cjs', 'setup.mjs', 'calc.js', 'main.c', 'tests/a.js']
const named = (shell: string) =>
  namedByCommand([{ name: 'unit', command: { shell }, cwd: '' }], TREE)
    .map(({ path }) => path)
    .toSorted()

for (const [line, ...paths] of [
  ['NODE_OPTIONS="--require ./setup.cjs" node --test', 'setup.cjs'],
  ["NODE_OPTIONS='--max-old-space-size=99 --import=./setup.mjs' npm test", 'setup.mjs'],
  ['export NODE_OPTIONS="--require ./setup.cjs"; node --test', 'setup.cjs'],
  ['env NODE_OPTIONS="--require ./setup.cjs" node --test tests/a.js', 'setup.cjs', 'tests/a.js'],
  ['PYTEST_ADDOPTS="-p support" python3 -m pytest', 'support.py'],
  ['PYTEST_PLUGINS=support,other pytest -q', 'support.py'],
  ['CFLAGS="-O2 main.c" make'],
] as const)
  test(`${line}: ${paths.join(', ') || 'nothing is loaded'}`, (t) => {
    t.deepEqual(named(line), paths.length === 0 ? [] : [...paths])
  })
