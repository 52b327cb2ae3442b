/**
 * How code hands functions to a test runner, which then calls them itself: fixtures, hooks, matchers. By language. Product that
 * has functions of the same names without a runner is not meant.
 */
const REGISTERS: readonly (readonly [RegExp, RegExp])[] = [
  [
    /\.py$/,
    /\b(?:pytest|pytest_asyncio)\s*\.\s*(?:yield_)?fixture\b|\bfrom pytest(?:_asyncio)? import\b.*\b(?:fixture|hookimpl)\b|\bhookimpl\b|^\s*(?:async\s+)?def pytest_\w+\s*\(|^\s+(?:async )?def (?:asyncSetUp|asyncTearDown|setUp(?:Class)?|tearDown(?:Class)?|(?:setup|teardown)_(?:method|class))\s*\(/m,
  ],
  [
    /\.[cm]?[jt]sx?$/,
    /(?:^|[^.\w])(?:before|after)(?:Each|All)\s*\(|^\s*(?:before|after)\s*\(\s*(?:async\b|function\b|\(|["'`])|\b(?:expect\.(?:extend|addSnapshotSerializer)|chai\.(?:use|Assertion)|jest\.(?:mock|setTimeout)|vi\.mock)\b/m,
  ],
  [
    /\.rb$/,
    /\bRSpec\.(?:configure|shared_\w+)|\b(?:Minitest|TestCase|Test::Unit)\b[\s\S]*^\s*def (?:setup|teardown)\b|^\s*def (?:before_setup|after_teardown)\b/m,
  ],
  [/\.php$/, /\bfunction (?:setUp|tearDown)(?:BeforeClass|AfterClass)?\s*\(/],
  [
    /\.(?:java|kt|groovy|scala)$/,
    /@(?:Before|After)(?:Each|All|Class)?\b(?!\s*\()|implements\s+[\w, ]*(?:TestRule|MethodRule|(?:Each|All)Callback)\b/,
  ],
  [/\.(?:cs|fs|vb)$/i, /[[<](?:OneTime)?(?:SetUp|TearDown)[\]>]|[[<](?:Test|Class|Assembly)(?:Initialize|Cleanup)\b/],
]

/** Whether a source file contains functions that a test runner calls itself. */
export function registersWithRunner(path: string, text: string): boolean {
  return REGISTERS.some(([name, code]) => name.test(path) && code.test(text))
}
