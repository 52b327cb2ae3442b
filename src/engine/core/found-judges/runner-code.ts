/**
 * How code hands functions to a test runner, which then calls them itself: fixtures, hooks, matchers. By language. Product that
 * has functions of the same names without a runner is not meant.
 */
const REGISTERS: readonly (readonly [RegExp, RegExp])[] = [
  [
    /\.py$/,
    anyOf(
      /\b(?:pytest|pytest_asyncio)\s*\.\s*(?:yield_)?fixture\b/,
      /\bfrom (?:pytest|pytest_asyncio) import\b.*\b(?:fixture|hookimpl)\b/,
      /\bfrom (?:pytest_bdd|behave) import\b/,
      /\bhookimpl\b/,
      /^\s*(?:async\s+)?def pytest_\w+\s*\(/,
      /^def (?:setUpModule|tearDownModule|setup_module|teardown_module)\s*\(/,
      /^\s+(?:async )?def (?:asyncSetUp|asyncTearDown|setUp(?:Class)?|tearDown(?:Class)?|(?:setup|teardown)_(?:method|class))\s*\(/,
    ),
  ],
  [
    /\.[cm]?[jt]sx?$/,
    anyOf(
      /(?:^|[^.\w])(?:before|after)(?:Each|All)\s*\(/,
      /\b(?:test|it|describe|suite|tap|QUnit)\.(?:\w+\.)?(?:before|after)(?:Each|All)?\s*\(/,
      /^\s*(?:t\.)?(?:before|after|suiteSetup|suiteTeardown|setup|teardown)\s*\(\s*(?:async\b|function\b|\(|["'`])/,
      /\b(?:expect\.(?:extend|addSnapshotSerializer)|chai\.(?:use|Assertion)|jest\.(?:mock|setTimeout)|vi\.mock)\b/,
    ),
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

/** Matches what any of these matches; ^ is the start of a line. */
function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'), 'm')
}

/** Whether a source file contains functions that a test runner calls itself. */
export function registersWithRunner(path: string, text: string): boolean {
  return REGISTERS.some(([name, code]) => name.test(path) && code.test(text))
}
