/**
 * node:test for a process that runs its tests many times; the real one can do that once. It has what tests declare and use: tests,
 * suites, subtests, hooks, skip, todo, timeouts and mocks. Names of subtests are joined by ' > ', as the reader of outputs does.
 */
export const PP_NODE_TEST = `'use strict'
let root, how, failing, passing, met, innermost

function begin(options) {
  how = options
  ;[failing, passing, met, innermost] = [[], [], false, null]
  root = new Item(null, '', {}, null)
  root.isSuite = true
}

class Item {
  constructor(parent, name, options, fn) {
    Object.assign(this, { parent, name, options, fn, isSuite: false, children: [], done: false, error: null, told: false })
    this.hooks = { before: [], after: [], beforeEach: [], afterEach: [] }
    this.chain = null
    this.wait = null
    this.skipped = Boolean(options.skip) || Boolean(parent && parent.skipped)
    this.todo = Boolean(options.todo) || Boolean(parent && parent.todo)
    this.prepared = false
  }

  get id() {
    return this.parent && this.parent.parent ? this.parent.id + ' > ' + this.name : this.name
  }

  /** Runs a child after those before it. */
  add(child) {
    this.children.push(child)
    if (this.isSuite && this.parent !== null) return Promise.resolve()
    const start = () => child.run()
    const isFirst = this.chain === null
    this.chain = isFirst ? Promise.resolve().then(start) : this.chain.then(start)
    return this.chain
  }

  async prepare() {
    if (this.prepared) return
    this.prepared = true
    for (const hook of this.hooks.before) await call(hook, this.context())
  }

  async run() {
    const mine = how
    if (this.skipped) return this.finish()
    met = true
    if (!this.isSuite) mine.began(this.id)
    const outer = innermost
    try {
      await this.parent.prepare()
      for (const hook of this.each('beforeEach')) await call(hook, this.context())
      innermost = this
      if (this.isSuite) {
        await this.prepare()
        for (const child of this.children) await child.run()
      } else {
        await limited(this, call(this.fn, this.context()))
        await this.subtests()
      }
    } catch (error) {
      this.error = this.error || error || new Error('thrown')
    }
    for (const hook of [...this.hooks.after, ...this.each('afterEach').reverse()])
      try {
        await call(hook, this.context())
      } catch (error) {
        this.error = this.error || error
      }
    innermost = outer
    if (mine === how) this.finish()
  }

  /** A subtest for which its test does not wait has failed. */
  async subtests() {
    await Promise.resolve()
    if (this.children.some(({ done, skipped }) => !done && !skipped)) throw new Error('a subtest was not awaited')
  }

  each(name) {
    if (this.isSuite) return []
    const all = []
    for (let at = this.parent; at !== null; at = at.parent) all.unshift(...at.hooks[name])
    return all
  }

  finish() {
    if (this.done) return
    this.done = true
    if (this.children.some((child) => child.bad)) this.error = this.error || new Error('a subtest failed')
    this.bad = this.error !== null && !this.todo
    if (this.isSuite || this.skipped) return
    if (this.bad) {
      failing.push(this.id)
      if (how.stop) how.failed()
    } else passing.push(this.id)
  }

  context() {
    if (this.made) return this.made
    const item = this
    const hook = (name) => (fn) => item.hooks[name].push(fn)
    this.made = {
      name: this.name,
      fullName: this.id,
      signal: new AbortController().signal,
      diagnostic() {},
      runOnly() {},
      plan() {},
      skip: () => void (item.skipped = true),
      todo: () => void (item.todo = true),
      test: declare(() => item, false),
      before: hook('before'),
      after: hook('after'),
      beforeEach: hook('beforeEach'),
      afterEach: hook('afterEach'),
      get assert() {
        return require('node:assert')
      },
      get mock() {
        item.tracker = item.tracker || new (real().mock.constructor)()
        return item.tracker
      },
    }
    return this.made
  }
}

/** Its own module, but no test of it. */
function real() {
  return process.getBuiltinModule ? process.getBuiltinModule('node:test') : plain('node:test')
}

const plain = require

function call(fn, context) {
  const run = typeof fn === 'function' ? fn : () => {}
  if (run.length < 2) return run.call(context, context)
  return new Promise((resolve, reject) => run.call(context, context, (error) => (error ? reject(error) : resolve())))
}

/** An error that is thrown outside of any call belongs to the innermost test. */
function limited(item, result) {
  const { timeout } = item.options
  let timer
  const thrown = new Promise((_, reject) => {
    item.reject = reject
    if (Number.isFinite(timeout)) timer = setTimeout(() => reject(new Error('timed out')), timeout)
  })
  thrown.catch(() => {})
  return Promise.race([Promise.resolve(result), thrown]).finally(() => clearTimeout(timer))
}

function threw(error) {
  if (!innermost || !innermost.reject) return false
  innermost.reject(error)
  return true
}

function declare(parentOf, isSuite) {
  const make = (name, options, fn, more = {}) => {
    if (typeof name === 'function') [name, options, fn] = [name.name, {}, name]
    else if (name !== null && typeof name === 'object') [name, options, fn] = ['', name, options]
    else if (typeof options === 'function') [options, fn] = [{}, options]
    const parent = parentOf()
    const item = new Item(parent, String(name || (fn && fn.name) || '<anonymous>'), { ...options, ...more }, fn)
    item.isSuite = isSuite
    const added = parent.add(item)
    if (!isSuite) return added
    const outer = at
    at = item
    try {
      const result = item.skipped || typeof fn !== 'function' ? undefined : fn.call(item.context(), item.context())
      if (result && typeof result.then === 'function') result.then(undefined, (error) => (item.error = error))
    } catch (error) {
      item.error = error
    } finally {
      at = outer
    }
    return added
  }
  const declared = (...words) => make(...words)
  for (const word of ['skip', 'todo', 'only'])
    declared[word] = (name, options, fn) => {
      if (typeof options === 'function' || options === undefined) [options, fn] = [{}, options]
      return make(name, options, fn, word === 'only' ? {} : { [word]: true })
    }
  return declared
}

/** The suite that is being declared; null: none is. */
let at = null
const here = () => at || innermostOrRoot()

function innermostOrRoot() {
  return innermost && !innermost.isSuite && !innermost.done ? innermost : root
}

const hook = (name) => (fn) => void here().hooks[name].push(fn)

const API = declare(here, false)
Object.assign(API, {
  test: API,
  it: declare(here, false),
  describe: declare(here, true),
  suite: declare(here, true),
  before: hook('before'),
  after: hook('after'),
  beforeEach: hook('beforeEach'),
  afterEach: hook('afterEach'),
  run: () => {
    throw new Error('not here')
  },
})
Object.defineProperty(API, 'mock', { enumerable: true, get: () => real().mock })
for (const name of ['skip', 'todo', 'only']) API.it[name] = API.it[name] || API[name]
API.default = API

/** What is declared and not done when nothing is left to do will never be. */
function end() {
  const walk = (item) => {
    for (const child of item.children) {
      walk(child)
      if (!child.done && !child.skipped) {
        child.error = child.error || new Error('it never ended')
        child.finish()
      }
    }
  }
  walk(root)
  const outside = root.hooks.after
  for (const fn of outside)
    try {
      fn()
    } catch {
      failing.push('after')
    }
}

module.exports = { begin, end, threw, api: () => API, result: () => ({ failing: [...failing], passing: [...passing], met }) }
globalThis[Symbol.for('git-pp.node-test')] = API
`

/** The same for ES modules. */
export const PP_NODE_TEST_MODULE = `const api = globalThis[Symbol.for('git-pp.node-test')]
export default api
export const { test, it, describe, suite, before, after, beforeEach, afterEach, run, skip, todo, only } = api
export const mock = api.mock
`
