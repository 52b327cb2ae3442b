/**
 * For `sh -c LEASH pp ARGV…`: becomes the command, and leaves a watcher in its process group that kills the group as soon as
 * descriptor 3, the private line to the engine, ends: also when kill -9 ended the engine, and before bwrap(1) or unshare(1)
 * have seen to it that what they start dies with them.
 */
export const LEASH = watched('exec "$@"')

/** The same for a command that must not have descriptor 3. */
export const LEASH_ALONE = watched('exec "$@" 3>&-')

function watched(then: string): string {
  return `(trap "" TERM HUP INT; exec <&3 3>&- >/dev/null 2>&1; read -r _; kill -KILL 0) & ${then}`
}
