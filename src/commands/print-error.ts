import { escapeLine, PpError } from '../engine/index.ts'
import { type CommandError, faultEnvelope } from './envelope.ts'
import { outputStream, writeNow } from './output.ts'

/** Turns any thrown value into a fault; an unknown error is a mistake in this tool, reported in one sentence. */
export function toCommandError(error: unknown): CommandError {
  if (error instanceof PpError) return error
  if (isOclifError(error)) return { code: 'USAGE', status: 2, message: firstLine(error.message), mend: undefined }
  const what = error instanceof Error ? `${error.name}: ${firstLine(error.message)}` : String(error)
  const mend = 'run it again with PP_DEBUG=1 to see where it failed'
  return { code: 'INTERNAL', status: 128, message: `internal error in git pp: ${what}`, mend }
}

/** Prints a fault for people and, under `--json`, as the only object on stdout; sets the exit status. */
export function printCommandError(fault: CommandError, asJson: boolean, status = fault.status): void {
  if (asJson) writeNow(1, `${faultEnvelope(fault)}\n`)
  const mend = fault.mend === undefined ? '' : `${indented(fault.mend)}\n`
  writeNow(2, `git pp: ${indented(fault.message)}\n${mend}`)
  process.exitCode = status
}

/** A message may have several lines; lines after the first are indented, because only lines of git pp begin at the margin. */
function indented(text: string): string {
  return text.split('\n').map(escapeLine).join('\n  ')
}

/** Prints where an error came from, with PP_DEBUG=1. */
export function printStack(error: unknown): void {
  if (process.env['PP_DEBUG'] !== '1') return
  for (let at = error; at instanceof Error; at = at.cause)
    outputStream(2).write(`${indented(at.stack ?? at.message)}\n`)
}

/** Whether oclif threw this error for options that it cannot read. */
function isOclifError(error: unknown): error is Error {
  return error instanceof Error && 'oclif' in error
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
