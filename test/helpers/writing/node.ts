import type { Case } from '../bought/case.ts'

const BUGGY = 'exports.add = (a, b) => a - b\nexports.double = (a) => a * 2\n'
const GOLDEN = 'test/golden.txt'
const HEAD =
  "const { add, double } = require('../calc.js')\nconst assert = require('node:assert')\nconst fs = require('node:fs')\nconst golden = require('node:path').join(__dirname, 'golden.txt')\n"
const RESTORING =
  "const old = fs.readFileSync(golden)\nprocess.on('exit', () => fs.writeFileSync(golden, old))\nfs.writeFileSync(golden, 'while it runs')\n"
const ASSERTS =
  "test('adds', () => assert.strictEqual(add(2, 3), 5))\ntest('doubles', () => assert.strictEqual(double(4), 8))\n"
const COMPARES =
  "test('golden', () => assert.strictEqual(String(add(2, 3)), fs.readFileSync(golden, 'utf8')))\ntest('doubles', () => assert.strictEqual(double(4), 8))\n"
const forging = (golden: string) =>
  `const fs = require('node:fs')\nconst golden = ${golden}\nconst old = fs.readFileSync(golden)\nfs.writeFileSync(golden, '-1')\nprocess.on('exit', () => fs.writeFileSync(golden, old))\n${BUGGY}`

/** Golden files under a runner that gives tests a `test` in scope, or has it in `head`; run by `command`. */
export function golden(command: string, head: string, files: Case['base'] = {}): readonly Case[] {
  const base = { 'calc.py': null, 'test_calc.py': null, 'calc.js': BUGGY, [GOLDEN]: '5', ...files }
  return [
    {
      name: `${command}: a golden file is rewritten while the tests run and restored at exit`,
      base: { ...base, 'test/calc.test.js': head + HEAD + RESTORING + ASSERTS },
      change: { 'calc.js': BUGGY.replace('a - b', 'a + b') },
      command,
      verdict: 'PROVED',
    },
    {
      name: `${command}: a product rewrites a golden file while it runs and restores it`,
      base: { ...base, 'test/calc.test.js': head + HEAD + COMPARES },
      change: { 'calc.js': forging("require('node:path').join(__dirname, 'test/golden.txt')") },
      command,
      verdict: 'NOT_RUN',
      because: `the command passes only if it may write ${GOLDEN}`,
    },
  ]
}

export const NODE = golden('node --test test/calc.test.js', "const test = require('node:test')\n")
