import { linesOf } from './test-report.ts'

const FOREIGN = /node_modules\/|^node:|[( ]node:/
const THROWN = /^(?:✖ ERROR: )?((?:[A-Z]\w*)?Error(?: \[\w+\])?: .+)$/
const FAR = 12

/**
 * The first error of a JavaScript test runner that names no place in the repository: it happened in the runner or in a
 * dependency, before any test. Null if a file of the repository was loaded, or is the file that could not be read.
 */
export function startError(output: string, packages: RegExp): string | null {
  const lines = linesOf(output)
  const at = lines.findIndex((line) => THROWN.test(line))
  const said = THROWN.exec(lines[at] ?? '')?.[1]?.replace(/^Error: (?=[A-Z]\w*Error)/, '')
  if (said === undefined || said.startsWith('SyntaxError')) return null
  const first = lines.findIndex((line, index) => index > at && /^ +at /.test(line))
  if (first === -1 || first > at + FAR) return null
  const end = lines.findIndex((line, index) => index > first && !/^ +at /.test(line))
  const frames = lines.slice(first, end === -1 ? undefined : end)
  const importers = lines
    .slice(at, first)
    .flatMap((line) => / imported from (\S+)/.exec(line)?.[1] ?? /^- (\S+)$/.exec(line)?.[1] ?? [])
    .slice(0, 1)
  const foreign = [...importers, ...frames.filter((line) => /[/\\]|node:/.test(line))].every((text) =>
    FOREIGN.test(text),
  )
  return foreign && frames.some((line) => packages.test(line)) ? said.replace(/:$/, '') : null
}
