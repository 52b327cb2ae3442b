import test from 'ava'
import node from '../../../../src/engine/evidence/tracers/node.ts'
import { where } from '../../../helpers/needs.ts'
import { installedRunners } from '../../../helpers/writing/packages.ts'
import { ran, traced } from './ground.ts'

const packages = await installedRunners()
const modules = typeof packages === 'string' ? undefined : packages.modules
const withPackages = where(modules !== undefined, String(packages))

/** Lines 2 and 5 are those of the two functions. */
const CALC = 'exports.add = (a, b) => {\n  return a - b\n}\nexports.twice = (a) => {\n  return a + a\n}\n'
const NODE_TEST =
  "const { test, describe, it } = require('node:test')\nconst assert = require('node:assert')\nconst { add, twice } = require('./calc.cjs')\ntest('doubles', () => assert.equal(twice(2), 4))\ndescribe('sums', () => {\n  it('adds', async () => {\n    await null\n    assert.equal(add(1, 2), 3)\n  })\n})\n"

test('node:test: each test of a file has its own lines, also in suites', async (t) => {
  const files = { 'calc.cjs': CALC, 'calc.test.cjs': NODE_TEST }
  const { trace } = await traced(t, node, files, [process.execPath, '--test'], { failing: ['adds'] })
  const lines = ran(trace, 'calc.cjs')
  t.deepEqual(
    [lines['doubles'], lines['sums > adds']],
    [
      [false, 4, 5, 6],
      [true, 1, 2, 3],
    ],
  )
})

test('node:test: tests that run at the same time are left out', async (t) => {
  const slow = (name: string, call: string) =>
    `  await Promise.all([t.test('${name} a', wait), t.test('${name} b', async () => { await wait(); ${call} })])\n`
  const files = {
    'calc.cjs': CALC,
    'calc.test.cjs': `const test = require('node:test')\nconst assert = require('node:assert')\nconst { add, twice } = require('./calc.cjs')\nconst wait = () => new Promise((done) => setTimeout(done, 50))\ntest('at once', { concurrency: 2 }, async (t) => {\n${slow('x', 'twice(1)')}})\ntest('adds', () => assert.equal(add(1, 2), 3))\ntest('doubles', () => assert.equal(twice(1), 2))\n`,
  }
  const { trace } = await traced(t, node, files, [process.execPath, '--test'], { failing: ['adds'] })
  t.deepEqual(ran(trace, 'calc.cjs'), { adds: [true, 1, 2, 3], doubles: [false, 4, 5, 6] })
})

test('a process in which no test fails, or no runner is met, says nothing', async (t) => {
  const files = { 'calc.cjs': CALC, 'main.cjs': "require('./calc.cjs').add(1, 2)\n" }
  const { trace } = await traced(t, node, files, [process.execPath, 'main.cjs'], { failing: [] })
  t.is(trace, null)
})

const BDD =
  "const assert = require('node:assert')\nconst { add, twice } = require('./calc.cjs')\ndescribe('calc', () => {\n  it('doubles', () => assert.equal(twice(2), 4))\n  it('adds', async () => {\n    await null\n    assert.equal(add(1, 2), 3)\n  })\n})\n"

for (const [runner, argv] of Object.entries({
  mocha: ['node_modules/.bin/mocha', 'calc.test.cjs'],
  jest: ['node_modules/.bin/jest', '--runInBand', '--testMatch', '**/*.test.cjs'],
  'jest with workers': ['node_modules/.bin/jest', '--maxWorkers=2', '--testMatch', '**/*.test.cjs'],
}))
  withPackages(`${runner}: each test of a process has its own lines`, async (t) => {
    const files = {
      ...{ 'calc.cjs': CALC, 'calc.test.cjs': BDD, 'package.json': '{}' },
      'other.test.cjs': "it('is here', () => {})\n",
    }
    const how = { failing: ['adds'], ...(modules !== undefined && { modules }) }
    const { trace, output } = await traced(t, node, files, argv, how)
    const lines = ran(trace, 'calc.cjs')
    t.deepEqual(
      [lines['calc > doubles'], lines['calc > adds']],
      [
        [false, 4, 5, 6],
        [true, 1, 2, 3],
      ],
      output,
    )
  })

