import { CHECK, GATE } from './checks/check-script.ts'
import type { ConfinedRun } from './confined-sandbox.ts'
import { HOST_INSIDE } from './host-name.ts'
import { NO_PROGRAM, OOM_FIRST } from './init-script.ts'
import { NO_LOOPBACK, RAISE_LOOPBACK } from './loopback.ts'

/** Written to descriptor 3: the second table could not be mounted. */
export const LAYERS_REFUSED = 'layers refused'

/**
 * Process 1 of the sandbox, for `sh -c SET_UP pp DIR ROOT CWD LIMIT DIRS NETWORK ARGV…`, run as root of a new user namespace.
 * DIR contains the tables `first` and `second`, the list `files` and the directory `scratch`; DIRS are names to create in
 * `scratch`. Like INIT, it stays process 1 and reports on descriptor 3. It keeps its capabilities; ARGV has none, so ARGV
 * cannot trace it or open its descriptors.
 *
 * LIMIT is how many more user namespaces may be created: with them, code could get capabilities over its own namespaces, and
 * then reach kernel code that an ordinary user cannot reach.
 */
export const SET_UP = `exec 4>&2 2>&3
${RAISE_LOOPBACK}
set -e
echo "$4" >/proc/sys/user/max_user_namespaces
{ echo ${HOST_INSIDE} >/proc/sys/kernel/hostname; } 2>/dev/null || hostname ${HOST_INSIDE} || :
mount --all --fstab "$1/first"
if [ -n "$5" ]; then (cd "$1/scratch" && mkdir $5); fi
while IFS= read -r file; do mkdir -p "\${file%/*}"; : >"$file"; done <"$1/files"
if [ -s "$1/second" ]; then mount --all --fstab "$1/second" || { echo "${LAYERS_REFUSED}"; exit 1; } >&3; fi
if [ "$6" = deny ]; then
  raise_loopback "$2/mnt" || { echo "${NO_LOOPBACK}"; exit 1; } >&3
fi
cd "$2"
pivot_root . mnt
cd /
umount -l /mnt
cd "$3"
shift 6
set +e
("$@")
exit $?`

/**
 * For `sh -c LAST pp WORD HIDDEN NETWORK NAME=VALUE… -- ARGV…`: checks the sandbox as CHECK says, sets the variables that our tools must not see, reports that all is ready, and
 * becomes the command. A failure up to this point is `not-run`.
 */
const LAST = `${CHECK}
while [ "$1" != -- ]; do export "$1"; shift; done
shift
command -v "$1" >/dev/null || { echo "${NO_PROGRAM}$1"; exit 127; } >&3
${OOM_FIRST}
echo ready >&3
exec "$@" 2>&4 3>&- 4>&- ${GATE}<&-`

/** The argv of the last step, without capabilities, within the bounds of the run. */
export function lastStepArgv(sh: string, { bounds, word, hidden, network, lastEnv, command }: ConfinedRun) {
  return [...bounds, sh, '-c', LAST, 'pp', word, hidden, network, ...lastEnv, '--', ...command]
}
