import * as z from 'zod'
import { AREAS } from './doctor.ts'
import { type ErrorCode, STATUS_OF_ERROR } from './error.ts'
import { AGENTS } from './kinds.generated.ts'
import { Oid, SessionId } from './oid.ts'
import { AnsweredVerdict, PatchVerdict } from './patch-verdict.ts'
import { REPORT_FORMATS } from './report-format.ts'
import { ReplayResult, RunCounts, SCHEMA_VERSION, SessionResult } from './session.ts'
import { SignerRole } from './statement.ts'
import { Verdict } from './verdict.ts'
import { VERIFICATION_VERDICTS } from './verification.ts'

// What every verb prints under --json (docs/reference.md, "JSON"). docs/json.schema.json is made from it, and end-to-end
// tests check every answer that they read against it.

const text = z.string()
const list = z.array(text)
const maybe = text.nullable()
const head = { schemaVersion: z.literal(SCHEMA_VERSION), verdict: text, reason: text }

export const Failure = z.strictObject({
  ...head,
  code: z.enum(Object.keys(STATUS_OF_ERROR) as [ErrorCode, ...ErrorCode[]]),
  mend: maybe,
})

const Applied = z.strictObject({
  applied: z.boolean(),
  session: text,
  reason: text,
  commit: maybe,
  files: list,
  inTheWay: z.array(z.strictObject({ path: text, why: text })),
  warnings: list,
})

const SessionAnswer = SessionResult.extend({ applied: Applied.nullable().optional(), artifacts: maybe.optional() })

const signature = { role: SignerRole, name: text, key: maybe, fingerprint: maybe, commit: text }
const Verification = z.strictObject({
  ...head,
  verdict: z.enum(VERIFICATION_VERDICTS as [string, ...string[]]),
  accepted: z.boolean().optional(),
  mend: maybe,
  commit: maybe,
  session: maybe,
  manifest: maybe,
  signatures: z.array(z.strictObject({ ...signature, mode: text })),
  checks: z.array(z.strictObject({ check: text, ok: z.boolean(), word: maybe, detail: text })),
  cautions: list,
})

const Carried = { session: text, commit: text }
/** What workers answered: `open` jobs have no answer yet, and `batch` is the id to come back with. */
const OfWorkers = z.strictObject({
  ...head,
  batch: maybe,
  open: z.int(),
  confirmBy: z.int(),
  counts: z.partialRecord(AnsweredVerdict, z.int()),
  patches: z.array(PatchVerdict),
})
const Help = z.strictObject({ ...head, help: text })

const Show = SessionResult.extend({
  commit: Oid.nullable(),
  others: list,
  manifest: text,
  startedAt: text,
  finishedAt: text,
  author: text,
  attestations: z.array(z.strictObject({ role: SignerRole, mode: maybe, key: maybe })),
  changedTests: z.array(z.strictObject({ id: text, is: z.enum(['added', 'in a changed file']) })),
  files: z.array(z.strictObject({ path: text, bytes: z.int() })),
})

const LogEntry = z.strictObject({
  session: text,
  commit: maybe,
  verdict: text,
  subject: text,
  at: text,
  kind: text,
  counts: RunCounts,
  from: maybe,
})

export const ProofList = z.strictObject({ ...head, proofs: z.array(LogEntry) })

const GateLineAnswer = z.strictObject({
  at: text,
  agent: text,
  session: text,
  event: z.enum(['begin', 'stop']),
  word: text,
  go: z.boolean(),
  reason: text,
  tookMs: z.int(),
  tree: maybe,
  proof: maybe,
})

const Check = z.strictObject({
  area: z.enum(AREAS),
  level: z.enum(['ok', 'note', 'problem']),
  text,
  mend: maybe,
  code: maybe,
})

const Signed = z.strictObject({ role: SignerRole, mode: text, keyid: maybe, fingerprint: maybe })

const Verified = z.union([Verification, z.strictObject({ ...head, results: z.array(Verification) })])

