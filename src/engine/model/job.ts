import * as z from 'zod'
import { Command, Target } from './command.ts'
import { Oid, SessionId, Sha256 } from './oid.ts'
import { Verdict } from './verdict.ts'

/** The version of jobs and results. A worker refuses jobs of a version that it does not know. */
export const JOB_VERSION = 1

/** In bytes: larger patches are not sent. */
export const MAX_JOB_PATCH = 512 * 1024

/** A name on the broker: of who asks, of a worker. It is one token of a subject, so it has no dot and no wildcard. */
export const BrokerName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)
export type BrokerName = z.infer<typeof BrokerName>

const text = z
  .string()
  .min(1)
  .max(4096)
  .refine((value) => !value.includes('\0'))

/** Relative to the top of the work tree, '' = the top. It names a directory of the repository, never one outside of it. */
const Prefix = z
  .string()
  .max(1024)
  .refine(
    (value) =>
      value === '' ||
      value
        .split('/')
        .every((part) => part !== '' && !/^\.{1,2}$|^\.git$|^git~\d+$/i.test(part) && !/[\\\p{Cc}]/u.test(part)),
    { error: 'this is not a directory below the top of the repository' },
  )

/** Without what git does not let into a commit. */
const person = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^<>\p{Cc}]+$/u)

/** Who writes the commit of a job, and when, in seconds since 1970: so all who make it make the same. */
export const JobAuthor = z.strictObject({ name: person, email: person, at: z.int().min(0).max(253_402_300_799) })
export type JobAuthor = z.infer<typeof JobAuthor>

/** What is proved: a commit that the repository has, or the commit that a patch makes of the base. */
export const JobChange = z.union([
  z.strictObject({ commit: Oid }),
  z.strictObject({ patch: z.string().max(MAX_JOB_PATCH), by: JobAuthor }),
])
export type JobChange = z.infer<typeof JobChange>

/** Bytes that are too large for a message: their digest, and in how many messages they are stored. */
export const ObjectInParts = z.strictObject({ digest: Sha256, bytes: z.int().min(1), parts: z.int().min(1).max(2048) })
export type ObjectInParts = z.infer<typeof ObjectInParts>

/** What a session is asked to prove, as data alone. It names no place for its result, no key and no credential. */
export const Job = z.strictObject({
  v: z.literal(JOB_VERSION),
  kind: z.literal('prove'),
  /** The URL that the worker fetches from; it has to be one that the worker lists. */
  repository: z.string().min(1).max(2048),
  /** How the machine of a worker is set up, in the words of those who run it: often the digest of an image. Null: in any way. */
  environment: text.nullable(),
  base: Oid,
  change: JobChange,
  /** Null: the targets of the policy, or that of `target`. */
  command: Command.nullable(),
  target: text.nullable(),
  prefix: Prefix,
  /** The blob of the policy file that applies to the base in `prefix`; null: there is none. */
  policy: Oid.nullable(),
  runs: z.union([z.literal('auto'), z.int().min(0).max(100)]).nullable(),
  mode: z.enum(['fix', 'refactor', 'auto']).nullable(),
  expect: text.nullable(),
  /** In seconds. */
  hangAfter: z.number().positive().nullable(),
  /** The least strength of the sandbox: see `strengthOf`. */
  floor: z.int().min(1),
  /** Askings of this key that another worker has to do; the result does not depend on it. */
  apart: z.array(z.int().min(1)).max(16),
  /** In seconds: the longest time of the session. Null: as the policy of the base says. */
  timeout: z.int().positive().nullable(),
  /** In seconds since it was asked for, by the clock of the broker: afterwards nobody wants the result. */
  deadline: z.int().positive().nullable(),
})
export type Job = z.infer<typeof Job>

/** What one message of the queue asks for. */
export interface JobAddress {
  /** A digest of the URL; workers pull the jobs of the repositories that they list. */
  readonly repository: string
  /** Who asks, as the broker let them publish. */
  readonly asker: BrokerName
  readonly key: Sha256
  /** From 1: which of several askings for the same key this is. `--confirm-by 2` and putting back make new ones. */
  readonly ordinal: number
}

/** What a worker tells while it has a job, so that a job that ends its workers is noticed. */
export const JobRun = z.strictObject({
  run: z.string().max(64),
  is: z.enum(['began', 'ended', 'given back', 'failed']),
})
export type JobRun = z.infer<typeof JobRun>

export interface ToldRun extends JobRun {
  readonly worker: BrokerName
  readonly ordinal: number
  /** In ms: when the broker heard it, by its own clock. */
  readonly at: number
}

/** The lines of the notes of a proof, as `refs/notes/pp/*` hold them. Whoever stores them derives its line of the index. */
export const ProofLines = z.strictObject({ bundle: z.string(), attestations: z.array(z.string()) })
export type ProofLines = z.infer<typeof ProofLines>

/** What a worker says about a job; it is signed as a whole. */
export const JobResult = z.strictObject({
  v: z.literal(JOB_VERSION),
  key: Sha256,
  asker: BrokerName,
  ordinal: z.int().min(1),
  worker: BrokerName,
  verdict: Verdict,
  reason: z.string(),
  mend: z.string().nullable(),
  /** Null: nothing was run. */
  session: SessionId.nullable(),
  base: Oid.nullable(),
  /** The commit that carries the notes; null: there is no record. */
  commit: Oid.nullable(),
  /** Whether that commit is the proved one. */
  final: z.boolean(),
  /** The text of that commit where a session made it; null: the repository has it. */
  made: z.string().max(65_536).nullable(),
  lines: ProofLines.nullable(),
  /** In seconds, as the worker measured. */
  seconds: z.number().min(0),
})
export type JobResult = z.infer<typeof JobResult>

/** A job as the asking side keeps it: what it asked for, and what it expects. */
export const AskedJob = z.strictObject({
  /** The id of the line, or the commit. */
  id: z.string().nullable(),
  /** From 1. */
  line: z.int(),
  key: Sha256,
  job: Job,
  /** The targets that a session has to run. */
  targets: z.array(Target).min(1),
  baseTree: Oid,
  /** The tree of the change. */
  tree: Oid,
  /** The commit that is to be proved. */
  commit: Oid,
})
export type AskedJob = z.infer<typeof AskedJob>

/** Jobs that were asked for by one call. */
export const BatchHead = z.strictObject({
  id: SessionId,
  url: z.string(),
  asker: BrokerName,
  /** What was typed, for people. */
  what: z.string(),
  /** The time, as ISO 8601. */
  at: z.string(),
  /** How many workers have to agree. */
  confirm: z.int().min(1),
  /** The keys that the asking side proves itself, too. */
  rechecked: z.array(Sha256),
  /** The sequence of the newest result when it was asked. */
  after: z.int().min(0),
  /** The file of the workers' keys. */
  workers: z.string(),
})
export type BatchHead = z.infer<typeof BatchHead>
