/**
 * Where runners begin and end a test; pp-tests.cjs takes the counts there. Runners are met where they call a test: mocha by the
 * events of its runner, jest by those of the environment of its test files, tape and tap by their classes of tests, jasmine by a
 * reporter, and node:test by the resource of the type Test in which each test runs. Runners that are modules of ECMAScript are met
 * where they are imported (see node-loader.ts): vitest by the hooks of its runner, ava by the function that declares tests.
 */
export const PP_RUNNERS = String.raw`'use strict'
const { createHook } = require('node:async_hooks')
const fs = require('node:fs')
const Module = require('node:module')
const { dirname, join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { aside, beginCalls, callsOnly, endCalls, enter, leave, start } = require('./pp-tests.cjs')
const { meetAssert, meetChai, meetExpect } = require('./pp-formatting.cjs')

function namesOf(test, nameOf, isTop) {
  const names = []
  for (let at = test; at && !isTop(at); at = at.parent) names.unshift(nameOf(at))
  return names
}

function meetMocha(Runner) {
  const { emit } = Runner.prototype
  const open = new Map()
  Runner.prototype.emit = function (event, test, ...more) {
    // What workers did is only told again here.
    if (this.constructor.name !== 'Runner') return emit.call(this, event, test, ...more)
    if (event === 'hook' && callsOnly) beginCalls()
    if (event === 'end') endCalls()
    if (event === 'test') open.set(test, enter(namesOf(test, ({ title }) => title, ({ root }) => root)))
    // What reporters call in order to print the values of a failure is not a part of the test.
    if ((event === 'fail' || event === 'test end' || event === 'retry') && open.has(test)) {
      if (event === 'retry' && open.get(test)) open.get(test).mixed = true
      leave(open.get(test), event === 'fail' ? 'failed' : 'passed')
      open.delete(test)
    }
    return emit.call(this, event, test, ...more)
  }
}

function meetJest({ TestEnvironment: Environment }) {
  const { handleTestEvent } = Environment.prototype
  const open = new Map()
  Environment.prototype.handleTestEvent = async function (event, state) {
    const { name, test } = event
    if (name === 'hook_start' && callsOnly) beginCalls()
    if (name === 'setup' || name === 'teardown') endCalls()
    if (name === 'test_start' && !callsOnly) meetExpect(this.global)
    if (name === 'test_start')
      open.set(test, enter(namesOf(test, (one) => one.name, (one) => one.name === 'ROOT_DESCRIBE_BLOCK')))
    if (name === 'test_done' && open.has(test)) leave(open.get(test), test.errors.length > 0 ? 'failed' : 'passed')
    if (handleTestEvent) return handleTestEvent.call(this, event, state)
  }
}

function meetTape(Test) {
  const { run } = Test.prototype
  Test.prototype.run = function (...args) {
    const test = enter([this.name])
    let outcome = 'passed'
    let resume = () => {}
    // The listeners in between print the values of a failure.
    this.prependListener('result', (result) => {
      if (!result || result.ok !== false || result.todo) return
      outcome = 'failed'
      resume = aside()
    })
    this.on('result', () => {
      resume()
      resume = () => {}
    })
    // Before the listener of its parent, which starts the next test.
    this.prependOnceListener('end', () => leave(test, outcome))
    return run.apply(this, args)
  }
}

function meetNodeTest(test) {
  const { run, postRun } = Object.getPrototypeOf(test)
  if (typeof run !== 'function' || typeof postRun !== 'function') return
  let one = null
  test.run = function (...args) {
    if (this.name !== '<root>') one = enter(namesOf(this, ({ name }) => name, ({ name }) => name === '<root>'))
    return run.apply(this, args)
  }
  // It starts the next test.
  test.postRun = function (...args) {
    leave(one, this.passed ? 'passed' : 'failed')
    return postRun.apply(this, args)
  }
}

function meetTap({ Test }) {
  const { main } = Test.prototype
  Test.prototype.main = function (done) {
    if (!this.parent && this.constructor !== Test) return main.call(this, done)
    const test = enter([this.name])
    return main.call(this, (...args) => {
      leave(test, this.passing() ? 'passed' : 'failed')
      return done(...args)
    })
  }
}

function meetJasmine(core) {
  const open = new Map()
  const reporter = {
    specStarted: ({ id, fullName }) => void open.set(id, enter([fullName])),
    specDone: ({ id, status }) => leave(open.get(id) || null, status === 'failed' ? 'failed' : 'passed'),
  }
  const heard = new Set()
  for (const name of ['boot', 'noGlobals']) {
    const begin = core[name]
    core[name] = function (...args) {
      const got = begin.apply(this, args)
      const env = (got.jasmine || got).getEnv()
      if (!heard.has(env)) env.addReporter(reporter)
      heard.add(env)
      return got
    }
  }
}

/** Vitest calls these hooks of its runner around each test: https://vitest.dev/advanced/runner */
function meetVitest({ startTests }) {
  const hooked = (runner) => {
    const open = new Map()
    const { onBeforeRunTask, onAfterRunTask } = runner
    runner.onBeforeRunTask = function (test) {
      const names = []
      for (let at = test; at && at !== at.file; at = at.suite) names.unshift(at.name)
      open.set(test, enter(names))
      return onBeforeRunTask && onBeforeRunTask.call(this, test)
    }
    runner.onAfterRunTask = function (test) {
      leave(open.get(test) || null, test.result && test.result.state === 'fail' ? 'failed' : 'passed')
      return onAfterRunTask && onAfterRunTask.call(this, test)
    }
    return runner
  }
  return { startTests: (files, runner, ...more) => startTests(files, hooked(runner), ...more) }
}

/** The tests of a file of ava overlap, because each waits for a promise at least; here one waits for the other. */
function meetAva(ava) {
  let turn = Promise.resolve()
  const run = (body, fails) =>
    Object.assign(function (t, ...args) {
      const ended = turn.then(async () => {
        const test = enter([t.title])
        let outcome = 'failed'
        try {
          const value = await body.call(this, t, ...args)
          if (t.passed !== false) outcome = 'passed'
          return value
        } finally {
          leave(test, fails ? 'passed' : outcome)
        }
      })
      turn = ended.catch(() => {})
      return ended
    }, body)
  const bodies = (one, fails) =>
    typeof one === 'function' ? run(one, fails) : one && one.exec ? { ...one, exec: run(one.exec, fails) } : one
  const declares = (chain, fails) =>
    new Proxy(chain, {
      apply: (to, that, args) => Reflect.apply(to, that, [...args.slice(0, 2).map((one) => bodies(one, fails)), ...args.slice(2)]),
      get: (to, name) => (/^(?:serial|only|failing)$/.test(String(name)) ? declares(to[name], fails || name === 'failing') : to[name]),
    })
  return { default: declares(ava.default, false) }
}

const has = (value, ...names) =>
  typeof value === 'function' && value.prototype && names.every((name) => typeof value.prototype[name] === 'function')

/** What exports a runner → how it is met. A module may fill what it exports only after others have loaded it. */
function wayTo(exported) {
  if (has(exported, 'runTest', 'runSuite') && exported.constants) return meetMocha
  if (has(exported, 'comment', 'plan', '_assert') && has(exported, 'run')) return meetTape
  if (!callsOnly && has(exported.Test, 'main', 'passing', 'threw')) return meetTap
  if (!callsOnly && exported.boot && exported.noGlobals && exported.files) return meetJasmine
  if (!callsOnly && exported.expect && exported.util && has(exported.Assertion, 'assert')) return meetChai
  const environment = Object.getOwnPropertyDescriptor(exported, 'TestEnvironment')
  return environment && has(exported.TestEnvironment, 'getVmContext', 'setup') ? meetJest : null
}

const met = new Set()
function meet(exported) {
  if (exported === null || (typeof exported !== 'object' && typeof exported !== 'function')) return
  const way = met.has(exported) ? null : wayTo(exported)
  if (way === null) return
  met.add(exported)
  start()
  way(exported)
}

const load = Module._load
Module._load = function (...args) {
  const exported = load.apply(this, args)
  try {
    meet(exported)
  } catch {}
  return exported
}

if (!callsOnly) meetAssert(require('node:assert'))

createHook({
  init(id, type, _, resource) {
    if (!callsOnly && type === 'Test' && resource.constructor.name === 'Test') meetNodeTest(resource)
  },
}).enable()

/** Whether a package is installed for the program in the working directory. */
function isInstalled(name) {
  for (let at = process.cwd(); ; at = dirname(at)) {
    if (fs.existsSync(join(at, 'node_modules', name))) return true
    if (at === dirname(at)) return false
  }
}

if (!callsOnly && Module.register && ['vitest', 'ava', 'chai'].some(isInstalled)) {
  const met = { ava: meetAva, vitest: meetVitest, chai: (chai) => (meetChai(chai), {}) }
  globalThis[Symbol.for('git-pp.runners')] = (name, exports) => (start(), met[name](exports))
  Module.register(pathToFileURL(join(__dirname, 'pp-loader.mjs')))
}
`