/** Parts that several answers contain; the schema file defines each of them once. */
export const SHARED = { sessionResult: SessionAnswer, verification: Verification }

/** The answer of each verb, without errors and help. */
export const ANSWERS = {
  run: z.union([SessionAnswer, z.strictObject({ ...head, prompt: text })]),
  prove: z.union([
    SessionAnswer,
    z.strictObject({ ...head, results: z.array(SessionAnswer) }),
    z.strictObject({ ...head, counts: z.partialRecord(Verdict, z.int()), patches: z.array(PatchVerdict) }),
    OfWorkers,
  ]),
  replay: z.union([ReplayResult, Verification]),
  verify: Verified,
  attest: z.union([
    Verification,
    z.strictObject({ ...head, commit: Oid, session: SessionId, manifest: text, attestation: Signed }),
  ]),
  show: Show,
  log: z.union([ProofList, z.strictObject({ ...head, lines: z.array(GateLineAnswer) })]),
  gate: z.union([
    z.strictObject({
      ...head,
      go: z.boolean(),
      failures: z.array(z.strictObject({ id: text, message: text })),
      session: maybe,
    }),
    z.strictObject(head),
  ]),
  covered: z.strictObject({ ...head, covered: z.boolean(), session: maybe, commit: maybe }),
  report: z.strictObject({ ...head, format: z.enum(REPORT_FORMATS), report: text }),
  apply: z.strictObject({ ...head, ...Applied.shape }),
  push: z.strictObject({
    ...head,
    mend: maybe,
    remote: text,
    proofs: z.array(z.strictObject(Carried)),
    refs: list,
    secrets: z.array(z.strictObject({ rule: text, path: text })),
    warnings: list,
    dryRun: z.boolean(),
  }),
  fetch: z.strictObject({
    ...head,
    remote: text,
    proofs: z.array(z.strictObject({ ...Carried, isNew: z.boolean() })),
    warnings: list,
  }),
  forget: z.strictObject({ ...head, ...Carried, remote: maybe, removed: list, rewritten: list }),
  export: z.strictObject({ ...head, dir: text }),
  import: z.strictObject({ ...head, session: text, commit: text }),
  // Only errors are answered as JSON; what is served is the Model Context Protocol.
  mcp: Failure,
  worker: z.strictObject({
    ...head,
    ...{ name: text, answered: z.int(), refused: z.int(), givenBack: z.int(), cancelled: z.int() },
  }),
  jobs: z.union([
    z.strictObject({
      ...head,
      batches: z.array(z.strictObject({ id: text, url: text, what: text, at: text, jobs: z.int(), answered: z.int() })),
    }),
    z.strictObject({ ...head, cancelled: z.int() }),
    OfWorkers,
  ]),
  keygen: z.strictObject({ ...head, file: text, publicFile: text, keyid: text }),
  init: z.union([
    z.strictObject({
      ...head,
      file: text,
      written: z.boolean(),
      runner: maybe,
      targets: z.array(z.strictObject({ name: text, cmd: text })),
      others: list,
      above: maybe,
      policy: text,
    }),
    z.strictObject({
      ...head,
      files: z.array(
        z.strictObject({
          agent: z.enum(AGENTS.map(({ kind }) => kind)),
          title: text,
          file: text,
          change: z.enum(['added', 'updated', 'removed', 'none']),
          trust: maybe,
        }),
      ),
      written: z.boolean(),
      diff: text,
    }),
    z.strictObject({
      ...head,
      mend: maybe,
      key: text,
      was: maybe,
      value: maybe,
      scope: z.enum(['local', 'global']),
      written: z.boolean(),
      line: maybe,
      program: maybe,
    }),
  ]),
  doctor: z.strictObject({ ...head, checks: z.array(Check) }),
  completion: z.strictObject({ ...head, shell: text, script: text }),
  gc: z.strictObject({
    ...head,
    removed: z.array(z.strictObject({ what: text, why: text })),
    dryRun: z.boolean(),
  }),
  help: Help,
  version: z.strictObject({ ...head, version: text }),
} as const
