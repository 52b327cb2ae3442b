/** How code hands functions to a test runner, which then calls them itself: fixtures, hooks, matchers. By language. */
const REGISTERS: readonly (readonly [RegExp, RegExp])[] = [
  [
    /\.py$/,
    /^\s*@(?:pytest\.|pytest_asyncio\.)?(?:fixture|yield_fixture|hookimpl)\b|^\s*(?:async\s+)?def pytest_\w+\s*\(/m,
  ],
  [
    /\.[cm]?[jt]sx?$/,
    /(?:^|[^.\w])(?:before|after)(?:Each|All)?\s*\(|\b(?:expect\.(?:extend|addSnapshotSerializer)|chai\.(?:use|Assertion)|jest\.(?:mock|setTimeout)|vi\.mock)\b/,
  ],
  [/\.rb$/, /\bRSpec\.(?:configure|shared_\w+)|^\s*def (?:setup|teardown)\b/m],
  [/\.php$/, /\bfunction (?:setUp|tearDown)(?:BeforeClass|AfterClass)?\s*\(/],
  [
    /\.(?:java|kt|groovy|scala)$/,
    /@(?:Before|After)(?:Each|All|Class)?\b|implements\s+[\w, ]*(?:TestRule|Extension|Callback)\b/,
  ],
]

/** Whether a source file contains functions that a test runner calls itself. */
export function registersWithRunner(path: string, text: string): boolean {
  return REGISTERS.some(([name, code]) => name.test(path) && code.test(text))
}
