import * as Flags from '@oclif/core/flags'
import {
  type Caller,
  type CollectProgress,
  countVerdicts,
  type OnOptions,
  type PatchVerdict,
  PpError,
  proveOn,
  type SessionOptions,
  shellWord,
  statusOfAnswered,
  type TerminalReporter,
  verdictTable,
  worstStatus,
} from '../engine/index.ts'
import { asksForJson, type ParsedCommandLine } from './command-line.ts'
import { positiveNumber, withoutUndefined } from './option-values.ts'
import { writeNow } from './output.ts'
import { linesOf } from './prove-patches.ts'
import type { CommandAnswer } from './verb.ts'

/** The options of `prove` for workers. */
export const workerFlags = {
  on: Flags.string({
    helpValue: 'URL',
    summary: 'let workers prove it, who take jobs from this broker: nats://HOST:PORT or tls://HOST:PORT',
    description:
      'For a commit, for --each, and for --patches. Every result is checked with the ordinary verifier and the keys of --workers before it is believed. Ctrl-C leaves the jobs running; git pp jobs lists them.',
  }),
  workers: Flags.string({
    helpValue: 'FILE',
    description: 'the public keys of the workers that you trust; default: pp.workers of your git config',
  }),
  'confirm-by': Flags.string({
    helpValue: 'N',
    summary: 'so many different workers have to agree; default: 1',
    description: 'If two disagree, the verdict is INCONCLUSIVE and says about what. At most 4.',
  }),
  recheck: Flags.string({
    helpValue: 'PERCENT',
    summary: 'prove so many of the jobs here, too; default: 1, and at least one job; 0: none',
    description:
      'Which ones is left to chance. If this machine finds another verdict, nothing of that worker is believed any more, and its jobs are asked for again.',
  }),
  environment: Flags.string({
    helpValue: 'NAME',
    summary: 'only workers whose list says the same environment may do it',
    description: 'How their machines are set up, in your own words: often the digest of an image.',
  }),
  deadline: Flags.string({
    helpValue: 'SECONDS',
    summary: 'so long after it was asked for, nobody wants the verdict any more',
    description:
      'What is not begun by then is not run, and a session under way ends. The verdict is NOT_RUN, or what a session says that ran out of time. The clock of the broker counts.',
  }),
  detach: Flags.boolean({ description: 'ask, and do not wait; git pp jobs --watch ID collects the results' }),
}

/** `workerFlags` as oclif read them. */
export interface WorkerFlags {
  readonly on: string | undefined
  readonly workers: string | undefined
  readonly 'confirm-by': string | undefined
  readonly recheck: string | undefined
  readonly detach: boolean
  readonly environment: string | undefined
  readonly deadline: string | undefined
}

/** What a call of `prove --on` was given. */
export interface OnCall {
  readonly caller: Caller
  readonly reporter: TerminalReporter
  readonly typed: ParsedCommandLine
  readonly flags: WorkerFlags
  readonly options: SessionOptions
  /** A file of patches; null: a change. */
  readonly patches: string | null
  readonly each: boolean
}

/** Lets workers prove changes. Each verdict is printed as soon as it is believed, as a line of JSON; a table follows on stderr. */
export async function onAnswer(call: OnCall): Promise<CommandAnswer> {
  const { caller, typed, flags, options, patches, each } = call
  const [first, second] = typed.words
  const change = patches === null ? (first ?? 'HEAD') : null
  const command = typed.argv ?? (patches === null ? second : first) ?? null
  if (change?.includes('..') === true && !each)
    throw new PpError('USAGE', `${change} is a range; with --on, add --each to have every commit of it proved`)
  const on = onOptions(flags, typed)
  const what = change === null ? { lines: await linesOf(patches ?? '-') } : { change }
  const printer = verdictPrinter(call, on.confirmBy)
  const deadline = positiveNumber('--deadline', flags.deadline)
  const asked = { options, command, ...withoutUndefined({ environment: flags.environment, deadline }) }
  const { batch, open } = await proveOn(caller, asked, on, what, printer)
  return printer.end(batch, open)
}

