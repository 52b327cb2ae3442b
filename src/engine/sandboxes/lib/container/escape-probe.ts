import { join } from 'node:path'
import type { EscapeProbe, EscapeRoute } from '../self-test.ts'

/**
 * A self-test for images that have only a shell, which cannot connect. It reads the kernel's lists of listening sockets in
 * this network namespace (proc(5): net/tcp, net/unix), and checks whether the file of a socket exists.
 */
const LOOK = `
for door; do
  answer=blocked
  case $door in
    tcp:*) while read -r _ at _ state _; do
        case $at:$state in *:"\${door#tcp:}":0A) answer=open;; esac
      done </proc/net/tcp;;
    same:*) place=\${door#same:}
      [ "$(stat -c %d:%i "\${place% *}" 2>/dev/null)" = "\${place##* }" ] && answer=open;;
    unix:*) [ -e "\${door#unix:}" ] && answer=open
      while read -r _ _ _ _ _ _ _ at; do
        case $at in "\${door#unix:}"*) answer=open;; esac
      done </proc/net/unix;;
  esac
  printf '%s ' "$answer"
done`

export const probeByShell: EscapeProbe = (doors) => ['/bin/sh', '-c', LOOK, 'pp', ...doors.map(spelt)]

function spelt(door: EscapeRoute): string {
  if ('place' in door) return `same:${door.place} ${door.is}`
  if (door.path === undefined) return `tcp:${(door.port ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  return `unix:${door.dir === undefined ? door.path.replace(/^\0/, '@') : join(door.dir, door.path)}`
}
