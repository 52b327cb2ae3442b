/**
 * Runs the main script again and again, each time with the modules of the project loaded anew. A run has ended when nothing is left
 * to do, or when it asks for the end of the process; what it left in the process is then put back as far as that can be seen.
 */
export const PP_NODE_WORKER = String.raw`'use strict'
const childProcess = require('node:child_process')
const Module = require('node:module')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')
const workerThreads = require('node:worker_threads')
const { behaviour, recorded } = require('./pp-node-behaviour.cjs')
const { ROOT, order, place, tell } = require('./pp-node-orders.cjs')
const { leftovers, restore, snapshot } = require('./pp-node-state.cjs')
const shim = require('./pp-node-test.cjs')

/** In characters: how much of what the unchanged program prints is told. */
const MOST_OUTPUT = 200000
const EXIT = new Error('the process was to end')
const argv = [...process.argv]
const generation = new Int32Array(new SharedArrayBuffer(4))
const load = Module._load
const reallyExit = process.exit
let runMain, before, printed, asked
let current = { ended: true, calls: null }

/** Has to happen before anything of the project is loaded. */
function prepare() {
  Module._load = function (request, ...rest) {
    return request === 'node:test' ? shim.api() : load.call(this, request, ...rest)
  }
  if (Module.register)
    Module.register(pathToFileURL(join(__dirname, 'pp-node-hooks.mjs')), {
      data: { generation, root: pathToFileURL(ROOT).href, test: pathToFileURL(join(__dirname, 'pp-node-test.mjs')).href },
    })
  const plainLoad = Module.prototype.load
  Module.prototype.load = function (file, ...rest) {
    const result = plainLoad.call(this, file, ...rest)
    if (current.calls && file === ROOT + asked.path) this.exports = recorded(this.exports, current.calls)
    return result
  }
  watchPrograms()
  process.exit = (code) => {
    if (current.ended && !current.left && code !== undefined) process.exitCode = code
    finish(code)
    throw EXIT
  }
  for (const stream of [process.stdout, process.stderr])
    stream.write = (chunk, encoding, done) => {
      if (printed !== null && printed.length < MOST_OUTPUT) printed += String(chunk)
      const then = typeof encoding === 'function' ? encoding : done
      if (then) process.nextTick(then)
      return true
    }
}

/** A main script that starts programs or threads is not what runs the tests, or its tests cannot be told apart here. */
function watchPrograms() {
  const refuse = () => {
    tell({ starts: true })
    reallyExit.call(process, 1)
  }
  childProcess.ChildProcess.prototype.spawn = refuse
  for (const name of ['spawnSync', 'execFileSync', 'execSync']) childProcess[name] = refuse
  workerThreads.Worker = class {
    constructor() {
      refuse()
    }
  }
  require('node:cluster').fork = refuse
  Module.syncBuiltinESMExports()
}

function work(run) {
  runMain = run
  process.setUncaughtExceptionCaptureCallback(uncaught)
  process.on('beforeExit', drained)
  before = snapshot()
  next()
}

function next() {
  asked = order()
  if (asked === null) return reallyExit.call(process, 0)
  current = { putBack: place(asked), ended: false, left: false, yielded: false, calls: asked.record ? new Set() : null }
  printed = asked.print ? '' : null
  Atomics.add(generation, 0, 1)
  forget(Boolean(asked.all))
  if (asked.calls) return compare()
  shim.begin({ stop: Boolean(asked.stop), began: (id) => asked.print && tell({ test: id, by: 'node:test' }), failed: () => finish(1) })
  try {
    runMain()
  } catch (error) {
    if (error !== EXIT) uncaught(error)
  }
}

/** What the candidate does for further inputs. */
function compare() {
  let does = []
  // Whatever a call asks for, this run tells only what it was asked for.
  current.ended = true
  try {
    does = behaviour(require(ROOT + asked.path), asked.calls)
  } catch {}
  current.putBack()
  restore(before)
  tell({ does, dirty: leftovers() > 0 })
  setImmediate(next)
}

/** All modules of the project, and the main script: they are loaded anew. Modules of packages only if they keep what a run left. */
function forget(all) {
  for (const file of Object.keys(Module._cache))
    if (file.startsWith(__dirname)) continue
    else if (all || (file.startsWith(ROOT) && !file.includes('/node_modules/')) || file === argv[1] || isMain(file))
      delete Module._cache[file]
}

function isMain(file) {
  return Module._cache[file] === process.mainModule
}

function uncaught(error, kind) {
  if (error === EXIT || current.ended) return
  if (shim.threw(error)) return
  if (process.listenerCount('uncaughtException') > 0) {
    try {
      process.emit('uncaughtException', error, kind || 'uncaughtException')
      return
    } catch (other) {
      if (other === EXIT) return
      error = other
    }
  }
  if (printed !== null) printed += String((error && error.stack) || error) + '\n'
  finish(1)
}

/** The first time, listeners of the program may still begin something. */
function drained() {
  if (current.ended) return
  if (!current.yielded && process.listenerCount('beforeExit') > 1) {
    current.yielded = true
    setImmediate(() => {})
    return
  }
  shim.end()
  finish()
}

function finish(code) {
  if (current.ended) return
  const { failing, passing, met } = shim.result()
  if (code !== undefined) process.exitCode = code
  else if (failing.length > 0 && !process.exitCode) process.exitCode = 1
  current.ended = true
  for (const listener of process.listeners('exit'))
    if (!before.listeners.get('exit')?.includes(listener))
      try {
        listener.call(process, process.exitCode || 0)
      } catch (error) {
        if (error !== EXIT) process.exitCode = 7
      }
  current.left = true
  const status = Number(process.exitCode || 0)
  const output = printed
  printed = null
  current.putBack()
  restore(before)
  const dirty = leftovers() > 0
  tell({ status, ...(met ? { by: 'node:test' } : {}), failing, passing, dirty, ...(asked.print ? { output } : {}), ...(asked.record ? { calls: [...current.calls] } : {}) })
  setImmediate(next)
}

module.exports = { prepare, work }
`
