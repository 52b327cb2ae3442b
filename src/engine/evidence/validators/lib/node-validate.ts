/**
 * Is loaded by each process of Node before its main script. In the process of a validation it either tries candidates (`worker`), or
 * takes the place of the main script, if that fails without a change (`supervise`).
 */
export const PP_NODE_VALIDATE = `'use strict'
const { existsSync, readFileSync, realpathSync } = require('node:fs')
const Module = require('node:module')
const { dirname, join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { isMainThread } = require('node:worker_threads')

const role = process.env.PP_NODE_ROLE
/** Whether no other process of this command has answered. */
const wanted = () => !existsSync(join(__dirname, 'pp-taken'))

/** What the tests start finds the environment of an ordinary run. */
function ordinary() {
  const own = process.env.PP_OWN_NODE_OPTIONS
  for (const name of ['PP_NODE_ROLE', 'PP_OWN_NODE_OPTIONS']) delete process.env[name]
  if (own) process.env.NODE_OPTIONS = own
  else delete process.env.NODE_OPTIONS
}

/** The name of the package that the main script belongs to. */
function packageOf(file) {
  for (let at = dirname(realpathSync(file)); ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')).name
    if (at === dirname(at)) return undefined
  }
}

function work() {
  const runMain = Module.runMain
  const name = packageOf(process.argv[1])
  ordinary()
  if (name === 'jest' || name === 'jest-cli') require('./pp-node-jest.cjs').prepare()
  else if (name === 'vitest') Module.runMain = () => import(pathToFileURL(join(__dirname, 'pp-node-vitest.mjs')))
  else {
    require('./pp-node-worker.cjs').prepare()
    Module.runMain = (...words) => require('./pp-node-worker.cjs').work(() => runMain.call(Module, ...words))
  }
}

if (isMainThread && role === 'worker') work()
else if (isMainThread && role === 'supervisor' && wanted()) {
  const runMain = Module.runMain
  Module.runMain = (...words) => {
    const plainly = () => runMain.call(Module, ...words)
    require('./pp-node-supervise.cjs').supervise().then(
      (taken) => (taken ? process.exit(1) : plainly()),
      () => plainly(),
    )
  }
}
`
