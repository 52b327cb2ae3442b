/**
 * Keeps jest loaded, for the worker: when its command-line program calls `runCLI` of `@jest/core`, the configuration is read and the
 * tests are found once, and each order runs them again in this process. Every test file gets a context of its own from jest, so
 * modules of the project need not be forgotten here. https://github.com/jestjs/jest/tree/main/packages/jest-core
 */
export const PP_NODE_JEST = `'use strict'
const { createRequire } = require('node:module')

const CORE = /[/]@jest[/]core[/]build[/][\\w-]+[.]js$/
/** With one of these, jest chooses its tests by what git says, prints something else, or does not end. */
const OTHERWISE = [
  'changedFilesWithAncestor', 'changedSince', 'clearCache', 'ignoreProjects', 'init', 'lastCommit', 'listTests', 'onlyChanged',
  'onlyFailures', 'selectProjects', 'showConfig', 'watch', 'watchAll',
]

/** What the core of jest gives to those who load it: its \`runCLI\` hands the session to \`keep\` and never comes back. */
function withKeptJest(file, loaded, keep) {
  if (typeof loaded.runCLI !== 'function') return loaded
  const runCLI = (argv, projects) => {
    keep(openJest(file, loaded, argv, projects))
    return new Promise(() => {})
  }
  return { ...loaded, runCLI }
}

/** Null: these tests cannot be run again and again. */
async function openJest(file, { SearchSource, createTestScheduler }, argv, projects) {
  if (OTHERWISE.some((name) => argv[name])) return null
  const near = createRequire(file)
  const { readConfigs } = near('jest-config')
  const { default: Runtime } = near('jest-runtime')
  const { TestWatcher } = near('jest-watcher')
  const { globalConfig, configs } = await readConfigs({ ...argv, runInBand: true, watchman: false }, projects)
  if ([globalConfig, ...configs].some((one) => one.globalSetup || one.globalTeardown)) return null
  const tests = []
  for (const config of configs) {
    // Otherwise a program is started that looks for files.
    const haste = { ...config.haste, forceNodeFilesystemAPI: true }
    const options = { console, maxWorkers: 1, watch: false, watchman: false }
    const context = await Runtime.createContext({ ...config, haste }, options)
    // Before jest 30, the second argument is not looked at here.
    tests.push(...(await new SearchSource(context).getTestPaths(globalConfig, context.config)).tests)
  }
  return { run: (order) => runTests(order) }

  async function runTests({ print, stop }) {
    const config = {
      ...globalConfig,
      ...{ maxWorkers: 1, collectCoverage: false, notify: false, bail: stop ? 1 : 0 },
      reporters: print ? [['default', {}]] : [],
    }
    const scheduler = await createTestScheduler(config, { firstRun: true, previousSuccess: true })
    // A watcher that watches is only told when to stop; otherwise jest would end the process.
    const results = await scheduler.scheduleTests([...tests], new TestWatcher({ isWatchMode: true }))
    const ended = namesOf(results.testResults)
    const isBad = ended.failing.length > 0 || results.numTotalTests === 0
    if (!stop) failingFirst(ended.files)
    return { ...ended, status: isBad ? 1 : 0 }
  }

  function failingFirst(files) {
    tests.sort((a, b) => Number(files.has(b.path)) - Number(files.has(a.path)))
  }
}

function namesOf(files) {
  const named = { failing: [], passing: [], files: new Set() }
  for (const { testFilePath, testResults, testExecError } of files) {
    if (testExecError) named.failing.push(testFilePath)
    for (const { fullName, status } of testResults) {
      if (status === 'failed') named.failing.push(testFilePath + ' ' + fullName)
      if (status === 'passed') named.passing.push(testFilePath + ' ' + fullName)
    }
    if (testExecError || testResults.some(({ status }) => status === 'failed')) named.files.add(testFilePath)
  }
  return named
}

module.exports = { isJest: (file) => CORE.test(file), withKeptJest }
`
