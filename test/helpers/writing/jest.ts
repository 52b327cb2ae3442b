import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import * as path from 'node:path'
import { promisify } from 'node:util'

/** jest from the registry, in a directory of its own; or why there is none. */
export function installJest(): ReturnType<typeof installPackages> {
  return installPackages('jest@29.7.0')
}

/** Packages from the registry, in a directory of their own; or why they cannot be had. */
export async function installPackages(
  ...names: readonly string[]
): Promise<{ readonly modules: string; dispose(): Promise<void> } | string> {
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'pp-packages-'))
  const dispose = () => fs.rm(dir, { recursive: true, force: true })
  await fs.writeFile(path.join(dir, 'package.json'), '{}')
  const args = ['install', '--no-audit', '--no-fund', '--silent', '--ignore-scripts', ...names]
  try {
    await promisify(execFile)('npm', args, { cwd: dir, timeout: 240_000 })
    return { modules: path.join(dir, 'node_modules'), dispose }
  } catch (error) {
    await dispose()
    return `${names.join(' and ')} cannot be installed here: ${String(error).split('\n')[0]}`
  }
}

/** The same files under another name; no byte is copied. */
export async function linkModules(modules: string, checkout: string): Promise<void> {
  await promisify(execFile)('cp', ['-al', modules, path.join(checkout, 'node_modules')])
}
