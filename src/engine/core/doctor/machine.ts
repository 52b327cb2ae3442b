import { type DoctorFinding, noteFinding, okFinding } from '../../model/doctor.ts'

const MINUTE = 60_000
/** In ms. Two machines with correct clocks may differ by this much. */
const SLACK = 2 * MINUTE

/** The times of the clock, of the newest commit and of a new file, in ms since 1970; `wall` and `steady` are durations in ms. */
export interface ClockReadings {
  readonly now: number
  readonly commit: number
  readonly file: number
  /** How far the wall clock and the monotonic one went in the same time. */
  readonly wall: number
  readonly steady: number
}

export function clockChecks({ now, commit, file, wall, steady }: ClockReadings): readonly DoctorFinding[] {
  const found: DoctorFinding[] = []
  if (commit > now + SLACK) {
    const text = `the clock is ${minutes(commit - now)} behind the date of the commit HEAD, so a proof would be older than the commit that it proves`
    found.push(noteFinding(text, 'timedatectl set-ntp true'))
  }
  if (Math.abs(file - now) > SLACK)
    found.push(
      noteFinding(
        `new files in the cache directory get a time that is ${minutes(Math.abs(file - now))} away from the clock`,
        'timedatectl set-ntp true',
      ),
    )
  if (Math.abs(wall - steady) > MINUTE)
    found.push(
      noteFinding(
        `the clock jumped by ${minutes(Math.abs(wall - steady))} just now; durations are not affected, because they are measured by another clock`,
        'timedatectl set-ntp true',
      ),
    )
  return found.length > 0 ? found : [okFinding('the clock agrees with the newest commit and with the file system')]
}

function minutes(ms: number): string {
  return ms < 120 * MINUTE ? `${Math.round(ms / MINUTE)} min` : `${Math.round(ms / (60 * MINUTE))} h`
}

/** The free space in the cache directory, and what one work tree needs there; in bytes and in numbers of files. */
export interface DiskSpace {
  readonly dir: string
  readonly free: number
  /** Null where the file system does not count them. */
  readonly freeFiles: number | null
  readonly treeBytes: number
  readonly treeFiles: number
}

/** How many work trees need room at once, including room for outputs. */
const SEVERAL = 4
const BLOCK = 4096

export function spaceChecks({ dir, free, freeFiles, treeBytes, treeFiles }: DiskSpace): readonly DoctorFinding[] {
  const needed = treeBytes + treeFiles * BLOCK
  const told = `${size(free)} are free in ${dir}, and one work tree takes ${size(needed)}`
  const mend = 'export XDG_CACHE_HOME=/a/place/with/room'
  if (free < needed || (freeFiles !== null && freeFiles < treeFiles))
    return [
      { level: 'problem', text: `there is no room on the disk for a work tree: ${told}`, mend, code: 'DISK_FAILED' },
    ]
  if (free < SEVERAL * needed || (freeFiles !== null && freeFiles < SEVERAL * treeFiles))
    return [noteFinding(`there is room on the disk for only a few work trees: ${told}`, mend)]
  return [okFinding(told)]
}

function size(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)))
  return `${(bytes / 1024 ** power).toFixed(power < 2 ? 0 : 1)} ${units[power]}`
}
