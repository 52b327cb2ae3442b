/**
 * For `sh -c WATCHED_COMMAND NAME ARGV…` in a process group of its own: becomes the command, and leaves a watcher in the group that kills
 * the group as soon as descriptor 3 ends. That is the private line to the engine, so it ends however the engine dies, by
 * kill -9 as well.
 */
export const WATCHED_COMMAND = watched('exec "$@"')

/** The same for a command that must not have descriptor 3. */
export const WATCHED_COMMAND_ALONE = watched('exec "$@" 3>&-')

function watched(then: string): string {
  return `(trap "" TERM HUP INT; exec <&3 3>&- >/dev/null 2>&1; read -r _; kill -KILL 0) & ${then}`
}
