import { readdirSync, statSync } from 'node:fs'
import { delimiter, join, posix } from 'node:path'
import type { ProgramLookup } from '../core/invalid-red/index.ts'

/** The directories in which package managers put programs, from the top of a checkout. */
const PACKAGES = ['node_modules/.bin', '.venv/bin', 'venv/bin', 'vendor/bin']
/** The directories in which projects build or install their programs. */
const BUILT = ['', 'bin', 'build', 'build/bin', 'dist', 'out', 'target/debug', 'target/release', ...PACKAGES]

/**
 * Looks for files only when it is asked, which is once for each missing program. `isTracked`: a file or directory of the
 * trees under test.
 */
export function programLookup(path: string, top: string, isTracked: (path: string) => boolean): ProgramLookup {
  const isFile = (file: string) => statSync(join(top, file), { throwIfNoEntry: false })?.isFile() === true
  return {
    get names() {
      return [...path.split(delimiter).filter(Boolean), ...PACKAGES.map((dir) => join(top, dir))].flatMap(listed)
    },
    beside(name) {
      const typed = posix.normalize(name)
      if (posix.isAbsolute(typed) || typed.startsWith('..')) return null
      const places = name.includes('/') ? [typed] : BUILT.map((dir) => posix.join(dir, name))
      const found = places.find((one) => !isTracked(one) && isFile(one))
      if (found === undefined) return null
      const parts = found.split('/')
      const prefixes = parts.map((_, at) => parts.slice(0, at + 1).join('/'))
      return { path: found, include: prefixes.find((one) => !isTracked(one)) ?? found }
    },
  }
}

function listed(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}
