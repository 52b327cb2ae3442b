import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { arrange } from '../../../evaluation/real/arrange.ts'
import { type Bed, bedAt } from '../../../evaluation/real/bed.ts'
import { choose } from '../../../evaluation/real/choose.ts'
import { partsOf } from '../../../evaluation/real/fix.ts'
import { Project } from '../../../evaluation/real/projects.ts'

const CALC = 'plus() { echo $(($1 + $2)); }\n\nminus() { echo $(($1 - $2)); }\n'
const BROKEN = CALC.replace('$1 + $2', '$1 * $2').replace('$1 - $2', '$2 - $1')
const LOAD = '. ./calc.sh\nset -e\n'

test('the rule walks newest first, keeps fixes, and says why it leaves the others out', async (t) => {
  const { bed, commit, projectAt } = await repository(t)
  await commit({ 'calc.sh': BROKEN })
  await commit({ 'tests/times.sh': LOAD })
  const older = await commit({ 'calc.sh': CALC, 'tests/plus.sh': `${LOAD}[ $(plus 2 3) = 5 ]\n[ $(minus 3 2) = 1 ]\n` })
  await commit({ 'README.md': 'no test\n', 'calc.sh': `${CALC}# a word\n` })
  const tidy = await commit({ 'calc.sh': `${CALC}# two words\n`, 'tests/times.sh': `${LOAD}[ $(plus 1 1) = 2 ]\n` })
  const broken = await commit({ 'calc.sh': `${CALC}x() { :; }\n`, 'tests/x.sh': 'exit 1\n' })
  const newest = await commit({ 'calc.sh': `${CALC}zero() { echo 0; }\n`, 'tests/plus.sh': `${LOAD}[ $(zero) = 0 ]\n` })
  const { fixes, dropped } = await choose(projectAt(newest), bed, () => {})
  t.deepEqual(
    fixes.map(({ commit, files, base, baseTestsWithProduct }) => [commit, files, base, baseTestsWithProduct]),
    [
      [newest, ['tests/plus.sh'], 'green', 'green'],
      [older, ['tests/plus.sh'], 'none', 'none'],
    ],
  )
  t.deepEqual(dropped, {
    'not green outside of the tool with the dependencies of the pinned commit': [broken],
    'its tests pass without it': [tidy],
  })
})

test('the commits of the columns hold the parts that their names say, modes included', async (t) => {
  const { bed, commit, projectAt } = await repository(t)
  const base = await commit({ 'calc.sh': BROKEN, 'tests/plus.sh': LOAD })
  await writeFile(join(bed.dir, 'tests/new.sh'), '#!/bin/sh\n', { mode: 0o755 })
  const newest = await commit({
    'calc.sh': CALC,
    'tests/plus.sh': `${LOAD}[ $(plus 2 3) = 5 ]\n[ $(minus 3 2) = 1 ]\n`,
  })
  const project = await choose(projectAt(newest), bed, () => {})
  const [fix] = project.fixes
  if (fix === undefined) return t.fail('no fix was chosen')
  const given = { project, bed, fix, parts: await partsOf(bed, project, newest), whole: false }
  const shown = async (path: string) => (await bed.text('HEAD', path)) ?? 'none'

  await arrange('tests', given)
  t.is(await shown('calc.sh'), BROKEN)
  t.regex(await bed.git('ls-tree', 'HEAD', 'tests/new.sh'), /^100755/)
  t.is((await bed.git('rev-parse', 'HEAD^')).trim(), base)

  const product = await arrange('product', given)
  t.is(typeof product === 'string' ? product : product.command, 'sh tests/plus.sh')
  t.is(await shown('calc.sh'), CALC)
  t.is(await shown('tests/new.sh'), 'none')

  const weak = await arrange('weakened', given)
  t.is(typeof weak === 'string' ? weak : weak.remark, 'even groups kept, put back')
  t.is(await shown('tests/plus.sh'), LOAD)
  t.is(await shown('calc.sh'), CALC.replace('$1 - $2', '$2 - $1'))

  const agent = await arrange('agent', given)
  if (typeof agent === 'string') return t.fail(agent)
  t.is(await shown('calc.sh'), BROKEN)
  t.is((await bed.plain(agent.agent ?? 'false')).code, 0)
  t.is((await bed.plain(agent.command)).code, 0)
})

async function repository(t: ExecutionContext) {
  const root = await mkdtemp(join(tmpdir(), 'pp-choose-'))
  t.teardown(() => rm(root, { recursive: true }))
  const dir = join(root, 'checkout')
  await mkdir(dir)
  const bed: Bed = bedAt(dir)
  await bed.git('init', '-q', '-b', 'main')
  await bed.git('config', 'user.name', 'A U Thor')
  await bed.git('config', 'user.email', 'author@example.com')
  await bed.git('commit', '-q', '--allow-empty', '-m', 'root')
  const commit = async (files: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), text)
    }
    await bed.git('add', '-A')
    await bed.git('commit', '-q', '-m', 'step')
    return (await bed.git('rev-parse', 'HEAD')).trim()
  }
  const projectAt = (pinned: string) =>
    Project.parse({
      name: 'a/calc',
      url: 'https://example.com/',
      commit: pinned,
      language: 'shell',
      runner: 'sh',
      install: { from: 'nothing' },
      source: ['*.sh'],
      tests: ['tests/**'],
      runnable: ['tests/*.sh'],
      command: 'sh {files}',
      whole: 'sh tests/plus.sh',
      fixes: [],
      dropped: {},
    })
  return { bed, commit, projectAt }
}
