import * as fs from 'node:fs/promises'
import { join } from 'node:path'

import { CALC } from '../helpers/calc.ts'
import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'
import { oneIn } from '../helpers/sample.ts'

const test = oneIn(3)

const NODE = {
  'package.json': '{"type": "module", "scripts": {"test": "eslint . && node --test"}}\n',
  'src/add.js': 'export function add(a, b) {\n  return a - b\n}\n',
  'test/add.test.js':
    "import assert from 'node:assert'\nimport test from 'node:test'\nimport { add } from '../src/add.js'\ntest('adds', () => assert.equal(add(2, 3), 5))\ntest('adds nothing', () => assert.equal(add(4, 0), 4))\n",
}

const UNITTEST = {
  'src/calc/__init__.py': 'def add(a, b):\n    return a - b\n',
  'tests/test_add.py':
    'import unittest\nfrom calc import add\n\n\nclass AddTest(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(2, 3), 5)\n\n    def test_nothing(self):\n        self.assertEqual(add(4, 0), 4)\n',
}

for (const [what, files, runner] of [
  ['pytest', CALC, 'pytest'],
  ['unittest below src', UNITTEST, 'unittest'],
  ['node:test', NODE, 'node:test'],
] as const) {
  test(`a project of ${what} gets a policy with which its bug is found, mended and proved as it stands`, async (t) => {
    const repo = await tempRepo(t, files)
    const made = await pp(repo, ['init', '--json'])
    t.is(made.status, 0, made.stdout)
    t.is(made.json['runner'], runner)
    await repo.commit('policy')
    const ran = await pp(repo, ['run', '--json'])
    t.is(ran.json.verdict, 'PROVED', ran.stdout)
    t.is((await pp(repo, ['init'])).status, 2)
  })
}

test('it writes where the caller stands, for what lies there, and says which policy no longer counts', async (t) => {
  const below = Object.fromEntries(Object.entries(CALC).map(([file, text]) => [`packages/calc/${file}`, text]))
  const repo = await tempRepo(t, { ...below, 'pp.yaml': 'policy: {network: deny}\n', 'other/o.py': '' })
  const cwd = join(repo.dir, 'packages/calc')
  const made = await pp(repo, ['init', '--json'], { cwd })
  t.is(made.json['file'], 'packages/calc/pp.yaml')
  t.is(made.json['above'], 'pp.yaml')
  const text = await fs.readFile(join(cwd, 'pp.yaml'), 'utf8')
  t.regex(text, /- "\*\.py"/)
  t.notRegex(text, /other/)
  await repo.commit('policy')
  t.is((await pp(repo, ['run', '--json'], { cwd })).json.verdict, 'PROVED')
})

test('a policy that is there stays, unless --force is said', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'pp.yaml': '# mine\n' })
  const refused = await pp(repo, ['init'])
  t.is(refused.status, 2)
  t.regex(refused.stderr, /there is already a policy: pp\.yaml\n.*--force/)
  t.is(await fs.readFile(join(repo.dir, 'pp.yaml'), 'utf8'), '# mine\n')
  t.is((await pp(repo, ['init', '--force'])).status, 0)
  t.regex(await fs.readFile(join(repo.dir, 'pp.yaml'), 'utf8'), /proof_targets:/)
  t.deepEqual((await fs.readdir(repo.dir)).sort(), ['.git', 'calc.py', 'pp.yaml', 'test_calc.py'])
})

test('a policy of another name, and a link in its place, are not written over even by force', async (t) => {
  const repo = await tempRepo(t, { ...CALC, 'pp.json': '{}' })
  t.is((await pp(repo, ['init', '--force'])).status, 2)
  await fs.rm(join(repo.dir, 'pp.json'))
  await fs.writeFile(join(repo.home, 'precious'), 'precious')
  await fs.symlink(join(repo.home, 'precious'), join(repo.dir, 'pp.yaml'))
  t.is((await pp(repo, ['init', '--force'])).status, 2)
  t.is(await fs.readFile(join(repo.home, 'precious'), 'utf8'), 'precious')
})

test('a dry run prints the policy and writes nothing', async (t) => {
  const repo = await tempRepo(t, CALC)
  const before = await repo.snapshotState()
  const shown = await pp(repo, ['init', '-n'])
  t.is(shown.status, 0)
  t.regex(shown.stdout, /^# What git pp may do here/)
  t.deepEqual(await repo.snapshotState(), before)
})

test('nothing of the project is started, and no tool of it either', async (t) => {
  const marks = "import os\nopen(os.environ['HOME'] + '/started', 'w')\n"
  const repo = await tempRepo(t, {
    ...CALC,
    'conftest.py': marks,
    'setup.py': marks,
    'package.json': '{"scripts": {"test": "mocha", "pretest": "touch $HOME/started"}}',
    Makefile: 'X := $(shell touch $(HOME)/started)\ntest:\n\ttrue\n',
  })
  const bin = join(repo.home, 'bin')
  await fs.mkdir(bin)
  for (const name of ['python', 'python3', 'pytest', 'node', 'npm', 'npx', 'make', 'mocha'])
    await fs.writeFile(join(bin, name), '#!/bin/sh\ntouch "$HOME/started"\n', { mode: 0o755 })
  const made = await pp(repo, ['init'], { env: { PATH: `${bin}:${repo.env['PATH']}` } })
  t.is(made.status, 0, made.stderr)
  t.false((await fs.readdir(repo.home)).includes('started'))
})

test('names of files cannot write keys into the policy, nor colours on a terminal', async (t) => {
  const repo = await tempRepo(t, CALC)
  const name = 'a\n  network: allow\n\x1b[31m'
  await repo.write(`${name}/conftest.py`, '')
  await repo.write(`${name}/test_a.py`, '')
  const made = await pp(repo, ['init'])
  t.is(made.status, 0, made.stderr)
  t.false(made.stdout.includes('\x1b'))
  const text = await fs.readFile(join(repo.dir, 'pp.yaml'), 'utf8')
  t.false(text.includes('\x1b'))
  t.notRegex(text, /^ *network: allow/m)
})
