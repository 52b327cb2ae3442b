import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'

/** The program that a shell in `cwd` would start for this name, as an absolute path; null: there is none. */
export function findProgram(name: string, path: string | undefined, cwd: string): string | null {
  for (const dir of (path ?? '').split(delimiter)) {
    const file = resolve(cwd, dir, name)
    if (isProgram(file)) return file
  }
  return null
}

/** Whether a file lies in a directory, by its name or by where links lead. */
export function liesIn(directory: string, file: string): boolean {
  const inside = (path: string) => path.startsWith(`${directory}/`)
  try {
    return inside(file) || inside(realpathSync(file))
  } catch {
    return inside(file)
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
