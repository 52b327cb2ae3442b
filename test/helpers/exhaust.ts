import type { ResourceBounds } from '../../src/engine/model/bounds.ts'

/** An attack on the machine itself: what it runs, in which bounds, and what it prints or leaves when nothing stops it. */
export interface Exhaustion {
  readonly name: string
  readonly bounds: ResourceBounds
  readonly shell: (word: string) => string
}

const MiB = 1024 * 1024
const FREE: ResourceBounds = { memory: null, cpus: null, processes: null, disk: null }

/** Prints GOT when it has what it wanted. */
const FORKS = `
import os, signal, time
children = []
try:
    for _ in range(300):
        pid = os.fork()
        if pid == 0:
            time.sleep(60)
            os._exit(0)
        children.append(pid)
    print("GOT")
finally:
    for pid in children:
        os.kill(pid, signal.SIGKILL)
`

const FILL = `
import time
with open("big", "wb", buffering=0) as big:
    for _ in range(100):
        big.write(bytes(4000000))
        time.sleep(0.1)
print("GOT")
`

/** `word` stands in the command line of whatever lives on. */
export const EXHAUSTIONS: readonly Exhaustion[] = [
  {
    name: 'take more memory than the limit',
    bounds: { ...FREE, memory: 96 * MiB },
    shell: () => `python3 -c "b'x' * (300 << 20); print('GOT')"`,
  },
  {
    name: 'start more processes than the limit',
    bounds: { ...FREE, processes: 60 },
    shell: () => `python3 -c '${FORKS}'`,
  },
  {
    name: 'fill the disk under the work tree',
    bounds: { ...FREE, disk: 8 * MiB },
    // Slower than any disk, so that a machine without a watch loses no more than this.
    shell: () => `python3 -c '${FILL}'`,
  },
  {
    name: 'live on as a daemon without a name, a session or an environment',
    bounds: FREE,
    shell: (word) => `(setsid env -i setsid sleep ${word} >/dev/null 2>&1 &) ; sleep 0.2`,
  },
]
