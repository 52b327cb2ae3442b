/**
 * For `sh -c WATCHED_COMMAND NAME ARGV…` in its own process group: becomes the command, and leaves a watcher in the group
 * that kills the group when descriptor 3 closes. Descriptor 3 is the private line to the engine, so it closes whenever the
 * engine dies, even by kill -9.
 */
export const WATCHED_COMMAND = watched('exec "$@"')

/** The same for a command that must not have descriptor 3. */
export const WATCHED_COMMAND_ALONE = watched('exec "$@" 3>&-')

function watched(then: string): string {
  return `(trap "" TERM HUP INT; exec <&3 3>&- >/dev/null 2>&1; read -r _; kill -KILL 0) & ${then}`
}
