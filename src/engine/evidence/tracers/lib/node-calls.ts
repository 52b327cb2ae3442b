/**
 * Tells where the tests of node:test begin: each test runs in a resource of the type Test. What V8 counted until the first one
 * begins ran while files were loaded, and that report gets another name. A process that a test starts works for that test.
 * https://nodejs.org/api/v8.html#v8takecoverage
 */
export const PP_CALLS = String.raw`'use strict'
const { createHook } = require('node:async_hooks')
const fs = require('node:fs')
const { join } = require('node:path')
const v8 = require('node:v8')
const { threadId } = require('node:worker_threads')

const tests = new Set()

function isTest(resource) {
  // Suites are of the same type, but they only declare tests.
  return resource.constructor.name === 'Test' && resource.name !== '<root>'
}

function begin() {
  process.env.PP_IN_TEST = '1'
  fs.writeFileSync(join(__dirname, 'pp-began-' + process.pid + '-' + threadId), '')
}

function keepApart() {
  v8.takeCoverage()
  const ours = new RegExp('^coverage-' + process.pid + '-\\d+-' + threadId + '\\.json$')
  for (const name of fs.readdirSync(__dirname))
    if (ours.test(name)) fs.renameSync(join(__dirname, name), join(__dirname, 'loaded-' + name))
}

if (process.env.PP_CALLS_ONLY && process.env.PP_IN_TEST) begin()
else if (process.env.PP_CALLS_ONLY) {
  const hook = createHook({
    init(id, type, _, resource) {
      if (type === 'Test' && isTest(resource)) tests.add(id)
    },
    before(id) {
      if (!tests.has(id)) return
      hook.disable()
      keepApart()
      begin()
    },
  })
  hook.enable()
}
`
