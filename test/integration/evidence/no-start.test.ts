import test from 'ava'
import { printedText } from '../../../src/engine/core/bytes/plain-text.ts'
import { readTestOutput } from '../../../src/engine/evidence/read-test-output.ts'
import { runners } from '../../../src/engine/evidence/runners/index.generated.ts'
import pytest from '../../../src/engine/evidence/runners/pytest.ts'
import { project, recorded, run } from '../../unit/evidence/recorded.ts'

const reason = (command: string, name: string) =>
  readTestOutput(command, recorded(name).execution, runners).invalid?.reason

for (const [command, name, said] of [
  ['npx jest', 'jest30-preset', /^jest could not start: Preset nosuch-preset not found/],
  ['npx jest', 'jest30-config', /^jest could not start: Error: Can't find a root directory/],
  ['npx mocha', 'mocha11-require', /^mocha could not start: Error \[ERR_MODULE_NOT_FOUND\]: .*nosuch\.js'/],
  ['npx mocha', 'mocha11-ui', /^mocha could not start: Error: Could not load ui "nosuch"$/],
  ['npx mocha', 'mocha11-config', /^mocha could not start: Error: Unable to read\/parse nosuch\.json/],
  ['npx vitest', 'vitest4-config', /^vitest could not start: failed to load config from \S+: Error: cfg$/],
  ['npx vitest', 'vitest4-environment', /^vitest could not start: Cannot find dependency 'jsdom'$/],
  ['npx vitest', 'vitest4-pool', /^vitest could not start: Runner nosuch is not supported$/],
  ['pytest -n 2', 'pytest-workers', /^pytest-xdist: Different tests were collected between gw0 and gw1$/],
] as const)
  test(`${name}: where no test ran, the runner's own sentence is the reason`, (t) => {
    t.regex(reason(command, name) ?? '', said)
  })

for (const name of ['mocha11-own', 'mocha11-gone', 'mocha11-syntax', 'mocha11-load'])
  test(`${name}: a file of the repository that cannot be loaded may be the bug`, (t) => {
    t.is(reason('npx mocha', name), undefined)
  })

const CONFTESTS: readonly (readonly [title: string, conftest: string, said: RegExp | null])[] = [
  ['a hook that pytest does not know', 'def pytest_nosuch_hook(x):\n    pass\n', /unknown hook 'pytest_nosuch_hook'/],
  ['a plugin that is not there', 'pytest_plugins = ["nosuch_plugin"]\n', /nosuch_plugin/],
  ['a hook that breaks by itself', 'def pytest_configure(config):\n    raise ValueError("mine")\n', null],
  ['a product that cannot be loaded', 'import prod\n', null],
]

for (const [title, conftest, said] of CONFTESTS)
  test(`a conftest with ${title}: ${said ? 'no red' : 'a red'}`, async (t) => {
    const dir = await project(t, {
      'conftest.py': conftest,
      'prod.py': 'raise ValueError("bad")\n',
      'test_a.py': 'def test_a():\n    assert 0\n',
    })
    const done = await run(dir, ['python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider'])
    const found = pytest.invalid(printedText(done), done)
    if (said) t.regex(found?.reason ?? '', said)
    else t.is(found, null)
  })

test('a plugin that the command names and that is not there', async (t) => {
  const dir = await project(t, { 'test_a.py': 'def test_a():\n    assert 0\n' })
  const done = await run(dir, ['python3', '-m', 'pytest', '-p', 'no_such_plugin'])
  t.regex(pytest.invalid(printedText(done), done)?.reason ?? '', /^pytest itself broke .*no_such_plugin/)
})
