import { ENVIRONMENT_ALLOWED } from '../../../core/environment/index.ts'

export const START_INSIDE = '/run/pp/start'
export const STATUS_INSIDE = '/run/pp/said'

/** The variables among those for every command that have a meaning inside an image; the others name places on this machine. */
const TRAVELS = ['LANG', 'LANGUAGE', 'LC_*', 'TZ', 'NODE_ENV']
const STAYS = ENVIRONMENT_ALLOWED.filter((name) => !TRAVELS.includes(name)) as readonly string[]
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/

/** The part of a command's environment that is passed into the container. */
export function forwardedEnvironment(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !STAYS.includes(name)))
}

/** docker clients put these variables into every container, including passwords in them. */
export const PROXIES = ['HTTP', 'HTTPS', 'FTP', 'ALL', 'NO'].flatMap((kind) => {
  const name = `${kind}_PROXY`
  return [name, name.toLowerCase()]
})

/**
 * Process 1 of a container, a script for the image's own sh: `sh /run/pp/start ARGV…`. It uses only builtins, because an
 * image may have nothing else. When all is ready, it writes `startMarker` to stderr. It does not exec the command, because
 * process 1 does not get TERM. What the shell says about a signal, and at the end how the command ended, goes to
 * STATUS_INSIDE. Only the engine holds its stdin open: when stdin ends, the engine is dead, and all processes in the
 * container have to be killed.
 */
export function startScript(startMarker: string, env: Readonly<Record<string, string>>): string {
  const all = Object.entries(env).filter(([name]) => IDENTIFIER.test(name))
  return `exec 4>&2 5<&0 </dev/null 2>>${STATUS_INSIDE}
(while read -r _ <&5; do :; done; while kill -KILL -1; do :; done) >/dev/null 2>&1 4>&- &
unset ${PROXIES.join(' ')}
${all.map(([name, value]) => `export ${name}=${quoted(value)}\n`).join('')}command -v "$1" >/dev/null || { echo "there is no program $1 in the image" >&4; exit 127; }
echo ${startMarker} >&4
(exec "$@" 2>&4 4>&- 5<&-)
code=$?
echo "ended $code" >&2
exit $code
`
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}
