import { join } from 'node:path'
import test from 'ava'
import node from '../../../../src/engine/evidence/validators/node.ts'
import { where } from '../../../helpers/needs.ts'
import { installedRunners } from '../../../helpers/writing/packages.ts'
import { validated } from './ground.ts'

const packages = await installedRunners()
const modules = typeof packages === 'string' ? undefined : packages.modules
const withPackages = where(modules !== undefined, String(packages))

const CALC = `let calls = 0
exports.add = (a, b) => {
  calls += 1
  return a - b
}
exports.wait = (n) => {
  while (n > 0) n -= 1
  return n
}
exports.calls = () => calls
`
const SCRIPT = `const assert = require('node:assert')
const { add, calls, wait } = require('./calc.js')
assert.equal(calls(), 0)
assert.equal(wait(3), 0)
assert.equal(add(2, 0), 2)
assert.equal(add(1, 2), 3)
`
const NODE = process.execPath

test('a plain script: candidates pass, fail, hang, end their process, or are no program', (t) => {
  const { base, words, cannot, output } = validated(t, node, {
    files: { 'calc.js': CALC, 'check.js': SCRIPT },
    command: [NODE, 'check.js'],
    edits: [
      ['calc.js', 'a - b', 'a + b'],
      ['calc.js', 'a - b', 'a * b'],
      ['calc.js', 'a - b', 'a - '],
      ['calc.js', 'n -= 1', 'n += 0'],
      ['calc.js', 'return a - b', 'process.exit(0)'],
      ['calc.js', 'return a - b', 'process.reallyExit(0)'],
      ['calc.js', 'a - b', 'Math.max(a, b + 1)'],
      ['calc.js', 'return a - b', 'setTimeout(() => { throw new Error() }, 1); return a + b'],
      ['calc.js', 'a - b', '-(-a - b)'],
    ],
  })
  t.is(cannot, null, output)
  t.like(base, { by: 'a script', failing: [], hanging: 0, passed: 0 }, output)
  t.deepEqual(words, ['passes', 'fails', 'fails', 'slow', 'passes', 'fails', 'passes', 'fails', 'passes'])
})

const TESTS = `const { test, describe, it, beforeEach } = require('node:test')
const assert = require('node:assert')
const { add, wait } = require('./calc.js')
let ready = 0
beforeEach(() => {
  ready += 1
})
test('waits', () => assert.equal(wait(ready + 1), 0))
describe('sums', () => {
  it('adds', async (t) => {
    await null
    await t.test('small', () => assert.equal(add(1, 2), 3))
    await t.test('none', () => assert.equal(add(1, 0), 1))
  })
  it.skip('is left out', () => assert.fail())
  it('is to be done', { todo: true }, () => assert.fail())
  it('calls back', (t, done) => setImmediate(done))
})
`

test('node:test: the failing tests are those of the command, and candidates are judged by all of them', (t) => {
  for (const command of [
    [NODE, 'calc.test.js'],
    [NODE, '--test'],
  ]) {
    const { base, words, output } = validated(t, node, {
      files: { 'calc.js': CALC, 'calc.test.js': TESTS },
      command,
      edits: [
        ['calc.js', 'a - b', 'a + b'],
        ['calc.js', 'a - b', '3'],
        ['calc.js', 'return a - b', 'return new Promise(() => {})'],
        ['calc.js', 'n -= 1', 'n += 0'],
        ['calc.js', 'a - b', 'a + b + 0'],
      ],
    })
    t.deepEqual(
      base,
      { by: 'node:test', failing: ['sums > adds > small', 'sums > adds'], hanging: 0, passed: 4 },
      output,
    )
    t.deepEqual(words, ['passes', 'fails', 'fails', 'slow', 'passes'], command.join(' '))
  }
})

test('modules in both forms are loaded anew for each candidate', (t) => {
  const { base, words, output } = validated(t, node, {
    files: {
      'package.json': '{"type": "module"}',
      'calc.js': 'export let calls = 0\nexport const add = (a, b) => {\n  calls += 1\n  return a - b\n}\n',
      'old.cjs': 'let times = 0\nexports.twice = (a) => {\n  times += 1\n  return times > 1 ? 0 : a * 3\n}\n',
      'sum.js':
        "import { add, calls } from './calc.js'\nexport const sum = (all) => (calls === 0 ? all.reduce(add) : 0)\n",
      'sum.test.js':
        "import test from 'node:test'\nimport assert from 'node:assert'\nimport { sum } from './sum.js'\nimport { twice } from './old.cjs'\ntest('sums', async () => {\n  const late = await import('./calc.js')\n  assert.equal(late.calls, 0)\n  assert.equal(sum([1, 2]), 3)\n  assert.equal(twice(2), 4)\n})\n",
    },
    command: [NODE, 'sum.test.js'],
    edits: [
      ['calc.js', 'a - b', 'a + b'],
      ['old.cjs', 'a * 3', 'a * 2'],
    ],
  })
  t.like(base, { failing: ['sums'] }, output)
  t.deepEqual(words, ['fails', 'fails'])
})

