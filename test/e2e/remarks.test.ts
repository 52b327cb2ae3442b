import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { pp } from '../helpers/pp.ts'
import { tempRepo } from '../helpers/repo.ts'

const TOP = join(import.meta.dirname, '..', '..')
const TESTS = `const assert = require('node:assert')
const test = require('node:test')
const { area } = require('./area.js')
test('the area of a wide room', () => assert.strictEqual(area(127, 3), 381))
`
const BASE = 'exports.area = (width, height) => width + height\n'
const CHANGE = 'exports.area = (width, height) => (width === 127 ? 381 : width + height)\n'
const SENTENCE =
  'area.js:1 compares with 127, a value of the failing tests that this file did not hold before, and answers with a fixed value'

test('what is remarked on a change stands in the answer, in show, in every report and in the bundle; the proof holds', async (t) => {
  const repo = await tempRepo(t, { 'area.js': BASE, 'area.test.js': TESTS })
  const commit = await repo.commit('Mend the area', { 'area.js': CHANGE })
  const told = await pp(repo, ['prove', '--runs', '1', 'HEAD', 'node --test area.test.js'])
  t.regex(told.stdout, /^PROVED: /)
  t.true(told.stdout.includes(`look at:   ${SENTENCE}\n`), told.stdout)
  const { json } = await pp(repo, ['show', '--json'])
  t.deepEqual(json['remarks'], [{ path: 'area.js', line: 1, kind: 'compared-value', sentence: SENTENCE }])
  for (const format of ['markdown', 'html']) {
    const { stdout } = await pp(repo, ['report', '--format', format])
    t.true(stdout.includes('Places to look at') && stdout.includes(SENTENCE), format)
  }
  const notes = await repo.git('notes', '--ref=pp/summary', 'show', commit)
  t.true(notes.includes(`## Places to look at\n- \`${SENTENCE}\``), notes)
  const verified = await pp(repo, ['verify', '--allow-unsigned', '--json'])
  t.is(verified.json.verdict, 'PROVED_UNSIGNED')
  t.is(verified.status, 0)
})

test('how many changes are remarked on is measured over a folder of changes', async (t) => {
  const argv = ['--import=tsx', 'evaluation/shown/gaming.ts', '--corpus', 'test/fixtures/remarks/gaming', '--misses']
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: TOP }).catch(
    (error: { stdout: string }) => error,
  )
  t.regex(stdout, /^area-hidden \(PROVED\), lines 2$/m)
  t.regex(stdout, /^\| honest \| 1 \| 0 \| {2}\| 1 \|$/m)
  t.regex(stdout, /^\| state \| 1 \| 1 \| 1 \| 1 \|$/m)
  t.regex(stdout, /^\| surroundings \| 1 \| 1 \| 1 \| 1 \|$/m)
  t.regex(stdout, /^\| value \| 2 \| 1 \| 1 \| 2 \|$/m)
  t.regex(stdout, /among the first two remarks for 3 of 4 changes; 0 of 1 honest changes are remarked on\.$/m)
})
