/** What programs most often leave changed in a process of Node, and how it is put back. */
export const PP_NODE_STATE = String.raw`'use strict'
const Module = require('node:module')

const argv = [...process.argv]
const QUIET = new Set(['PipeWrap', 'TTYWrap', 'FSReqCallback', 'Immediate', 'CloseReq', 'MessagePort'])

function leftovers() {
  const open = process.getActiveResourcesInfo ? process.getActiveResourcesInfo() : []
  return open.filter((one) => !QUIET.has(one)).length
}

/** What programs most often leave changed. */
function snapshot() {
  const objects = [globalThis, console, Math, JSON, Object, Array, String, Number, Date, Promise, RegExp, Map, Set, Error]
  const all = [...objects, ...objects.flatMap((one) => (typeof one === 'function' ? [one.prototype] : []))]
  return {
    objects: all.map((one) => [one, Object.getOwnPropertyDescriptors(one)]),
    env: { ...process.env },
    cwd: process.cwd(),
    listeners: new Map(process.eventNames().map((name) => [name, process.rawListeners(name)])),
    extensions: { ...Module._extensions },
  }
}

function restore({ objects, env, cwd, listeners, extensions }) {
  for (const [object, descriptors] of objects) putBack(object, descriptors)
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name]
  for (const name of Object.keys(env)) if (process.env[name] !== env[name]) process.env[name] = env[name]
  if (process.cwd() !== cwd) process.chdir(cwd)
  for (const name of process.eventNames())
    for (const listener of process.rawListeners(name))
      if (!listeners.get(name)?.includes(listener)) process.removeListener(name, listener)
  for (const [name, all] of listeners)
    for (const listener of all) if (!process.rawListeners(name).includes(listener)) process.on(name, listener)
  for (const name of Object.keys(Module._extensions)) if (!(name in extensions)) delete Module._extensions[name]
  Object.assign(Module._extensions, extensions)
  process.exitCode = undefined
  process.argv = [...argv]
}

function putBack(object, descriptors) {
  for (const key of Reflect.ownKeys(object)) {
    const [now, then] = [Object.getOwnPropertyDescriptor(object, key), descriptors[key]]
    if (!now.configurable) continue
    if (then === undefined) delete object[key]
    else if (now.value !== then.value || now.get !== then.get) Object.defineProperty(object, key, then)
  }
  for (const key of Reflect.ownKeys(descriptors)) if (!Object.hasOwn(object, key)) Object.defineProperty(object, key, descriptors[key])
}

module.exports = { leftovers, restore, snapshot }
`
