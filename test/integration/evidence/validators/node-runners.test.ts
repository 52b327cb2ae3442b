import { join } from 'node:path'
import node from '../../../../src/engine/evidence/validators/node.ts'
import { where } from '../../../helpers/needs.ts'
import { installedRunners } from '../../../helpers/writing/packages.ts'
import { validated } from './ground.ts'

const packages = await installedRunners()
const withRunners = where(typeof packages !== 'string', String(packages))

const TESTS = `describe('sums', () => {
  it('adds', async () => expect(add(1, 2)).toBe(3))
  it('adds none', () => expect(add(1, 0)).toBe(1))
  it('is called twice', () => expect(calls()).toBe(2))
})
`
const WAITS = `describe('wait', () => {
  it('ends', () => expect(wait(2)).toBe(0))
})
`
const ADD = 'let times = 0\nconst add = (a, b) => {\n  times += 1\n  return a - b\n}\nconst calls = () => times\n'
const WAIT = 'const wait = (n) => {\n  while (n > 0) n -= 1\n  return n\n}\n'

const WRITTEN = {
  jest: {
    'package.json': '{}',
    'calc.js': `${ADD}module.exports = { add, calls }\n`,
    'wait.js': `${WAIT}module.exports = { wait }\n`,
    'calc.test.js': `const { add, calls } = require('./calc.js')\n${TESTS}`,
    'wait.test.js': `const { wait } = require('./wait.js')\n${WAITS}`,
  },
  vitest: {
    'package.json': '{"type": "module"}',
    'calc.js': `${ADD}export { add, calls }\n`,
    'wait.js': `${WAIT}export { wait }\n`,
    'calc.test.js': `import { describe, expect, it } from 'vitest'\nimport { add, calls } from './calc.js'\n${TESTS}`,
    'wait.test.js': `import { describe, expect, it } from 'vitest'\nimport { wait } from './wait.js'\n${WAITS}`,
  },
}
const COMMANDS = { jest: ['jest/bin/jest.js'], vitest: ['vitest/vitest.mjs', 'run'] }

for (const name of ['jest', 'vitest'] as const)
  withRunners(`${name} stays loaded, and candidates get the words that the command would give them`, (t) => {
    if (typeof packages === 'string') return t.fail(packages)
    const [script = '', ...args] = COMMANDS[name]
    const { modules } = packages
    const { base, cannot, words, output } = validated(t, node, {
      files: WRITTEN[name],
      modules,
      command: [process.execPath, join('node_modules', script), ...args],
      head: { seconds: 60, patience: 10 },
      edits: [
        ['calc.js', 'return a - b', 'throw new Error("no")'],
        ['calc.js', 'a - b', 'a - '],
        [
          'calc.js',
          'return a - b',
          'globalThis.left = 1; process.env.LEFT = 1; Array.prototype.map = null; return a * b',
        ],
        ['calc.js', 'return a - b', 'while (true) {}'],
        ['calc.js', 'return a - b', 'process.kill(process.pid, "SIGKILL")'],
        ['calc.js', 'return a - b', 'times += 1; return a + b'],
        ['wait.js', 'n -= 1', 'n += 0'],
        ['calc.js', 'a - b', 'a + b'],
      ],
    })
    t.is(cannot, null, output)
    t.deepEqual(base, { by: name, failing: ['calc.test.js > sums > adds'], hanging: 0, passed: 3 }, output)
    t.deepEqual(words, ['fails', 'fails', 'fails', 'slow', 'fails', 'fails', 'fails', 'passes'])
  })