withPackages('tape: tests in tests, and the one in which an error ended the process', async (t) => {
  const code =
    "const test = require('tape')\nconst { add, twice } = require('./calc.cjs')\ntest('calc', (t) => {\n  t.test('doubles', (s) => {\n    s.equal(twice(2), 4)\n    s.end()\n  })\n  t.test('adds', (s) => {\n    s.equal(add(1, 2), 3)\n    throw new Error('over')\n  })\n  t.end()\n})\n"
  const files = { 'calc.cjs': CALC, 'calc.test.cjs': code }
  const how = { failing: ['adds'], ...(modules !== undefined && { modules }) }
  const { trace, output } = await traced(t, node, files, ['node_modules/.bin/tape', 'calc.test.cjs'], how)
  const lines = ran(trace, 'calc.cjs')
  t.deepEqual(
    [lines['doubles'], lines['adds']],
    [
      [false, 4, 5, 6],
      [true, 1, 2, 3],
    ],
    output,
  )
})

const JASMINE =
  "const { add, twice } = require('./calc.cjs')\ndescribe('calc', () => {\n  it('doubles', () => expect(twice(2)).toBe(4))\n  it('adds', async () => {\n    await null\n    expect(add(1, 2)).toBe(3)\n  })\n})\n"
const TAP =
  "const t = require('tap')\nconst { add, twice } = require('./calc.cjs')\nt.test('calc', (t) => {\n  t.test('doubles', async (s) => s.equal(twice(2), 4))\n  t.test('adds', (s) => {\n    s.equal(add(1, 2), 3)\n    s.end()\n  })\n  t.end()\n})\n"
const AVA =
  "import test from 'ava'\nimport calc from './calc.cjs'\nconst equals = test.macro({ exec: async (t, a, b) => {\n  await null\n  t.is(a(), b)\n} })\ntest('doubles', equals, () => calc.twice(2), 4)\ntest.serial('adds', async (t) => {\n  await null\n  t.is(calc.add(1, 2), 3)\n})\ntest('is here', (t) => t.pass())\n"
const VITEST =
  "import { describe, expect, it } from 'vitest'\nimport calc from './calc.cjs'\ndescribe('calc', () => {\n  it('doubles', () => expect(calc.twice(2)).toBe(4))\n  it('adds', async () => {\n    await null\n    expect(calc.add(1, 2)).toBe(3)\n  })\n})\n"

for (const [runner, [file, code, prefix, ...argv]] of Object.entries({
  jasmine: ['calc.test.cjs', JASMINE, 'calc ', 'jasmine', 'calc.test.cjs'],
  tap: ['calc.test.cjs', TAP, '', 'tap', '--no-coverage', 'calc.test.cjs'],
  ava: ['calc.test.mjs', AVA, '', 'ava', 'calc.test.mjs'],
  vitest: ['calc.test.mjs', VITEST, 'calc > ', 'vitest', 'run', '--dir', '.'],
  'vitest with threads': ['calc.test.mjs', VITEST, 'calc > ', 'vitest', 'run', '--pool=threads'],
} satisfies Record<string, [string, string, string, ...string[]]>))
  withPackages(`${runner}: each test has its own lines`, async (t) => {
    const files = { 'calc.cjs': CALC, [file]: code, 'package.json': '{}' }
    const how = { failing: ['adds'], ...(modules !== undefined && { modules }) }
    const [program = '', ...args] = argv
    const { trace, output } = await traced(t, node, files, [`node_modules/.bin/${program}`, ...args], how)
    const lines = ran(trace, 'calc.cjs')
    // A source map may leave heads of functions out.
    const bodies = (title: string) => lines[`${prefix}${title}`]?.filter((at) => [false, true, 2, 5].includes(at))
    t.deepEqual(
      [bodies('doubles'), bodies('adds')],
      [
        [false, 5],
        [true, 2],
      ],
      output,
    )
  })

