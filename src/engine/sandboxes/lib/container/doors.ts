import type { Knock } from '../self-test.ts'

/**
 * A self-test for images that have nothing but a shell, which cannot connect: the kernel's own lists of what listens in this
 * network namespace (proc(5): net/tcp, net/unix), and whether the file of a socket is there.
 */
const LOOK = `
for door; do
  answer=blocked
  case $door in
    tcp:*) while read -r _ at _ state _; do
        case $at:$state in *:"\${door#tcp:}":0A) answer=open;; esac
      done </proc/net/tcp;;
    unix:*) [ -e "\${door#unix:}" ] && answer=open
      while read -r _ _ _ _ _ _ _ at; do
        case $at in "\${door#unix:}"*) answer=open;; esac
      done </proc/net/unix;;
  esac
  printf '%s ' "$answer"
done`

export const lookByShell: Knock = (doors) => [
  ...['/bin/sh', '-c', LOOK, 'pp'],
  ...doors.map(({ port, path }) =>
    path === undefined
      ? `tcp:${(port ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
      : `unix:${path.replace(/^\0/, '@')}`,
  ),
]
