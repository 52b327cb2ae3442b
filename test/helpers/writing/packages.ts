import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

/** All packages of the registry that tests run. They are installed together, once for all test files of a checkout. */
const PACKAGES = [
  'ava@6.4.1',
  'chai@4.5.0',
  'jasmine@5.13.0',
  'jest@29.7.0',
  'mocha@11.7.5',
  'tap@16.3.10',
  'tape@5.10.2',
  'vitest@3.2.4',
]
const CACHE = path.join(import.meta.dirname, '..', '..', '..', '.cache')
/** In ms: an installation that takes longer was given up. */
const STALE = 300_000

/** The `node_modules` with the test runners that need no part of this project; or why there is none. */
export async function installedRunners(): Promise<{ readonly modules: string } | string> {
  const name = `packages-${createHash('sha256').update(PACKAGES.join(' ')).digest('hex').slice(0, 12)}`
  const [folder, lock] = [path.join(CACHE, name), path.join(CACHE, `${name}.lock`)]
  await fs.mkdir(CACHE, { recursive: true })
  while (!existsSync(folder)) {
    const mine = await fs.mkdir(lock).then(
      () => true,
      () => false,
    )
    if (mine) {
      const failure = await install(folder).finally(() => fs.rm(lock, { recursive: true, force: true }))
      if (failure !== null) return failure
    } else if (await isStale(lock)) await fs.rm(lock, { recursive: true, force: true })
    else await pause(200)
  }
  return { modules: path.join(folder, 'node_modules') }
}

/** Under its name only when it is complete. */
async function install(folder: string): Promise<string | null> {
  if (existsSync(folder)) return null
  const half = await fs.mkdtemp(`${folder}-`)
  await fs.writeFile(path.join(half, 'package.json'), '{}')
  const args = ['install', '--no-audit', '--no-fund', '--silent', '--ignore-scripts', ...PACKAGES]
  try {
    await promisify(execFile)('npm', args, { cwd: half, timeout: STALE - 20_000 })
    await fs.rename(half, folder)
    return null
  } catch (error) {
    await fs.rm(half, { recursive: true, force: true })
    return `${PACKAGES.join(', ')} cannot be installed here: ${String(error).split('\n')[0]}`
  }
}

async function isStale(lock: string): Promise<boolean> {
  const made = await fs.stat(lock).catch(() => null)
  return made !== null && Date.now() - made.mtimeMs > STALE
}

/** The same files under another name; no byte is copied. */
export async function linkModules(modules: string, checkout: string): Promise<void> {
  await promisify(execFile)('cp', ['-al', modules, path.join(checkout, 'node_modules')])
}
