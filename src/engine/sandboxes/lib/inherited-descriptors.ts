import { readdirSync, readFileSync } from 'node:fs'

const CLOSE_ON_EXEC = 0o2000000

/** Descriptors above 2 that our children would inherit, because a shell or an editor left them open. Linux only, elsewhere []. */
export function inheritedDescriptors(): readonly number[] {
  try {
    const open = readdirSync('/proc/self/fdinfo').map(Number)
    return open.filter((fd) => fd > 2 && leaks(fd)).sort((a, b) => a - b)
  } catch {
    return []
  }
}

function leaks(fd: number): boolean {
  try {
    const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1]
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0
  } catch {
    return false // closed in the meantime: the descriptor of the listing itself
  }
}
