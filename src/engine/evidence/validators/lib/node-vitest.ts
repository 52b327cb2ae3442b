/**
 * Vitest, kept loaded: https://vitest.dev/advanced/api makes it with the options of the command. Each candidate is told to it as a
 * changed file, and each test file runs in a fresh process or thread, as in a run of its own.
 */
export const PP_NODE_VITEST = String.raw`import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'

const load = createRequire(import.meta.url)
const { ROOT, order, place, tell } = load('./pp-node-orders.cjs')
const nowhere = () => new Writable({ write: (chunk, encoding, done) => done() })

let first = order()
const own = createRequire(process.argv[1]).resolve('vitest/node')
const { createVitest, parseCLI } = await import(pathToFileURL(own).href)
const { filter, options } = parseCLI(['vitest', ...process.argv.slice(2)])
const fixed = { watch: false, run: true, isolate: true, reporters: [{}], coverage: { enabled: false } }
const vitest = await createVitest('test', { ...options, ...fixed }, {}, { stdout: nowhere(), stderr: nowhere() })

const started = await vitest.start(filter)
const specifications = await vitest.globTestSpecifications(filter)
const red = new Set(started.testModules.filter(isRed).map(({ moduleId }) => moduleId))
tell(said(started))
for (let asked = order(); asked !== null; asked = order()) {
  if (asked.record || asked.calls) tell({ calls: [] })
  else tell(await answer(asked))
}
process.exit(0)

async function answer(asked) {
  const putBack = place(asked)
  const changed = () => asked.path !== undefined && vitest.invalidateFile(join(ROOT, asked.path))
  changed()
  const reds = specifications.filter(({ moduleId }) => red.has(moduleId))
  const rounds = asked.stop && reds.length > 0 && reds.length < specifications.length ? [reds, specifications] : [specifications]
  let result
  for (const round of rounds) {
    result = said(await vitest.runTestSpecifications(round, false))
    if (result.status !== 0) break
  }
  putBack()
  changed()
  return result
}

function isRed(module) {
  return module.errors().length > 0 || module.state() === 'failed'
}

function said({ testModules, unhandledErrors }) {
  const result = { by: 'vitest', status: unhandledErrors.length > 0 ? 1 : 0, failing: [], passing: [], dirty: false }
  for (const module of testModules) {
    const file = relative(vitest.config.root, module.moduleId)
    if (module.errors().length > 0) result.failing.push(file)
    for (const suite of module.children.allSuites())
      if (suite.errors().length > 0) result.failing.push(file + ' > ' + suite.fullName)
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'failed' || state === 'passed') result[state === 'failed' ? 'failing' : 'passing'].push(file + ' > ' + test.fullName)
    }
    if (isRed(module)) result.status = 1
  }
  return result
}
`
