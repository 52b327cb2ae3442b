import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import {
  type Caller,
  countVerdicts,
  type PatchVerdict,
  PpError,
  provePatches,
  type SessionOptions,
  statusOfAnswered,
  type TerminalReporter,
  verdictTable,
  worstStatus,
} from '../engine/index.ts'
import { asksForJson, type ParsedCommandLine } from './command-line.ts'
import { writeNow } from './output.ts'
import type { CommandAnswer } from './verb.ts'

/** What a call of `prove --patches` was given. */
export interface PatchesCall {
  readonly caller: Caller
  readonly reporter: TerminalReporter
  readonly typed: ParsedCommandLine
  /** A file; - is stdin. */
  readonly file: string
  readonly options: SessionOptions
}

/**
 * Proves the patches of a file. Each verdict is printed as soon as it is there, as a line of JSON; a table for people follows on
 * stderr.
 */
export async function patchesAnswer({ caller, reporter, typed, file, options }: PatchesCall): Promise<CommandAnswer> {
  const asJson = asksForJson(typed.options)
  const isQuiet = typed.options.some((one) => one === '--quiet' || one === '-q')
  const [command = null] = typed.words
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  const done: PatchVerdict[] = []
  const tell = (one: PatchVerdict) => {
    done.push(one)
    if (!asJson) writeNow(1, `${JSON.stringify(one)}\n`)
    reporter.tell({ is: 'progress', line: progressLine(done, seconds()) })
  }
  const asked = { ...options, command: typed.argv ?? command, atOnce: options.jobs ?? 1 }
  const results = await provePatches(caller, asked, await linesOf(file), tell)
  if (results.length === 0) throw new PpError('USAGE', `there is no line in ${file}`)
  reporter.end()
  if (!asJson && !isQuiet) writeNow(2, `${verdictTable(results, seconds()).join('\n')}\n`)
  return answerOf(results, caller)
}

function answerOf(results: readonly PatchVerdict[], caller: Caller): CommandAnswer {
  const statusOf = ({ verdict }: PatchVerdict) =>
    verdict === 'INTERRUPTED' && caller.signal.reason instanceof PpError
      ? caller.signal.reason.status
      : statusOfAnswered(verdict)
  const stopped = caller.signal.aborted && caller.signal.reason instanceof PpError ? [caller.signal.reason.status] : []
  const status = worstStatus([...results.map(statusOf), ...stopped])
  const verdict = results.find((one) => statusOf(one) === status)?.verdict ?? 'INTERRUPTED'
  const counts = Object.fromEntries(countVerdicts(results))
  const reason = Object.entries(counts)
    .map(([word, count]) => `${count} ${word}`)
    .join(', ')
  return { status, json: { verdict, reason, counts, patches: results }, lines: () => [] }
}

function progressLine(done: readonly PatchVerdict[], seconds: number): string {
  const counts = [...countVerdicts(done)].map(([word, count]) => `${count} ${word}`).join(', ')
  return `${done.length} done (${counts}), ${((60 * done.length) / Math.max(seconds, 0.001)).toFixed(1)} a minute`
}

/** The lines of a file; - is stdin. Throws USAGE. */
export async function linesOf(file: string): Promise<AsyncIterable<string>> {
  if (file === '-') return linesFrom(() => process.stdin)
  try {
    await access(file)
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? cause.code : 'no answer'
    throw new PpError('USAGE', `cannot read the file of patches ${file}: ${why}`, { cause })
  }
  return linesFrom(() => createReadStream(file))
}

/** The reader of Node loses the lines that come before somebody asks for the first one. */
async function* linesFrom(open: () => NodeJS.ReadableStream): AsyncGenerator<string> {
  yield* createInterface({ input: open(), crlfDelay: Number.POSITIVE_INFINITY })
}