test('what a candidate leaves in the process is put back', (t) => {
  const leaves = (what: string) => ['calc.js', 'return a - b', `${what}; return a * 0`] as const
  const { words, output } = validated(t, node, {
    files: { 'calc.js': CALC, 'check.js': `${SCRIPT}assert.equal(globalThis.left, undefined)\n` },
    command: [NODE, 'check.js'],
    edits: [
      leaves('globalThis.left = 1'),
      leaves('process.env.LEFT = "1"; process.chdir("/")'),
      leaves('process.on("exit", () => { process.exitCode = 1 })'),
      leaves('Array.prototype.map = null; Math.max = null; console.log = null'),
      leaves('setInterval(() => {}, 1)'),
      leaves('process.exitCode = 3'),
      ['calc.js', 'a - b', 'a + b'],
    ],
  })
  t.is(words.at(-1), 'passes', output)
  t.true(words.slice(0, -1).every((word) => word === 'fails'))
})

test('a program that starts others, or that does not fail, runs as it would', (t) => {
  const starts = validated(t, node, {
    files: { 'calc.js': CALC, 'check.js': `require('node:child_process').execFileSync('true')\n${SCRIPT}` },
    command: [NODE, 'check.js'],
    edits: [['calc.js', 'a - b', 'a + b']],
  })
  t.is(starts.base, null)
  t.regex(starts.output, /-1 == 3/)
  const launched = validated(t, node, {
    files: {
      'calc.js': CALC,
      'check.js': SCRIPT,
      'green.js': '',
      'start.js': "require('node:child_process').spawnSync(process.execPath, ['check.js'])\n",
    },
    command: ['sh', '-c', `${NODE} green.js && ${NODE} start.js`],
    edits: [['calc.js', 'a - b', 'a + b']],
  })
  t.is(launched.base?.by, 'a script')
  t.deepEqual(launched.words, ['passes'])
})

test('a base that hangs is told with its test, and the change that ends it passes', (t) => {
  const files = { 'calc.js': CALC.replace('n -= 1', 'n += 1').replace('a - b', 'a + b'), 'calc.test.js': TESTS }
  const { base, words, output } = validated(t, node, {
    files,
    command: [NODE, 'calc.test.js'],
    edits: [
      ['calc.js', 'n += 1', 'n *= 1'],
      ['calc.js', 'n += 1', 'n -= 1'],
    ],
    head: { patience: 1 },
  })
  t.deepEqual(base, { by: 'node:test', failing: ['waits'], hanging: 1, passed: 0 }, output)
  t.deepEqual(words, ['slow', 'passes'])
})

withPackages('mocha and tape run in the process as they do in their own', (t) => {
  const files = {
    'calc.js': CALC,
    'test/calc.js':
      "const assert = require('node:assert')\nconst { add, wait } = require('../calc.js')\ndescribe('sums', () => {\n  it('adds', async () => assert.equal(add(1, 2), 3))\n  it('adds none', () => assert.equal(add(1, 0), 1))\n  it('waits', () => assert.equal(wait(2), 0))\n})\n",
    'tape.js':
      "const test = require('tape')\nconst { add } = require('./calc.js')\ntest('adds', (t) => {\n  t.equal(add(1, 2), 3)\n  t.end()\n})\n",
  }
  const commands: readonly (readonly string[])[] = [
    [NODE, join(modules ?? '', 'mocha/bin/mocha.js')],
    [NODE, join(modules ?? '', '.bin/mocha'), '--reporter', 'dot'],
    [NODE, 'tape.js'],
  ]
  for (const command of commands) {
    const { base, words, output } = validated(t, node, {
      files,
      command,
      env: { NODE_PATH: modules ?? '' },
      edits: [
        ['calc.js', 'a - b', 'a + b'],
        ['calc.js', 'a - b', 'b - a'],
        ['calc.js', 'return a - b', 'throw new Error("no")'],
        ['calc.js', 'a - b', 'a + b + 0'],
      ],
    })
    t.regex(base?.output ?? '', /adds/, output)
    t.deepEqual(words, ['passes', 'fails', 'fails', 'passes'], command.join(' '))
  }
})

test('candidates that pass are told apart by what they do for further inputs', (t) => {
  const files = {
    'least.js': 'exports.least = (a, b) => {\n  return a > b ? a : b\n}\n',
    'check.js':
      "const assert = require('node:assert')\nconst { least } = require('./least.js')\nassert.equal(least(1, 2), 1)\nassert.equal(least(3, 4), 3)\n",
  }
  const { words, behaviour, output } = validated(t, node, {
    files,
    command: [NODE, 'check.js'],
    edits: [
      ['least.js', 'a > b', 'a < b'],
      ['least.js', 'a > b', 'true'],
      ['least.js', 'a > b', 'a <= b'],
      ['least.js', 'a > b', 'a == b'],
    ],
  })
  t.deepEqual(words, ['passes', 'passes', 'passes', 'fails'], output)
  const [first, second, third] = [0, 1, 2].map((n) => behaviour.get(n))
  t.is(first?.length, 100)
  t.deepEqual(first, third)
  t.notDeepEqual(first, second)
})
