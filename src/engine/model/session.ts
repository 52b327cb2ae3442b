import * as z from 'zod'
import { CodeRemark } from './code-remark.ts'
import { Target } from './command.ts'
import { Ended, Reading } from './evidence.ts'
import { ModelUse } from './model-use.ts'
import { Oid, SessionId } from './oid.ts'
import { Network } from './policy-values.ts'
import { Refusal } from './proposal.ts'
import { SignerRole } from './statement.ts'
import { Verdict } from './verdict.ts'

export const SCHEMA_VERSION = 1

/** One attempt in the answer of a command. A refused proposal has no commit. */
export const AttemptSummary = z.strictObject({
  n: z.int(),
  commit: Oid.nullable(),
  verdict: z.string(),
  reason: z.string(),
  proposer: z.string(),
  files: z.int(),
  insertions: z.int(),
  deletions: z.int(),
  refusals: z.array(Refusal),
})
export type AttemptSummary = z.infer<typeof AttemptSummary>

/** One execution in an answer; `on` is 'base', 'attempt 2', 'red 1', 'green 1', 'added failing test', 'also' … */
export const RunSummary = z.strictObject({
  on: z.string(),
  target: z.string(),
  ended: Ended,
  reading: Reading,
  durationMs: z.int(),
})
export type RunSummary = z.infer<typeof RunSummary>

/** How many executions decided: reds without the product, greens with it; `before`: for PRESERVED, greens without it. */
export const RunCounts = z.strictObject({ reds: z.int(), greens: z.int(), before: z.int().optional() })
export type RunCounts = z.infer<typeof RunCounts>

/**
 * The runs of a slow suite that were of its failing tests alone: the commands, and how many of the counted reds and greens
 * these are.
 */
export const FocusedRuns = z.strictObject({ targets: z.array(Target).min(1), reds: z.int(), greens: z.int() })
export type FocusedRuns = z.infer<typeof FocusedRuns>

/** The default number of pairs for `--flaky` (docs/decisions/0017). */
export const DEFAULT_PAIRS = 60
/** With fewer pairs, not even 5 failures of 5 and 0 of 5 can be told apart. */
export const FEWEST_PAIRS = 5

/** How many runs there were, and how many of them failed. */
export const FailureTally = z.strictObject({ runs: z.int().min(0), failed: z.int().min(0) })
export type FailureTally = z.infer<typeof FailureTally>

/**
 * Runs without a change and with it, in turn. `p`: the probability that the command fails less often with it only by chance
 * (Fisher, one-sided).
 */
export const Trials = z.strictObject({ without: FailureTally, with: FailureTally, p: z.number().min(0).max(1) })
export type Trials = z.infer<typeof Trials>

/**
 * Which changed lines tests ran, for a change without a red. Lines that the change removes or replaces are those of the base.
 * A line counts if it can run at all, and it ran if it did so while a test was called, not while files were loaded.
 */
export const ExecutedCount = z.strictObject({
  lines: z.int().min(0),
  ran: z.int().min(0),
  /** The others: '3-5,9'. */
  notRun: z.array(z.strictObject({ path: z.string(), of: z.enum(['base', 'change']), lines: z.string() })),
  /** Changed source files for which nothing measures it: with nonsense in them the command fails. */
  notMeasured: z.array(z.string()),
})
export type ExecutedCount = z.infer<typeof ExecutedCount>

/** What judges expect since a change: changed lines of tests that fail in the base's version, and how all other tests ended. */
export const ChangedExpectations = z.strictObject({
  changed: z.array(z.strictObject({ path: z.string(), line: z.int(), before: z.string(), after: z.string() })),
  /** Tests of the base with the product of the change; null: they were not run. */
  others: z.strictObject({ passed: z.int(), failing: z.array(z.string()) }).nullable(),
})
export type ChangedExpectations = z.infer<typeof ChangedExpectations>

/** A judge that the change edits or that its run writes, and who allowed it: 'the user', 'pp.yaml:4'. */
export const AllowedJudge = z.strictObject({ path: z.string(), by: z.string() })
export type AllowedJudge = z.infer<typeof AllowedJudge>

