import { linesOf } from './test-report.ts'

const FOREIGN = /site-packages|dist-packages|[\\/]lib[\\/]python\d|^<(?:frozen|string)/
const FRAME = /^(?:INTERNALERROR> +)? {2}File "(.+?)", line \d+/
const THROWN = /^(?:INTERNALERROR> )?((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Exit)\b.*)$/

/**
 * The message of pytest if it failed before its session ended, with a traceback only through pytest and its plugins. Null if
 * the traceback contains a file of the repository, because that may be the bug, or if tests were counted.
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

/** The message of pytest-xdist if its workers find different tests; then no test is run. */
export function xdistDiffers(output: string): string | null {
  return (
    /^_+ ERROR collecting gw\d+ _+\n(Different tests were collected between gw\d+ and gw\d+)/m.exec(output)?.[1] ?? null
  )
}
