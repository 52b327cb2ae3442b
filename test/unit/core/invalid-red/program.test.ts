import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { programNotFound } from '../../../../src/engine/core/invalid-red/program.ts'
import { programsOf } from '../../../../src/engine/wiring/programs.ts'

test('a program that is not found is told with the nearest one, and --include only where that brings it', (t) => {
  const top = mkdtempSync(join(tmpdir(), 'programs-'))
  t.teardown(() => rmSync(top, { recursive: true }))
  for (const file of [
    'path/node',
    'path/only-here',
    'node_modules/.bin/vitest',
    'tools/gen/check.sh',
    'build/bin/app',
  ]) {
    mkdirSync(join(top, file, '..'), { recursive: true })
    writeFileSync(join(top, file), '')
  }
  const tracked = new Set(['tools', 'tools/run.sh'])
  const programs = programsOf(`${join(top, 'path')}:/nowhere`, top, (path) => tracked.has(path))
  const mend = (name: string | null) => programNotFound(name, programs).mend
  t.is(programNotFound('nod', programs).reason, 'program not found: nod')
  t.is(mend('nod'), 'did you mean node?')
  t.is(mend('vitst'), 'did you mean vitest?')
  t.is(mend('frobnicate'), 'install it, or let worktree.setup in pp.yaml do so')
  t.regex(mend('only-here'), /^it is on your PATH, where no sandbox shows it/)
  t.is(mend('app'), 'build/bin/app is not part of the tree: add --include build, and name it build/bin/app')
  t.is(mend('./tools/gen/check.sh'), 'tools/gen/check.sh is not part of the tree: add --include tools/gen')
  for (const name of ['../up', '/bin/nothing', 'x; rm -rf ~', './gone.sh']) t.notRegex(mend(name), /--include/, name)
  t.notRegex(mend('x; rm -rf ~'), /rm/)
  t.is(mend(null), 'look at the output: git pp show')
})
