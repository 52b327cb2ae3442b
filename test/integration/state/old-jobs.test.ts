import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { removeOldJobs } from '../../../src/engine/state/index.ts'

const DAY = 24 * 60 * 60_000

test('what nobody wrote to for 30 days is removed of jobs, and nothing else', async (t) => {
  const state = await mkdtemp(join(tmpdir(), 'pp-jobs-'))
  t.teardown(() => rm(state, { recursive: true }))
  const now = Date.now()
  const place = async (file: string, days: number) => {
    await mkdir(join(state, file, '..'), { recursive: true })
    await writeFile(join(state, file), 'x')
    await utimes(join(state, file), new Date(now - days * DAY), new Date(now - days * DAY))
  }
  await place('batches/old.jsonl', 31)
  await place('batches/new.jsonl', 29)
  await place('jobs/ab/abc.results', 31)
  await place('jobs/ab/abd.asked', 1)
  await place('sessions/old', 31)
  const dry = await removeOldJobs(state, { now, dryRun: true })
  t.deepEqual(dry.map(({ what }) => what).sort(), ['the batch old', 'what is remembered of the job abc'])
  t.deepEqual(await readdir(join(state, 'batches')), ['new.jsonl', 'old.jsonl'])
  t.deepEqual(await removeOldJobs(state, { now, dryRun: false }), dry)
  t.deepEqual(await readdir(join(state, 'batches')), ['new.jsonl'])
  t.deepEqual(await readdir(join(state, 'jobs/ab')), ['abd.asked'])
  t.deepEqual(await readdir(join(state, 'sessions')), ['old'])
})
