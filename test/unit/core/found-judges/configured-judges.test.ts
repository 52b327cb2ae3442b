import test from 'ava'
import {
  configuredJudges,
  isTestConfiguration,
  registersWithRunner,
} from '../../../../src/engine/core/found-judges/index.ts'

/** What these files of configuration make judges of, among these paths. */
function found(files: Readonly<Record<string, string>>, ...paths: readonly string[]): readonly string[] {
  return configuredJudges(new Map(Object.entries(files)), [...Object.keys(files), ...paths]).map(({ path }) => path)
}

for (const [name, files, loaded, product] of [
  [
    'plugins of pytest',
    { 'conftest.py': 'import calc\npytest_plugins = [\n    "support",\n    "tests.kit.web",\n]\nDATA = "calc"\n' },
    ['support.py', 'tests/kit/web.py'],
    ['calc.py'],
  ],
  [
    'options of pytest',
    { 'pytest.ini': '[pytest]\naddopts = -q -p kit --cov=calc\npythonpath = src\n' },
    ['kit.py'],
    ['calc.py', 'src/calc.py'],
  ],
  [
    'a section of pyproject.toml',
    {
      'pyproject.toml':
        '[project]\nname = "calc"\n[project.scripts]\ncalc = "calc:main"\n[tool.pytest.ini_options]\naddopts = "-p kit"\n',
    },
    ['kit.py'],
    ['calc.py'],
  ],
  [
    'a section of setup.cfg',
    { 'setup.cfg': '[options]\npy_modules = calc\n[tool:pytest]\naddopts = -p kit\n' },
    ['kit.py'],
    ['calc.py'],
  ],
  [
    'a configuration of jest',
    {
      'jest.config.js':
        "module.exports = {\n  setupFiles: ['<rootDir>/kit/setup.js'],\n  transform: { '^.+\\\\.x$': './kit/transform' },\n  moduleNameMapper: { '^lib$': '<rootDir>/src/lib.js' },\n  collectCoverageFrom: ['src/app.js'],\n}\n",
    },
    ['kit/setup.js', 'kit/transform.js'],
    ['src/lib.js', 'src/app.js'],
  ],
  [
    'a section of package.json',
    {
      'package.json':
        '{"name": "lib", "main": "src/lib.js", "jest": {"setupFiles": ["./kit.js"]}, "ava": {"require": ["./register.mjs"]}}',
    },
    ['kit.js', 'register.mjs'],
    ['src/lib.js'],
  ],
  [
    'a configuration of mocha',
    { '.mocharc.yml': 'require:\n  - ./kit.js\nspec: src/lib.js\n' },
    ['kit.js'],
    ['src/lib.js'],
  ],
  [
    'a configuration of vitest',
    { 'vitest.config.ts': "export default { test: { setupFiles: './kit.ts', alias: { lib: './src/lib.ts' } } }\n" },
    ['kit.ts'],
    ['src/lib.ts'],
  ],
] as const)
  test(`${name} shows what is loaded, and no product`, (t) => {
    t.deepEqual([...found(files, ...loaded, ...product)].sort(), [...loaded].sort())
  })

test('JSON that cannot be read, and a file of another tool, name nothing', (t) => {
  t.deepEqual(found({ 'package.json': '{"jest": {' }, 'kit.js'), [])
  t.deepEqual(found({ 'vite.config.js': "export default { build: { lib: { entry: './kit.js' } } }" }, 'kit.js'), [])
})

test('a name tells whether a file configures nothing but tests', (t) => {
  const yes = [
    'conftest.py',
    'a/conftest.py',
    'pytest.ini',
    'jest.config.ts',
    '.mocharc.json',
    'vitest.config.mts',
    'ava.config.js',
    'karma.conf.js',
  ]
  const no = ['package.json', 'pyproject.toml', 'vite.config.ts', 'mocha.js', 'jest.ts', 'src/avatar.config.js']
  t.deepEqual([...yes, ...no].filter(isTestConfiguration), yes)
})

test('fixtures and hooks of a runner are known in several languages', (t) => {
  t.true(registersWithRunner('kit.py', 'import pytest\n\n@pytest.fixture\ndef want(): return 5\n'))
  t.true(registersWithRunner('kit.py', 'def pytest_assertrepr_compare(op): ...\n'))
  t.true(registersWithRunner('kit.js', 'beforeEach(() => {})\n'))
  t.true(registersWithRunner('kit.ts', 'expect.extend({ toBeRight })\n'))
  t.true(registersWithRunner('Kit.java', 'class Kit { @BeforeEach void begin() {} }'))
  t.false(registersWithRunner('calc.py', 'def add(a, b):\n    """beforeEach(x)"""\n    return a + b\n'))
  t.false(registersWithRunner('calc.js', 'hooks.beforeEach(run)\n'))
  t.true(registersWithRunner('kit.py', 'import pytest\n\nfix = pytest.fixture\n\n\n@fix\ndef want(): return 5\n'))
  t.true(registersWithRunner('kit.py', 'from pytest import fixture as fix\n'))
  t.true(registersWithRunner('kit.py', 'class Base(TestCase):\n    def setUp(self):\n        pass\n'))
  t.true(registersWithRunner('kit.js', "  before('each', function () {})\n"))
  t.true(registersWithRunner('kit.mjs', "import test from 'node:test'\ntest.before(() => {})\n"))
  t.true(registersWithRunner('kit.ts', 'test.serial.beforeEach((t) => {})\n'))
  t.true(registersWithRunner('kit.js', 'suiteSetup(() => {})\n'))
  t.true(registersWithRunner('kit.js', 'setup(function () {})\n'))
  t.true(registersWithRunner('kit.py', 'def setup_module(module):\n    pass\n'))
  t.true(registersWithRunner('steps.py', 'from pytest_bdd import given\n'))
  t.true(registersWithRunner('kit.rb', 'class Base < Minitest::Test\n  def setup\n  end\nend\n'))
  t.true(registersWithRunner('Kit.cs', 'class Kit { [SetUp] public void Begin() {} }'))
})

test('product with functions of the same names registers nothing', (t) => {
  t.false(registersWithRunner('app.py', 'def setUp(app):\n    return app\n\n\ndef fixture(n):\n    return n\n'))
  t.false(registersWithRunner('lib/before.js', 'export function before(n, run) {}\nconst late = before(2, run)\n'))
  t.false(registersWithRunner('app.vue.ts', 'export default { setup(props) {} }\n'))
  t.false(registersWithRunner('hooks.js', 'hooks.before(run)\nplugin.setup(app)\n'))
  t.false(registersWithRunner('app.rb', 'class App\n  def setup\n  end\nend\n'))
  t.false(registersWithRunner('Log.java', '@Before("execution(* *(..))") void log() {}'))
})
