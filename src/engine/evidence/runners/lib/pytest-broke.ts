import { linesOf } from './test-report.ts'

const FOREIGN = /site-packages|dist-packages|[\\/]lib[\\/]python\d|^<(?:frozen|string)/
const FRAME = /^(?:INTERNALERROR> +)? {2}File "(.+?)", line \d+/
const THROWN = /^(?:INTERNALERROR> )?((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Exit)\b.*)$/

/**
 * What pytest says where it broke before its session ended: a traceback through pytest and its plugins alone. Null where a file
 * of the repository stands in it, for that may be the bug, and where tests were counted.
 */
export function pytestBroke(output: string): string | null {
  const lines = linesOf(output)
  if (lines.some((line) => /^=*\s*\d+ (?:passed|failed|errors?|skipped)\b/.test(line))) return null
  const frames = lines.flatMap((line) => FRAME.exec(line)?.[1] ?? [])
  if (!frames.some((file) => /[\\/](?:_pytest|pluggy)[\\/]/.test(file))) return null
  if (frames.some((file) => !FOREIGN.test(file))) return null
  const thrown = lines.flatMap((line) => THROWN.exec(line)?.[1] ?? [])
  return thrown.at(-1) ?? 'INTERNALERROR'
}

/** What pytest-xdist says where its workers do not find the same tests: none is run then. */
export function xdistDiffers(output: string): string | null {
  return (
    /^_+ ERROR collecting gw\d+ _+\n(Different tests were collected between gw\d+ and gw\d+)/m.exec(output)?.[1] ?? null
  )
}
