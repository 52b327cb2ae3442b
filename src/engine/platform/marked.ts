import { lstatSync, readdirSync, readFileSync } from 'node:fs'

/** The ids of all processes; [] without /proc. */
export function processes(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** Other processes that were started with this variable and a wanted value. `uid`: only processes of this user. */
export function markedProcesses(
  variable: string,
  isWanted: (value: string) => boolean,
  uid: number | null = null,
): readonly number[] {
  const mark = `${variable}=`
  const isMarked = (pid: number) =>
    environmentOf(pid)
      .split('\0')
      .some((one) => one.startsWith(mark) && isWanted(one.slice(mark.length)))
  return processes().filter((pid) => pid !== process.pid && (uid === null || isOf(pid, uid)) && isMarked(pid))
}

function isOf(pid: number, uid: number): boolean {
  return lstatSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === uid
}

/** Empty for a zombie, for an ended process, and for a process of another user. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}
