import type { FileRead } from '../../../model/trace.ts'

const NAME = /^node-\d+-\d+\.reads$/

/**
 * Tells which file's code opens which file to read it. It is loaded into each process of Node before anything else, and
 * appends a line for each pair to node-PID-THREAD.reads. What a package opens counts for the code of the project that called
 * the package. Files that an ES module imports as JSON are not seen.
 */
export const PP_READS = String.raw`'use strict'
const fs = require('node:fs')
const { join, relative, resolve, isAbsolute } = require('node:path')
const { fileURLToPath } = require('node:url')
const { threadId } = require('node:worker_threads')
const Module = require('node:module')

const ROOT = process.env.PP_ROOT
const MOST = 20000
const seen = new Set()
const { openSync, writeSync } = fs
let handle = null
let busy = false

function placeOf(file) {
  try {
    const name = file instanceof URL || String(file).startsWith('file:') ? fileURLToPath(file) : String(file)
    const path = relative(ROOT, resolve(name))
    const ours = path !== '' && !path.startsWith('..') && !isAbsolute(path)
    return ours && !path.split('/').includes('node_modules') && !resolve(name).startsWith(__dirname + '/') ? path : null
  } catch {
    return null
  }
}

function nearest() {
  const { prepareStackTrace, stackTraceLimit } = Error
  try {
    Error.stackTraceLimit = 60
    Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFileName())
    const names = new Error().stack
    for (const name of Array.isArray(names) ? names : []) {
      const path = typeof name === 'string' && !name.startsWith('node:') ? placeOf(name) : null
      if (path !== null) return path
    }
    return null
  } finally {
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}

function note(file) {
  if (busy || seen.size >= MOST || typeof file === 'number') return
  busy = true
  try {
    const path = placeOf(file)
    const by = path === null ? null : nearest()
    const line = JSON.stringify({ path, by }) + '\n'
    if (by === null || by === path || seen.has(line)) return
    seen.add(line)
    handle ??= openSync(join(__dirname, 'node-' + process.pid + '-' + threadId + '.reads'), 'a')
    writeSync(handle, line)
  } catch {
  } finally {
    busy = false
  }
}

function watch(owner, name, reads) {
  const plain = owner[name]
  const watched = function (...args) {
    if (reads(args)) note(args[0])
    return Reflect.apply(plain, this, args)
  }
  Object.defineProperties(watched, Object.getOwnPropertyDescriptors(plain))
  owner[name] = watched
}

const always = () => true
const opensToRead = ([, flags]) => typeof flags !== 'string' || flags.startsWith('r')
for (const name of ['readFileSync', 'readFile', 'createReadStream']) watch(fs, name, always)
for (const name of ['openSync', 'open']) watch(fs, name, opensToRead)
watch(fs.promises, 'readFile', always)
watch(fs.promises, 'open', opensToRead)
Module.syncBuiltinESMExports()
`

/** Reads what PP_READS wrote. */
export function readsOf(reports: ReadonlyMap<string, Uint8Array>): FileRead[] {
  const lines = [...reports].flatMap(([name, bytes]) =>
    NAME.test(name) ? new TextDecoder().decode(bytes).split('\n') : [],
  )
  return lines.flatMap((line) => readOf(line) ?? [])
}

/** Null for a line that was cut short by the end of its process. */
function readOf(line: string): FileRead | null {
  const [, path, by] = /^\{"path":("(?:[^"\\]|\\.)*"),"by":("(?:[^"\\]|\\.)*")\}$/.exec(line) ?? []
  return path !== undefined && by !== undefined ? { path: String(JSON.parse(path)), by: String(JSON.parse(by)) } : null
}
