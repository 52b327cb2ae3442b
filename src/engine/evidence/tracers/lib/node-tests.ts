/**
 * Takes V8's counts at the beginning and at the end of each test, so that tests of one process are told apart; node-runners.ts
 * says where runners begin and end a test. Tests that overlap in time are left out.
 * To take the counts costs some milliseconds, so after a while only some of the passing tests are looked at. PP_FAILING holds the
 * ids of the failing ones, a line each.
 * A line of the report is a script ({script, url, map, text}) or a test ({test, outcome, result}); `test` null: what ran before
 * the first one.
 *
 * With PP_CALLS_ONLY tests are not told apart: what ran from the first test or hook to the end of the tests is one test without a
 * name, and what ran while files were loaded is left out. node:test is then left to node-calls.ts. https://chromedevtools.github.io/devtools-protocol/v8/Profiler/
 */
export const PP_TESTS = String.raw`'use strict'
const fs = require('node:fs')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { threadId } = require('node:worker_threads')

const PREFIX = pathToFileURL(process.env.PP_ROOT || '/').href.replace(/\/?$/, '/')
const FILE = join(__dirname, 'pp-tests-' + process.pid + '-' + threadId + '.jsonl')
/** In characters: what is written of tests that pass. */
const MOST = 24 * 1024 * 1024
/** In ms: until when every test is looked at, and until when every eighth. */
const EVERY = 3000
const SOME = 9000
const failing = (process.env.PP_FAILING || '').split('\n').filter(Boolean)
const scripts = new Map()
const told = new Set()
const running = []
let session = null
const callsOnly = Boolean(process.env.PP_CALLS_ONLY)
/** What tests called since they began; null: files are loaded. */
let calls = null
let hadTest = false
let written = 0
let spent = 0
let passedOver = 0

/** A process that an error ends was in its innermost test. */
function ended(code) {
  endCalls()
  const test = running[running.length - 1]
  if (test && code !== 0) leave(test, 'failed')
}

function start() {
  if (session !== null) return
  process.on('exit', ended)
  const { Session } = require('node:inspector')
  session = new Session()
  session.connect()
  session.on('Debugger.scriptParsed', ({ params: { scriptId, url, sourceMapURL } }) => {
    if (url.startsWith(PREFIX) && !url.includes('/node_modules/'))
      scripts.set(scriptId, { url, map: sourceMapURL || null })
  })
  session.post('Debugger.enable')
  session.post('Debugger.setSkipAllPauses', { skip: true })
  session.post('Profiler.enable')
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
}

function ask(method, params) {
  let answer = null
  session.post(method, params, (error, result) => {
    answer = error ? null : result
  })
  return answer
}

function write(line) {
  const text = JSON.stringify(line) + '\n'
  written += text.length
  fs.appendFileSync(FILE, text)
}

function take(test) {
  const began = performance.now()
  collect(test)
  spent += performance.now() - began
}

/** What ran since the last call belongs to this test; null: to none. */
function collect(test) {
  const { result } = ask('Profiler.takePreciseCoverage') || { result: [] }
  const own = result.filter(({ scriptId }) => scripts.has(scriptId))
  if (test === null && hadTest) return
  const into = test === null ? [] : test.result
  for (const { scriptId, functions } of own) into.push({ script: scriptId, functions })
  if (test === null) tell(null, 'passed', into)
}

function tell(test, outcome, result) {
  if (outcome !== 'failed' && written > MOST) return
  for (const { script } of result) {
    if (told.has(script)) continue
    told.add(script)
    const { scriptSource: text = '' } = ask('Debugger.getScriptSource', { scriptId: script }) || {}
    write({ script, ...scripts.get(script), text })
  }
  write({ test, outcome, result })
}

function isWanted(names) {
  const last = names[names.length - 1] || ''
  if (spent < EVERY || failing.some((id) => id.endsWith(last))) return true
  return spent < SOME && passedOver++ % 8 === 0
}

/** Tests, or their hooks, begin to run. */
function beginCalls() {
  start()
  if (calls !== null) return
  ask('Profiler.takePreciseCoverage')
  calls = { names: [], result: [] }
  // A process that a test starts works for that test.
  process.env.PP_IN_TEST = '1'
}

/** Files are loaded again, or nothing is to come. */
function endCalls() {
  if (calls === null) return
  collect(calls)
  tell(calls.names, 'passed', calls.result)
  calls = null
  delete process.env.PP_IN_TEST
}

/** Null: this test is passed over. */
function enter(names) {
  if (callsOnly) return beginCalls(), null
  start()
  if (!isWanted(names)) return null
  take(running[running.length - 1] || null)
  hadTest = true
  const test = { names, result: [], mixed: false }
  running.push(test)
  return test
}

function leave(test, outcome) {
  if (test === null || !running.includes(test)) return
  take(running[running.length - 1])
  if (running[running.length - 1] !== test) for (const one of running) one.mixed = true
  running.splice(running.indexOf(test), 1)
  if (!test.mixed) tell(test.names, outcome, test.result)
}

/** What runs until the returned function is called belongs to no test. */
function aside() {
  if (running.length === 0) return () => {}
  take(running[running.length - 1])
  return () => take(null)
}

module.exports = { aside, beginCalls, callsOnly, endCalls, enter, leave, start }
require('./pp-runners.cjs')
`
