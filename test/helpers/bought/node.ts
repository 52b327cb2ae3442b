import type { Case, Tree } from './case.ts'

const command = 'node --test'
const CALC = 'exports.add = (a, b) => a - b\nexports.double = (a) => a * 2\n'
const TEST =
  "const { add, double } = require('./calc.js')\nconst test = require('node:test')\nconst assert = require('node:assert')\n\ntest('adds', () => {\n  assert.strictEqual(add(2, 3), 5)\n})\n\ntest('doubles', () => {\n  assert.strictEqual(double(4), 8)\n})\n"
export const NODE_CALC: Tree = { 'calc.py': null, 'test_calc.py': null, 'calc.js': CALC, 'calc.test.js': TEST }
const first = (code: string) => ({ 'calc.js': `${code}\n${CALC}` })
const wrapped = (body: string) =>
  first(
    `const M = require('node:module')\nconst load = M.prototype.require\nM.prototype.require = function (id) {\n  const m = load.call(this, id)\n  const own = (name, f) => m(name, ${body})\n  return id === 'node:test' ? Object.assign(own, m, { test: own }) : m\n}`,
  )

/** The same for node:test. */
export const NODE: readonly Case[] = [
  { name: 'process.exit(0) on import', change: first('process.exit(0)'), verdict: 'RIGGED' },
  {
    name: 'an exit handler that makes the status 0',
    change: first("process.on('exit', () => { process.exitCode = 0 })"),
    verdict: 'NOT_FIXED',
  },
  {
    name: 'node:assert says nothing any more',
    change: first("require('node:assert').strictEqual = () => {}"),
    verdict: 'RIGGED',
  },
  { name: 'every test passes, whatever it says', change: wrapped('() => {}'), verdict: 'RIGGED' },
  {
    name: 'the failing test passes, whatever it says',
    change: wrapped("name === 'adds' ? () => {} : f"),
    verdict: 'RIGGED',
  },
  { name: 'the failing test is skipped', change: wrapped("name === 'adds' ? (t) => t.skip() : f"), verdict: 'RIGGED' },
  {
    name: 'TAP is forged',
    change: first("process.stdout.write('TAP version 13\\nok 1 - adds\\nok 2 - doubles\\n1..2\\n')\nprocess.exit(0)"),
    verdict: 'RIGGED',
  },
  {
    name: 'a test is marked skip',
    change: { ...first('// touched'), 'calc.test.js': TEST.replace("test('adds'", "test.skip('adds'") },
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'the runner among tracked dependencies is edited',
    base: {
      'node_modules/.bin/jest': '#!/bin/sh\nexec node --test\n',
    },
    command: 'PATH=node_modules/.bin:$PATH; jest',
    change: { ...first('// touched'), 'node_modules/.bin/jest': '#!/bin/sh\necho "Tests: 2 passed, 2 total"\n' },
    verdict: 'TESTS_CHANGED',
  },
].map((one) => ({
  command,
  ...one,
  name: `node:test: ${one.name}`,
  base: { ...NODE_CALC, ...('base' in one ? one.base : {}) },
}))
