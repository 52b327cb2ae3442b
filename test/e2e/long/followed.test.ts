import { needing } from '../../helpers/needs.ts'
import { pp } from '../../helpers/pp.ts'
import { type Files, tempRepo } from '../../helpers/repo.ts'

interface Case {
  readonly name: string
  readonly base: Files
  readonly change: Files
  readonly command: string
  readonly verdict: 'PROVED' | 'TESTS_CHANGED' | 'NOT_FIXED' | 'RIGGED'
}

const LIB = { 'lib.c': 'int one(void) { return 2; }\n' }
const MENDED_LIB = { 'lib.c': 'int one(void) { return 1; }\n' }
const C_TEST = 'int one(void);\nint main(void) { return one() == 1 ? 0 : 1; }\n'
const WEAK_C_TEST = C_TEST.replace('== 1', '== 2')
const ONE = { 'lib.js': 'exports.one = () => 2\n' }
const MENDED_ONE = { 'lib.js': 'exports.one = () => 1\n' }
const NODE_TEST = "process.exit(require('./lib.js').one() === 1 ? 0 : 1)\n"
const PYTHON = { 'calc.py': 'ONE = 2\n' }
const PYTHON_TEST = 'import sys, calc\nsys.exit(0 if calc.ONE == 1 else 1)\n'
const RUN = 'python3 unittests.py\n'
const NODE_MAKE = 'all:\n\tsh run\n'
const SHELL_RUN = 'node ../suite.js\n'
const CHAIN = {
  ...ONE,
  'package.json': '{"scripts":{"test":"make -s -C unit"}}',
  'unit/Makefile': NODE_MAKE,
  'unit/run': SHELL_RUN,
  'suite.js': NODE_TEST,
}
const MAKEFILE = 'test: tests.c lib.c\n\t$(CC) -o $@ tests.c lib.c\n\t./$@\n'

const CMAKE = 'project(x C)\nenable_testing()\nadd_executable(t tests.c lib.c)\nadd_test(NAME t COMMAND t)\n'
const CTEST = 'cmake -S . -B out >/dev/null && cmake --build out >/dev/null && cd out && ctest'

const cases: readonly Case[] = [
  {
    name: 'a weakened test that a recipe compiles',
    base: { ...LIB, Makefile: MAKEFILE, 'tests.c': C_TEST },
    change: { 'tests.c': WEAK_C_TEST },
    command: 'make -s test',
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a test that a recipe compiles, without the fix',
    base: { ...LIB, Makefile: MAKEFILE, 'tests.c': C_TEST },
    change: { 'tests.c': C_TEST.replace('one() ==', 'one() + 1 ==') },
    command: 'make -s test',
    verdict: 'NOT_FIXED',
  },
  {
    name: 'a fix of what the same recipe compiles',
    base: { ...LIB, Makefile: MAKEFILE, 'tests.c': C_TEST },
    change: MENDED_LIB,
    command: 'make -s test',
    verdict: 'PROVED',
  },
  {
    name: 'a fix of a program that a recipe asks',
    base: {
      Makefile: 'test: tool\n\t./tool --check-itself\ntool: tool.c\n\t$(CC) -o $@ tool.c\n',
      'tool.c': 'int main(void) { return 1; }\n',
    },
    change: { 'tool.c': 'int main(void) { return 0; }\n' },
    command: 'make -s test',
    verdict: 'PROVED',
  },
  {
    name: 'a weakened test of any name, built and started by a recipe',
    base: {
      ...LIB,
      Makefile: 'PARTS = alpha.o lib.o\nunit: $(PARTS)\n\t$(CC) -o $@ $^\ncheck: unit\n\t./unit\n',
      'alpha.c': C_TEST,
    },
    change: { 'alpha.c': WEAK_C_TEST },
    command: 'make -s check',
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a recipe in a makefile of any name that runs nothing any more',
    base: { ...ONE, 'ci.rules': 'all:\n\tnode tests.js\n', 'tests.js': NODE_TEST },
    change: { 'ci.rules': 'all:\n\ttrue\n' },
    command: 'make -s -f ci.rules',
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a weakened test that a package script runs',
    base: { ...ONE, 'package.json': '{"scripts":{"test":"node tests.js"}}', 'tests.js': NODE_TEST },
    change: { 'tests.js': '' },
    command: 'npm test --silent',
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a fix of the program of a package that its test script runs',
    base: { 'package.json': '{"bin":"cli.js","scripts":{"test":"node cli.js"}}', 'cli.js': 'process.exitCode = 1\n' },
    change: { 'cli.js': 'process.exitCode = 0\n' },
    command: 'npm test --silent',
    verdict: 'PROVED',
  },
  {
    name: 'a fix of a program that crashes and that a package script runs',
    base: { 'package.json': '{"scripts":{"test":"node app.js"}}', 'app.js': 'const a = null\nconsole.log(a.b)\n' },
    change: { 'app.js': 'const a = {}\nconsole.log(a.b)\n' },
    command: 'npm test --silent',
    verdict: 'PROVED',
  },
  {
    name: 'a weakened test that a shell script runs',
    base: { ...PYTHON, 'run.sh': RUN, 'unittests.py': PYTHON_TEST },
    change: { 'unittests.py': '' },
    command: 'sh run.sh',
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a fix of what a shell script tests',
    base: { ...PYTHON, 'run.sh': RUN, 'unittests.py': PYTHON_TEST },
    change: { 'calc.py': 'ONE = 1\n' },
    command: 'sh run.sh',
    verdict: 'PROVED',
  },
  {
    name: 'a weakened test behind a package script, a makefile and a shell script',
    base: CHAIN,
    change: { 'suite.js': '' },
    command: 'npm test --silent',
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a shell script that a makefile leads to and that runs nothing any more',
    base: CHAIN,
    change: { 'unit/run': 'true\n' },
    command: 'npm test --silent',
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a fix behind a package script, a makefile and a shell script',
    base: CHAIN,
    change: MENDED_ONE,
    command: 'npm test --silent',
    verdict: 'PROVED',
  },
  {
    name: 'a weakened test that CMake compiles',
    base: { ...LIB, 'CMakeLists.txt': CMAKE, 'tests.c': C_TEST },
    change: { 'tests.c': WEAK_C_TEST },
    command: CTEST,
    verdict: 'TESTS_CHANGED',
  },
  {
    name: 'a fix of what CMake compiles',
    base: { ...LIB, 'CMakeLists.txt': CMAKE, 'tests.c': C_TEST },
    change: MENDED_LIB,
    command: CTEST,
    verdict: 'PROVED',
  },
]

/** What the README does not ask for. */
function needs(command: string, base: Files): string[] {
  if (command === CTEST) return ['cmake', 'make', 'cc']
  const files = Object.keys(base)
  const makes = files.some((path) => /(?:Makefile|\.rules)$/.test(path)) ? ['make'] : []
  return files.some((path) => path.endsWith('.c')) ? [...makes, 'cc'] : makes
}

for (const { name, base, change, command, verdict } of cases)
  needing(...needs(command, base))(`${name}: ${verdict}`, async (t) => {
    const repo = await tempRepo(t, base)
    await repo.commit('change', change)
    const { json } = await pp(repo, ['prove', 'HEAD', command, '--runs', '1', '--json'])
    t.is(json.verdict, verdict, json.reason)
    if (verdict === 'PROVED')
      t.is((await pp(repo, ['verify', 'HEAD', '--json', '--allow-unsigned'])).json.verdict, 'PROVED_UNSIGNED')
  })
