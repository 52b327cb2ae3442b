import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { programNotFound } from '../../../../src/engine/core/invalid-red/program.ts'
import { programLookup } from '../../../../src/engine/wiring/program-lookup.ts'

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
  const programs = programLookup(`${join(top, 'path')}:/nowhere`, top, (path) => tracked.has(path))
  const mend = (name: string | null) => programNotFound(name, programs).mend
  t.is(programNotFound('nod', programs).reason, 'program not found: nod')
  t.is(mend('nod'), 'did you mean node?')
  t.is(mend('vitst'), 'did you mean vitest?')
  t.is(mend('frobnicate'), 'install it, or install it with worktree.setup in pp.yaml')
  t.regex(mend('only-here'), /^it is on your PATH, but in a directory that the sandbox does not show/)
  t.is(mend('app'), 'git does not track build/bin/app, so add --include build and write build/bin/app in the command')
  t.is(mend('./tools/gen/check.sh'), 'git does not track tools/gen/check.sh, so add --include tools/gen')
  for (const name of ['../up', '/bin/nothing', 'x; rm -rf ~', './gone.sh']) t.notRegex(mend(name), /--include/, name)
  t.notRegex(mend('x; rm -rf ~'), /rm/)
  t.is(mend(null), 'git pp show prints the output')
})
