import { constants } from 'node:os'
import type { Ended } from '../../model/evidence.ts'
import { CHECKED } from './checks/check-script.ts'

/**
 * A shell line: if the machine runs out of memory, the kernel shall kill the command before any other process of its user
 * (proc_pid_oom_score_adj(5)). Without a cgroup, nothing else makes sure of this.
 */
export const OOM_FIRST = '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null'

/**
 * Process 1 of a pid namespace, for `sh -c INIT pp ARGV…`; descriptor 3 is the private line to the engine. The command must
 * not be process 1 itself: the kernel does not deliver TERM and abort() to process 1, and nobody would reap orphans. The
 * messages of INIT go to the line; there the shell also reports the signal that ended the command.
 */
export const INIT = `exec 4>&2 2>&3
(${OOM_FIRST}; echo ready >&3; exec "$@" 2>&4 3>&- 4>&-)
exit $?`

/** Written to descriptor 3, before the name: the program of the command does not exist. */
export const NO_PROGRAM = 'no program: '

/** The end of a command whose program does not exist: a shell would exit with 127, but programs can do that as well. */
export function noProgram(program: string): Ended {
  return { how: 'not-run', reason: `there is no program ${program} on the PATH of the command`, program }
}

/**
 * How the command ended, derived from the end of a process under INIT. Without `ready`, it never started, and the line says
 * why. A shell exits with 128+n both for "died of signal n" and for "exited with 128+n"; only in the first case it writes to
 * the line. (dash and bash write nothing for INT and PIPE, so these two count as an exit.)
 */
export function endUnderInit(ended: Ended, line: string): Ended {
  if (ended.how !== 'exited' && ended.how !== 'signalled') return ended
  const ready = /^ready$/m.exec(line)
  if (ready === null) {
    const program = new RegExp(`^${NO_PROGRAM}(.*)$`, 'm').exec(line)?.[1]
    if (program !== undefined) return noProgram(program)
    return { how: 'not-run', reason: excerpt(line) || `the sandbox ended early (${spellEnd(ended)})` }
  }
  if (ended.how === 'signalled' || ended.code <= 128) return ended
  const said = line.slice(ready.index + 'ready\n'.length).trim()
  const signal = signalName(ended.code - 128)
  return said !== '' && signal !== undefined ? { how: 'signalled', signal } : ended
}

function spellEnd(ended: { how: 'exited'; code: number } | { how: 'signalled'; signal: string }): string {
  return ended.how === 'exited' ? `exit ${ended.code}` : ended.signal
}

function signalName(number: number): string | undefined {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0]
}

function excerpt(line: string): string {
  const lines = line.trim().split('\n')
  return lines
    .filter((one) => !one.startsWith(`${CHECKED} `))
    .join('; ')
    .slice(0, 500)
}
