import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const TOP = join(import.meta.dirname, '..')

/**
 * Writes a generated file, or under `--check` only says that it is out of date and makes the exit status 1. `path` is relative to
 * the top of the project.
 */
export function put(path: string, text: string): void {
  const file = join(TOP, path)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  if (process.argv.includes('--check')) {
    process.stderr.write(`${path} is out of date; run: npm run generate\n`)
    process.exitCode = 1
  } else writeFileSync(file, text)
}

/** The file with `text` between the lines of the two marks, which stay. */
export function between(path: string, open: string, close: string, text: string, file = read(path)): string {
  const [start, end] = [file.indexOf(`${open}\n`), file.indexOf(close)]
  if (start < 0 || end < start) throw new Error(`${path} lacks the marks ${open} and ${close}`)
  return `${file.slice(0, start)}${open}\n${text}\n${file.slice(end)}`
}

function read(path: string): string {
  return readFileSync(join(TOP, path), 'utf8')
}
