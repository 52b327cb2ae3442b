import { execFileSync } from 'node:child_process'
import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A program of the system that works a number of times and then no more, for whoever is started `by` it alone. */
export interface Breaking {
  /** Argv to put before a program. */
  readonly by: readonly string[]
  /** How often it was called. */
  calls(): Promise<number>
}

/** Stands over the real program in a mount namespace of its own; null where none can be made. `dir` holds its files. */
export async function breaking(dir: string, program: string, works: number): Promise<Breaking | null> {
  const at = ['/usr/bin', '/bin'].map((bin) => join(bin, program)).find(exists)
  if (at === undefined || !exists('/usr/bin/unshare')) return null
  const [real, wrapper, count] = ['real', 'wrapper', 'count'].map((name) => join(dir, `${program}-${name}`))
  if (!real || !wrapper || !count) throw new Error('unreachable')
  await copyFile(at, real)
  await writeFile(count, '')
  await writeFile(
    wrapper,
    `#!/bin/sh
echo >>'${count}'
if [ "$(wc -l <'${count}')" -le ${works} ]; then exec '${real}' "$@"; fi
echo '${program}: it broke' >&2
exit 1
`,
  )
  for (const file of [real, wrapper]) await chmod(file, 0o755)
  await chmod(count, 0o666)
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  const script = `mount --bind "$1" '${at}' && shift && exec "$@"`
  const by = ['/usr/bin/unshare', ...user, '--mount', '--', '/bin/sh', '-c', script, 'sh', wrapper]
  if (!runs([...by, '/bin/true'])) return null
  return { by, calls: async () => (await readFile(count, 'utf8')).length }
}

/** Starts programs where no user namespace can be made; null where that cannot be arranged. */
export function withoutNamespaces(): readonly string[] | null {
  const script = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"'
  const by = ['/usr/bin/unshare', '--user', '--map-root-user', '--', '/bin/sh', '-c', script, 'sh']
  return runs([...by, '/bin/true']) ? by : null
}

function exists(file: string): boolean {
  return runs(['/bin/sh', '-c', `test -x '${file}'`])
}

function runs([program = '', ...args]: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
