import type { Files } from './repo.ts'

/** A project whose one test is green, with a function that nobody tests, and a target. */
export const PROJECT: Files = {
  'calc.cjs': 'exports.add = (a, b) => a + b\nexports.twice = (a) => a + a\n',
  'calc.test.cjs':
    "const test = require('node:test')\nconst assert = require('node:assert')\nconst { add } = require('./calc.cjs')\ntest('adds', () => assert.equal(add(2, 3), 5))\n",
  'package.json': '{ "name": "calc", "version": "1.0.0", "scripts": { "test": "node --test" } }\n',
  'pp.yaml': 'proof_targets:\n  - { name: unit, cmd: "npm test --silent" }\n',
}

/** The same project with a bug that its test shows. */
export const BROKEN: Files = { ...PROJECT, 'calc.cjs': String(PROJECT['calc.cjs']).replace('a + b', 'a - b') }
