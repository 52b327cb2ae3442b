import * as z from 'zod'
import { Oid, Sha256 } from './oid.ts'

/** How an execution ended. Only `exited` with code 0 can prove anything. Times in ms. */
export const Ended = z.discriminatedUnion('how', [
  z.strictObject({ how: z.literal('exited'), code: z.int() }),
  z.strictObject({ how: z.literal('signalled'), signal: z.string() }),
  z.strictObject({
    how: z.literal('timed-out'),
    afterMs: z.int(),
    limit: z.enum(['hang-after', 'per-command', 'session']),
  }),
  /** It met a bound of its sandbox; `bound` in bytes or processes. It did not end by itself, whatever else it showed. */
  z.strictObject({ how: z.literal('limited'), by: z.enum(['memory', 'processes', 'disk']), bound: z.int().nullable() }),
  // `program`: the program of the command, if the only problem is that it does not exist.
  z.strictObject({ how: z.literal('not-run'), reason: z.string(), program: z.string().optional() }),
])
export type Ended = z.infer<typeof Ended>

/** What is kept of one output stream after redaction. `bytes` and `sha256` are those of the whole redacted stream. */
export const OutputStream = z.strictObject({
  bytes: z.int(),
  sha256: Sha256,
  truncated: z.boolean(),
  redactions: z.int(),
})
export type OutputStream = z.infer<typeof OutputStream>

/** A captured stream in memory: its record and the kept bytes; one line in the text marks a cut. */
export type CapturedStream = OutputStream & { readonly kept: Uint8Array }

/** What one execution of a command showed, before anybody decided what it means. */
export interface Execution {
  readonly ended: Ended
  /** RFC 3339, UTC. */
  readonly startedAt: string
  readonly durationMs: number
  readonly stdout: CapturedStream
  readonly stderr: CapturedStream
  /** What the command left in its private report directory: file name → bytes. Only small regular files are read. */
  readonly reports: ReadonlyMap<string, Uint8Array>
  /**
   * If the run crashed: a program of another architecture that it names and whose system calls the sandbox refuses; null or
   * undefined: there is none.
   */
  readonly foreign?: string | null
}

export const TestOutcome = z.enum(['passed', 'failed', 'error', 'skipped', 'xfailed', 'xpassed'])
export type TestOutcome = z.infer<typeof TestOutcome>

/** One test as its runner reports it; `message` is the first line of the reason for its failure. */
export const TestCase = z.strictObject({
  id: z.string(),
  outcome: TestOutcome,
  message: z.string().optional(),
  file: z.string().optional(),
  line: z.int().optional(),
})
export type TestCase = z.infer<typeof TestCase>

/**
 * What the output of a known runner says. `named` = every test that ran is in `tests`; otherwise only some are, usually the
 * failures.
 */
export const TestReport = z.strictObject({
  runner: z.string(),
  counts: z.strictObject({
    passed: z.int(),
    failed: z.int(),
    errors: z.int(),
    skipped: z.int(),
  }),
  tests: z.array(TestCase),
  named: z.boolean(),
})
export type TestReport = z.infer<typeof TestReport>

/** A test that its runner ran again within one execution, and how often; `id` null = the runner does not say which. */
export interface Rerun {
  readonly id: string | null
  readonly times: number
}

/** What an execution means. `undecided` proves nothing in either direction. */
export const Reading = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('green') }),
  z.strictObject({ is: z.literal('red'), reason: z.string(), failing: z.array(z.string()) }),
  z.strictObject({ is: z.literal('invalid'), reason: z.string(), mend: z.string() }),
  z.strictObject({ is: z.literal('undecided'), reason: z.string() }),
])
export type Reading = z.infer<typeof Reading>

/** `evidence.json`: one execution as the bundle keeps it. */
export const Evidence = z.strictObject({
  target: z.string(),
  on: z.string(),
  tree: Oid,
  ended: Ended,
  reading: Reading,
  startedAt: z.string(),
  durationMs: z.int(),
  stdout: OutputStream,
  stderr: OutputStream,
  tests: TestReport.nullable(),
  judgesTouched: z.array(z.string()),
})
export type Evidence = z.infer<typeof Evidence>