function onOptions(flags: WorkerFlags, typed: ParsedCommandLine): OnOptions {
  const confirmBy = positiveNumber('--confirm-by', flags['confirm-by']) ?? 1
  if (confirmBy > 4) throw new PpError('USAGE', `--confirm-by ${confirmBy}: at most 4 workers can be asked to agree`)
  const recheck = flags.recheck ?? '1'
  if (!/^\d{1,3}$/.test(recheck) || Number(recheck) > 100)
    throw new PpError('USAGE', `--recheck ${recheck}: this must be a whole number from 0 to 100`)
  const what = [
    'prove',
    ...typed.words.map(shellWord),
    ...(typed.argv === null ? [] : ['--', ...typed.argv.map(shellWord)]),
  ]
  return {
    ...{
      on: flags.on ?? '',
      confirmBy,
      recheck: Number(recheck),
      detach: flags.detach,
      what: what.join(' ').slice(0, 200),
    },
    ...(flags.workers === undefined ? {} : { workers: flags.workers }),
  }
}

/** What prints the verdicts of workers as they come, and makes the answer of the verb of them. */
export function verdictPrinter(
  { caller, reporter, typed }: Pick<OnCall, 'caller' | 'reporter' | 'typed'>,
  confirmBy = 1,
) {
  const asJson = asksForJson(typed.options)
  const isQuiet = typed.options.some((one) => one === '--quiet' || one === '-q')
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  // A verdict that was taken back is told again when there is a new one, and only the newest counts.
  const byLine = new Map<number, PatchVerdict>()
  const all = () => [...byLine.values()]
  return {
    answered(verdicts: readonly PatchVerdict[]) {
      for (const one of verdicts) byLine.set(one.line, one)
      if (!asJson) writeNow(1, verdicts.map((one) => `${JSON.stringify(one)}\n`).join(''))
    },
    progress(now: CollectProgress) {
      reporter.tell({ is: 'progress', line: progressLine(all(), now, seconds()) })
    },
    warn(text: string) {
      reporter.tell({ is: 'warning', text })
    },
    /** `open`: how many jobs have no answer yet. */
    end(batch: string | null, open: number): CommandAnswer {
      reporter.end()
      const done = all()
      if (!asJson && !isQuiet && done.length > 0) writeNow(2, `${verdictTable(done, seconds()).join('\n')}\n`)
      if (!asJson && open > 0)
        writeNow(2, `${open} ${open === 1 ? 'job goes' : 'jobs go'} on without us: git pp jobs --watch ${batch}\n`)
      const stop: unknown = caller.signal.aborted ? caller.signal.reason : null
      const statuses = done.map(({ verdict }) => statusOfAnswered(verdict))
      const status = worstStatus([...statuses, ...(stop instanceof PpError ? [stop.status] : [])])
      const counts = Object.fromEntries(countVerdicts(done))
      const told = Object.entries(counts).map(([word, count]) => `${count} ${word}`)
      const reason = [...told, ...(open > 0 ? [`${open} without a verdict yet`] : [])].join(', ')
      const decisive = done.find(({ verdict }) => statusOfAnswered(verdict) === status)?.verdict
      const verdict = stop instanceof PpError ? 'INTERRUPTED' : (decisive ?? 'OK')
      return { status, json: { verdict, reason, batch, open, confirmBy, counts, patches: done }, lines: () => [] }
    },
  }
}

function progressLine(done: readonly PatchVerdict[], now: CollectProgress, seconds: number): string {
  const counts = [...countVerdicts(done)].map(([word, count]) => `${count} ${word}`).join(', ')
  const rate = now.done / Math.max(seconds, 0.001)
  const left = rate > 0 ? `, about ${Math.ceil(now.open / rate)} s left` : ''
  const dropped = now.dropped > 0 ? `, ${now.dropped} results dropped` : ''
  return `${now.waiting} queued, ${now.claimed} running, ${done.length} done (${counts}), ${(60 * rate).toFixed(1)} a minute${left}, ${now.workers} workers${dropped}`
}

const REFUSED = [
  ...['patch', 'policy', 'policy-from', 'sandbox', 'network', 'history', 'include', 'allow', 'setup', 'env', 'sign'],
  ...['key', 'key-env', 'attest', 'apply', 'artifacts', 'flaky', 'keep-worktrees', 'jobs', 'no-minimize'],
] as const

/** What a worker does not do for others, or decides by itself. Throws USAGE. */
export function refuseBesideOn(flags: Readonly<Record<string, unknown>>): void {
  const one = REFUSED.find((name) => flags[name] !== undefined && flags[name] !== false)
  if (one !== undefined)
    throw new PpError(
      'USAGE',
      `--on does not work with --${one}: the policy of the base and that of the worker decide it`,
    )
}
