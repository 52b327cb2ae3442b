import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import * as path from 'node:path'
import test from 'ava'
import { openReportDirectory } from '../../../src/engine/sandboxes/lib/reports.ts'
import none from '../../../src/engine/sandboxes/none.ts'
import { host, job, said, workspace } from './machine.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('files lie in the report directory before the run, and are no reports', async (t) => {
  const at = await host(t)
  const run = await (await none.open(at)).run(
    job(
      at,
      await workspace(at),
      'cat "$PP_REPORTS/given.py"; echo more >>"$PP_REPORTS/given.py"; echo new >"$PP_REPORTS/made"',
      {
        reportFiles: new Map([['given.py', bytes('given\n')]]),
      },
    ),
  )
  t.is(said(run), 'given\n')
  t.deepEqual([...run.reports.keys()], ['made'])
})

test('files may lie below directories of the report directory', async (t) => {
  const at = await host(t)
  const reportFiles = new Map([['lib/deep/given.py', bytes('given\n')]])
  const run = await (await none.open(at)).run(
    job(at, await workspace(at), 'cat "$PP_REPORTS/lib/deep/given.py"', { reportFiles }),
  )
  t.is(said(run), 'given\n')
  t.is(run.reports.size, 0)
})

test('a name that leads elsewhere is a fault', async (t) => {
  const state = await fs.mkdtemp(path.join(tmpdir(), 'pp-reports-'))
  t.teardown(() => fs.rm(state, { recursive: true, force: true }))
  for (const name of ['../out', 'a/../b', '/a', 'a//b', '.hidden', ''])
    await t.throwsAsync(openReportDirectory(state, new Map([[name, bytes('x')]])), { code: 'INTERNAL' })
})
