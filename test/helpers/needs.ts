import { spawnSync } from 'node:child_process'
import test, { type ExecutionContext } from 'ava'

type Declare = (title: string, body: (t: ExecutionContext) => void | Promise<void>) => void

/** Declares a test that makes sense only where `holds`; elsewhere it is skipped, which the run counts, and its title says why. */
export function where(holds: boolean, otherwise: string): Declare {
  return (title, body) => (holds ? test(title, body) : test.skip(`${title} (skipped: ${otherwise})`, body))
}

/** The same for what the README does not ask for: programs ('jq'), and packages of the system's Python ('import nacl'). */
export function needing(...needs: readonly string[]): Declare {
  const absent = needs.filter((one) => !isThere(one))
  return where(absent.length === 0, `there is no ${absent.join(' and no ').replaceAll('import ', 'Python package ')}`)
}

/** Debian's own Python, whose packages are those of apt. */
export const PYTHON = '/usr/bin/python3'

function isThere(need: string): boolean {
  const argv = need.startsWith('import ') ? [PYTHON, '-c', need] : ['sh', '-c', `command -v ${need}`]
  return spawnSync(argv[0] ?? '', argv.slice(1), { stdio: 'ignore' }).status === 0
}
