import { constants } from 'node:os'
import type { Ended } from '../../model/evidence.ts'

/**
 * A shell line: when the machine runs out of memory, the kernel shall take the command before anything else of its user
 * (proc_pid_oom_score_adj(5)); where no cgroup bounds it, nothing else would.
 */
export const OOM_FIRST = '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null'

/**
 * Process 1 of a pid namespace, for `sh -c INIT pp ARGV…`; descriptor 3 is the private line to the engine. The command must not be
 * process 1 itself: the kernel withholds TERM and abort() from it, and nobody would reap orphans. Its own messages go to the
 * line, where the shell also says what signal ended the command.
 */
export const INIT = `exec 4>&2 2>&3
(${OOM_FIRST}; echo ready >&3; exec "$@" 2>&4 3>&- 4>&-)
exit $?`

/** On descriptor 3, before the name: the command names a program that is not there. */
export const NO_PROGRAM = 'no program: '

/** The end of a command whose program is not there: a shell would say 127, which a program may say as well. */
export function noProgram(program: string): Ended {
  return { how: 'not-run', reason: `there is no program ${program} on the PATH of the command`, program }
}

/**
 * What the end of a process under INIT means for the command. No `ready` = it never started, and the line says why. A shell
 * gives 128+n both for "died of signal n" and for "exited 128+n"; only in the first case it says something on the line
 * (dash and bash are silent for INT and PIPE, so these two stay an exit).
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
  return line.trim().replaceAll('\n', '; ').slice(0, 500)
}
