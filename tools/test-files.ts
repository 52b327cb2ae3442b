import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * To start node, tsx and ava and to load the program costs each test file more than a second of CPU, and most of them need less than
 * that. So files share processes: one file is written that imports several. A file has a process of its own where ava would
 * run its hook around the tests of all, or where it waits for something before it declares its tests.
 */
export const TOP = join(import.meta.dirname, '..')

/** A hook, or an `await` outside of every test. */
const ALONE = /\b\w+\.(?:before|after|serial)\b|^\S.*\bawait\b/m

export function runsAlone(file: string): boolean {
  return ALONE.test(readFileSync(join(TOP, file), 'utf8'))
}

/** Writes one test file that stands for several, which are named as it sees them; its path, or none for none. */
export function group(path: string, imports: readonly string[]): readonly string[] {
  if (imports.length === 0) return []
  mkdirSync(dirname(join(TOP, path)), { recursive: true })
  writeFileSync(join(TOP, path), imports.map((file) => `import '${file}'\n`).join(''))
  return [path]
}

/** Writes settings for ava and gives their path: these files, each in a process of its own. */
export function settings(folder: string, files: readonly string[], nodeArguments: readonly string[] = []): string {
  const path = join(folder, 'ava.config.mjs')
  const written = {
    files,
    extensions: { js: true, ts: 'module' },
    nodeArguments: ['--import=tsx', ...nodeArguments],
    ...{ workerThreads: false, timeout: '5m' },
  }
  mkdirSync(join(TOP, folder), { recursive: true })
  writeFileSync(join(TOP, path), `export default ${JSON.stringify(written)}\n`)
  return path
}
