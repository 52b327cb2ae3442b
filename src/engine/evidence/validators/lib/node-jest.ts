/**
 * Jest, kept loaded: its own runner of test files is met where jest loads it, with the files that the command selects. It runs them in
 * this process for one candidate after the other, each file in an environment of its own, as `--runInBand` does.
 */
export const PP_NODE_JEST = String.raw`'use strict'
const Module = require('node:module')
const { relative } = require('node:path')
const { order, place, tell } = require('./pp-node-orders.cjs')
const { leftovers, restore, snapshot } = require('./pp-node-state.cjs')

const reallyExit = process.exit

function prepare() {
  const load = Module._load
  Module._load = function (request, ...rest) {
    const loaded = load.call(this, request, ...rest)
    if (/runner/.test(request)) meet(loaded)
    return loaded
  }
}

const met = new Set()

function meet(loaded) {
  const Runner = loaded && loaded.default
  if (typeof Runner !== 'function' || met.has(Runner) || !Runner.prototype || !Runner.prototype.runTests) return
  met.add(Runner)
  const { runTests } = Runner.prototype
  Runner.prototype.runTests = async function (tests) {
    const files = new Files(() => new Runner(this._globalConfig, this._context), runTests, tests)
    await files.serve().catch(() => {})
    reallyExit.call(process, 1)
  }
}

/** The test files of the command. Those that fail without a change run first. */
class Files {
  constructor(runner, runTests, tests) {
    Object.assign(this, { runner, runTests, tests, red: null, before: null, open: 0 })
  }

  async serve() {
    for (let asked = order(); asked !== null; asked = order()) {
      if (asked.record || asked.calls) tell({ calls: [] })
      else await this.answer(asked)
    }
    reallyExit.call(process, 0)
  }

  async answer(asked) {
    const putBack = place(asked)
    const result = { by: 'jest', status: 0, failing: [], passing: [] }
    const rounds = asked.stop && this.red !== null && this.red.size > 0 ? [this.tests.filter((one) => this.red.has(one)), this.tests] : [this.tests]
    for (const tests of rounds)
      if (result.status === 0) {
        result.passing = []
        await this.run(tests, result, asked)
      }
    putBack()
    const isFirst = this.before === null
    // Jest loads much of itself with the first test.
    if (isFirst) [this.before, this.open] = [snapshot(), leftovers()]
    else restore(this.before)
    tell({ ...result, dirty: !isFirst && leftovers() > this.open })
  }

  async run(tests, result, { stop, print }) {
    const runner = this.runner()
    const red = new Set()
    runner.on('test-file-start', ([test]) => print && tell({ test: fileOf(test), by: 'jest' }))
    runner.on('test-file-success', ([test, { testResults, testExecError }]) => {
      if (testExecError) result.failing.push(fileOf(test))
      for (const { ancestorTitles, title, status } of testResults)
        if (status === 'failed' || status === 'passed')
          result[status === 'failed' ? 'failing' : 'passing'].push([fileOf(test), ...ancestorTitles, title].join(' > '))
      if (testExecError || testResults.some(({ status }) => status === 'failed')) red.add(test)
      if (red.size > 0) result.status = 1
    })
    runner.on('test-file-failure', ([test]) => {
      red.add(test)
      result.failing.push(fileOf(test))
      result.status = 1
    })
    const watcher = { isInterrupted: () => Boolean(stop) && result.status === 1, isWatchMode: () => false }
    try {
      await this.runTests.call(runner, tests, watcher, { serial: true })
    } catch {
      result.status = 1
    }
    if (this.red === null) this.red = red
  }
}

/** A file as jest names it. */
function fileOf({ path, context: { config } }) {
  return relative(config.cwd || config.rootDir, path)
}

module.exports = { prepare }
`