/** What the answer of a `run` or `prove` and the record of it say alike. */
export const RecordedResult = z.strictObject({
  kind: z.enum(['run', 'prove']),
  verdict: Verdict,
  /** 1 sentence for a person. */
  reason: z.string(),
  /** What to try if the session did not end well. */
  mend: z.string().nullable(),
  session: SessionId,
  targets: z.array(Target),
  attempts: z.array(AttemptSummary),
  runs: z.array(RunSummary),
  counts: RunCounts,
  /** Absent: every run was of all targets as they were typed. */
  focus: FocusedRuns.optional(),
  judges: z.enum(['base', 'change']),
  /** Judge files that the change edits or adds. */
  judgesChanged: z.array(z.string()),
  /** With `--flaky`: how often it failed. Absent: not asked for. */
  trials: Trials.optional(),
  /** For a change without a red: which of its lines tests ran. Absent: not asked for. */
  executed: ExecutedCount.optional(),
  /** Absent: no judge was allowed to be changed. */
  allowed: z.array(AllowedJudge).optional(),
  /**
   * Whether git pp observed which files the base's own run reads. Absent: an older record, or the session ended before that
   * run.
   */
  observed: z.boolean().optional(),
  /** Data that the command reads and without whose changes it is not green. Absent: none. */
  needs: z.array(z.string()).optional(),
  /** With TESTS_CHANGED, if the change edits existing tests. */
  expectations: ChangedExpectations.optional(),
  /** Tests that were red and are green, and the number of tests that stayed green; null if no runner named or counted them. */
  flipped: z.array(z.string()),
  same: z.int().nullable(),
  /** What the proof does not show, one sentence each. */
  notShown: z.array(z.string()),
  /** The failing tests, each with the first line of its reason. */
  failures: z.array(z.strictObject({ id: z.string(), message: z.string() })),
  suspects: z.array(z.string()),
  sandbox: z.string(),
  /** What network access the commands had; null: an old record does not say. */
  network: Network.nullable(),
  /** The names of variables that a policy or a flag showed to the commands in addition to the usual ones. */
  variables: z.array(z.string()),
  minimal: z.enum(['shown', 'not finished', 'not asked']),
  warnings: z.array(z.string()),
})
export type RecordedResult = z.infer<typeof RecordedResult>

/** These fields alone, out of an answer or of a record. */
export function recordedResult(all: RecordedResult): RecordedResult {
  const fields = Object.entries(all).filter(([field]) => field in RecordedResult.shape)
  return Object.fromEntries(fields) as RecordedResult
}

/** What a `run` or `prove` came to. `base` and `final` are commits. */
export const SessionResult = RecordedResult.extend({
  schemaVersion: z.literal(SCHEMA_VERSION),
  base: Oid.nullable(),
  /** The base is a snapshot of uncommitted work, on no branch. */
  snapshot: z.boolean(),
  final: Oid.nullable(),
  /** The patch text when there is a final (or closest) one and it is text. */
  patch: z.string().nullable(),
  /** Who signed; null: it was asked for and failed. Absent: not asked for. `fingerprint`: as the owner's own tool names the key. */
  attestation: z
    .strictObject({ role: SignerRole, mode: z.string(), keyid: z.string(), fingerprint: z.string() })
    .nullable()
    .optional(),
  /**
   * Places in the change that a reviewer should look at, the strongest first; absent: there are none. They are recorded in
   * `remarks.json`, because earlier versions refuse a `repro.json` with a key that they do not know.
   */
  remarks: z.array(CodeRemark).optional(),
  /** What asking models took, in `spent.json`; absent: no model was asked. */
  spent: ModelUse.optional(),
  /** The commit that was to be proved, where it is one of several; absent: there is one result. */
  change: z.strictObject({ commit: Oid, subject: z.string() }).optional(),
})
export type SessionResult = z.infer<typeof SessionResult>

/** The result of `replay`. */
export const ReplayResult = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  verdict: z.enum(['REPRODUCED', 'REFUTED', 'INCONCLUSIVE']),
  reason: z.string(),
  session: SessionId,
  base: Oid,
  final: Oid.nullable(),
  runs: z.array(RunSummary),
  differences: z.array(z.string()),
  /** For a STABILIZED proof: how often the command failed now. */
  trials: Trials.optional(),
  /** What would help, if the proof was not reproduced because something is missing. */
  mend: z.string().nullable(),
  /**
   * The proof was made elsewhere, as far as is known here, and was run with the strictest defaults; `loosened`: options that
   * the user typed to loosen them.
   */
  foreign: z.boolean(),
  loosened: z.array(z.string()),
})
export type ReplayResult = z.infer<typeof ReplayResult>