const MONEY =
  'class Money {\n  toJSON() {\n    return 1\n  }\n  inspect() {\n    return "m"\n  }\n  get same() {\n    return this\n  }\n}\nexports.Money = Money\n'
const SHOWN_BY_RUNNER = {
  mocha:
    "const { Money } = require('./money.cjs')\nit('shows', () => {\n  throw Object.assign(new Error('differ'), { actual: new Money().same, expected: {}, showDiff: true })\n})\n",
  tape: "const { Money } = require('./money.cjs')\nrequire('tape')('shows', (t) => {\n  t.equal(new Money().same, 2)\n  t.end()\n})\n",
}

for (const [runner, code] of Object.entries(SHOWN_BY_RUNNER))
  withPackages(
    `${runner}: what runs only because the runner prints the values of a failure does not count`,
    async (t) => {
      const files = { 'money.cjs': MONEY, 'money.test.cjs': code, 'package.json': '{}' }
      const how = { failing: ['shows'], ...(modules !== undefined && { modules }) }
      const { trace, output } = await traced(t, node, files, [`node_modules/.bin/${runner}`, 'money.test.cjs'], how)
      t.deepEqual(ran(trace, 'money.cjs')['shows'], [true, 8, 9, 10], output)
    },
  )

/** Lines 5, 9, 12 and 15 only print it. */
const PRICE =
  "const shown = Symbol.for('nodejs.util.inspect.custom')\nclass Price {\n  constructor() {\n    Object.defineProperty(this, 'own', { enumerable: true, get: function () {\n      return 'p'\n    } })\n  }\n  [shown]() {\n    return 'p'\n  }\n  toString() {\n    return 'p'\n  }\n  toJSON() {\n    return 'p'\n  }\n  get same() {\n    return this\n  }\n}\nexports.Price = Price\n"
const PRICED = "const { Price } = require('./price.cjs')\n"
const SHOWN_BY_ASSERTION: Record<string, readonly [string, ...string[]]> = {
  'node:assert in node:test': [
    `${PRICED}const assert = require('node:assert')\nrequire('node:test')('shows', () => assert.deepStrictEqual(new Price().same, 2))\n`,
    process.execPath,
    '--test',
  ],
  'node:assert in mocha': [
    `${PRICED}const { strictEqual } = require('node:assert/strict')\nit('shows', () => strictEqual(new Price().same, 2))\n`,
    'node_modules/.bin/mocha',
    'price.test.cjs',
  ],
  'chai in mocha': [
    `${PRICED}const { expect } = require('chai')\nit('shows', () => expect(new Price().same).to.equal(2))\n`,
    'node_modules/.bin/mocha',
    'price.test.cjs',
  ],
  'expect in jest': [
    `${PRICED}it('shows', () => expect(new Price().same).toBe(2))\n`,
    'node_modules/.bin/jest',
    '--testMatch',
    '**/*.test.cjs',
  ],
}

for (const [library, [code, ...argv]] of Object.entries(SHOWN_BY_ASSERTION))
  withPackages(`${library}: what runs only for the message of a failure does not count`, async (t) => {
    const files = { 'price.cjs': PRICE, 'price.test.cjs': code, 'package.json': '{}' }
    const how = { failing: ['shows'], ...(modules !== undefined && { modules }) }
    const { trace, output } = await traced(t, node, files, argv, how)
    const [failed, ...lines]: readonly (boolean | number)[] = ran(trace, 'price.cjs')['shows'] ?? []
    t.true(failed === true && lines.includes(18), output)
    t.deepEqual(
      lines.filter((line) => [5, 9, 12, 15].includes(Number(line))),
      [],
      output,
    )
  })
