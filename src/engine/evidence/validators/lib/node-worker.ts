/**
 * Runs the main script again and again, each time with the modules of the project loaded anew. A run has ended when nothing is left to do, or when it asks for the end of the
 * process; what it left in the process is then put back as far as that can be seen.
 */
export const PP_NODE_WORKER = String.raw`'use strict'
const childProcess = require('node:child_process')
const fs = require('node:fs')
const Module = require('node:module')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')
const workerThreads = require('node:worker_threads')
const { behaviour, recorded } = require('./pp-node-behaviour.cjs')
const { isJest, withKeptJest } = require('./pp-node-jest.cjs')
const { leftovers, restore, snapshot } = require('./pp-node-leftovers.cjs')
const { order, tell } = require('./pp-node-orders.cjs')
const shim = require('./pp-node-test.cjs')

const ROOT = fs.realpathSync(process.env.PP_ROOT || '/').replace(/\/?$/, '/')
/** In characters: how much of what the unchanged program prints is told. */
const MOST_OUTPUT = 200000
const EXIT = new Error('the process was to end')
const argv = [...process.argv]
const generation = new Int32Array(new SharedArrayBuffer(4))
const load = Module._load
const reallyExit = process.exit
const { writeFileSync, readFileSync, statSync, utimesSync } = fs
let runMain, before, printed, asked
/** A test runner that stays loaded and runs its tests for each order; null: the main script runs each time. */
let kept = null
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
    if (isJest(file)) this.exports = withKeptJest(file, this.exports, keep)
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
function refuse() {
  tell({ starts: true })
  reallyExit.call(process, 1)
}

function watchPrograms() {
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
  const { path, start, end, text } = asked
  let saved = null
  if (path !== undefined) {
    saved = { file: ROOT + path, bytes: readFileSync(ROOT + path), time: statSync(ROOT + path).mtimeMs / 1000 }
    const fresh = Buffer.from(text, 'latin1')
    put(saved.file, Buffer.concat([saved.bytes.subarray(0, start), fresh, saved.bytes.subarray(end)]), nextTime())
  }
  current = { saved, ended: false, left: false, yielded: false, calls: asked.record ? new Set() : null }
  printed = asked.print ? '' : null
  if (kept !== null) return void runKept()
  Atomics.add(generation, 0, 1)
  forget(Boolean(asked.all))
  if (asked.calls) return compare()
  shim.begin({ stop: Boolean(asked.stop), began: (id) => asked.print && tell({ test: id }), failed: () => finish(1) })
  try {
    runMain()
  } catch (error) {
    if (error !== EXIT) uncaught(error)
  }
}

/** From the first order on, which is being carried out, the tests are run by what \`opening\` gives. */
function keep(opening) {
  opening.then((opened) => {
    if (opened === null) return refuse()
    kept = opened
    return runKept()
  }, refuse)
}

async function runKept() {
  const mine = current
  const ran = await kept.run({ print: printed !== null, stop: Boolean(asked.stop) })
  if (mine.ended) return
  mine.ended = true
  told(ran.status, { met: false, ...ran }, false)
}

let latest = 0

/** In seconds. Caches of compiled files go by the time of change, in ms, so that no two candidates may have the same. */
function nextTime() {
  latest = Math.max(Date.now(), latest + 2)
  return latest / 1000
}

function put(file, bytes, time) {
  writeFileSync(file, bytes)
  utimesSync(file, time, time)
}

/** What the candidate does for further inputs. */
function compare() {
  let does = []
  // Whatever a call asks for, this run tells only what it was asked for.
  current.ended = true
  try {
    does = behaviour(require(ROOT + asked.path), asked.calls)
  } catch {}
  putBack()
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
  if (kept !== null) return finish(1)
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
  restore(before)
  // What stays loaded goes on after its process was to end, so that this process is of no further use.
  told(status, { failing, passing, met }, kept !== null || leftovers() > 0)
}

function told(status, { failing, passing, met }, dirty) {
  const output = printed
  printed = null
  putBack()
  tell({ status, met, failing, passing, dirty, ...(asked.print ? { output } : {}), ...(asked.record ? { calls: [...current.calls] } : {}) })
  setImmediate(next)
}

function putBack() {
  if (current.saved !== null) put(current.saved.file, current.saved.bytes, current.saved.time)
}

module.exports = { prepare, work }
`

/** ES modules of the project get another address for each run, since a loaded one cannot be forgotten. */
export const PP_NODE_HOOKS = `let generation, root, test

export function initialize(data) {
  ;({ root, test } = data)
  generation = data.generation
}

export async function resolve(specifier, context, next) {
  if (specifier === 'node:test') return { url: test, shortCircuit: true }
  const found = await next(specifier, context)
  const { url } = found
  if (!url.startsWith(root) || url.includes('/node_modules/') || found.format === 'commonjs') return found
  return { ...found, url: url + (url.includes('?') ? '&' : '?') + 'pp=' + Atomics.load(generation, 0) }
}
`
