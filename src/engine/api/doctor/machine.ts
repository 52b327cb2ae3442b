import { lstat, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clockChecks, spaceChecks } from '../../core/doctor/index.ts'
import { shellWord } from '../../model/command.ts'
import { type DoctorFinding, noteFinding, okFinding } from '../../model/doctor.ts'
import type { Caller } from '../../model/options.ts'
import { clock, type OpenRepository, sweepDeadSessions } from '../../wiring/index.ts'

/** When this program was started, by both clocks. */
const STARTED = { wall: clock.now().getTime(), steady: clock.elapsed() }

export async function clockCheck({ repository, scratch }: OpenRepository): Promise<readonly DoctorFinding[]> {
  const { headAt } = await repository.facts()
  const file = join(scratch, 'now')
  await writeFile(file, '')
  const { mtimeMs } = await lstat(file)
  const now = clock.now().getTime()
  const spans = { wall: now - STARTED.wall, steady: clock.elapsed() - STARTED.steady }
  return clockChecks({ now, commit: headAt, file: mtimeMs, ...spans })
}

export async function spaceCheck(
  caller: Caller,
  { repository, cache }: OpenRepository,
): Promise<readonly DoctorFinding[]> {
  const { bavail, bsize, ffree, files } = await statfs(cache)
  const head = await repository.head()
  const tree = head === null ? { files: 0, bytes: 0 } : await repository.sizeOf(head)
  const space = { dir: cache, free: bavail * bsize, freeFiles: files === 0 ? null : ffree }
  return [...spaceChecks({ ...space, treeBytes: tree.bytes, treeFiles: tree.files }), ...(await privacy(caller, cache))]
}

/** Work trees contain the same files as the user's own, so others must not be able to read them. */
async function privacy({ uid }: Caller, cache: string): Promise<readonly DoctorFinding[]> {
  const facts = await lstat(cache)
  if (facts.uid !== uid)
    return [noteFinding(`${cache} belongs to another user`, 'export XDG_CACHE_HOME=/a/place/of/yours')]
  return (facts.mode & 0o077) === 0
    ? []
    : [noteFinding(`other users can read ${cache}`, `chmod 700 ${shellWord(cache)}`)]
}

export async function leftoverCheck(caller: Caller, openRepo: OpenRepository): Promise<readonly DoctorFinding[]> {
  const { removed } = await sweepDeadSessions(caller, openRepo, { dryRun: true, kept: false })
  if (removed.length === 0) return [okFinding('dead sessions left nothing')]
  return [noteFinding(`dead sessions left ${removed.length} ${removed.length === 1 ? 'thing' : 'things'}`, 'git pp gc')]
}
