import { lstat, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clockChecks, spaceChecks } from '../../core/doctor/index.ts'
import { type Checked, note, ok } from '../../model/checkup.ts'
import { shellWord } from '../../model/command.ts'
import type { Caller } from '../../model/options.ts'
import { clock, type Ground, sweepDead } from '../../wiring/index.ts'

/** When this program was started, by both clocks. */
const STARTED = { wall: clock.now().getTime(), steady: clock.elapsed() }

export async function clockCheck({ repository, scratch }: Ground): Promise<readonly Checked[]> {
  const { headAt } = await repository.facts()
  const file = join(scratch, 'now')
  await writeFile(file, '')
  const { mtimeMs } = await lstat(file)
  const now = clock.now().getTime()
  const spans = { wall: now - STARTED.wall, steady: clock.elapsed() - STARTED.steady }
  return clockChecks({ now, commit: headAt, file: mtimeMs, ...spans })
}

export async function spaceCheck(caller: Caller, { repository, cache }: Ground): Promise<readonly Checked[]> {
  const { bavail, bsize, ffree, files } = await statfs(cache)
  const head = await repository.head()
  const tree = head === null ? { files: 0, bytes: 0 } : await repository.sizeOf(head)
  const space = { dir: cache, free: bavail * bsize, freeFiles: files === 0 ? null : ffree }
  return [...spaceChecks({ ...space, treeBytes: tree.bytes, treeFiles: tree.files }), ...(await privacy(caller, cache))]
}

/** Work trees hold what the user's own do. */
async function privacy({ uid }: Caller, cache: string): Promise<readonly Checked[]> {
  const facts = await lstat(cache)
  if (facts.uid !== uid) return [note(`${cache} belongs to another user`, 'export XDG_CACHE_HOME=/a/place/of/yours')]
  return (facts.mode & 0o077) === 0 ? [] : [note(`other users can read ${cache}`, `chmod 700 ${shellWord(cache)}`)]
}

export async function leftoverCheck(caller: Caller, ground: Ground): Promise<readonly Checked[]> {
  const { removed } = await sweepDead(caller, ground, { dryRun: true, kept: false })
  if (removed.length === 0) return [ok('dead sessions left nothing')]
  return [note(`dead sessions left ${removed.length} ${removed.length === 1 ? 'thing' : 'things'}`, 'git pp gc')]
}
