import * as z from 'zod'
import { Target } from './command.ts'
import { TestReport } from './evidence.ts'
import { Oid, SessionId, Sha256 } from './oid.ts'
import { Network } from './policy-values.ts'
import { RecordedResult } from './session.ts'
import { Verdict } from './verdict.ts'

/** The newest version. A record says the oldest one whose readers understand it: see `recordVersion`. */
export const PROOF_VERSION = 4
/**
 * Every version that can be read. Version 1 has no STABILIZED; optional keys came with version 2. In version 3, the first runs of
 * the base and of the change are the first pair; before, all pairs came after them. Only version 4 has PRESERVED, and says which
 * lines tests ran.
 */
export const ProofVersion = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(PROOF_VERSION)])
export type ProofVersion = z.infer<typeof ProofVersion>
/**
 * The version of an index line: the first version that knows its verdict. So readers of version 1 still find the bundle, and
 * can say that it is newer.
 */
export function indexVersion(verdict: Verdict): ProofVersion {
  if (verdict === 'PRESERVED') return 4
  return verdict === 'STABILIZED' ? 2 : 1
}
/** The version of a new record. `policy`: the oldest version whose readers know every key and word of its policy. */
export function recordVersion({ verdict, executed }: RecordedResult, policy: ProofVersion): ProofVersion {
  return verdict === 'PRESERVED' || executed !== undefined ? 4 : policy
}
/** A record of any version. */
export const Versioned = z.looseObject({ v: z.int() })

/** How a target failed on the red tree; a replay has to see it again. */
export const RecordedRed = z.strictObject({
  target: z.string(),
  failing: z.array(z.string()),
  headline: z.string(),
  ended: z.string(),
})
export type RecordedRed = z.infer<typeof RecordedRed>

/** `repro.json`: all that is needed to run the proof again. Never names the final commit, but for `prove COMMIT`. */
export const Repro = RecordedResult.extend({
  v: ProofVersion,
  tool: z.strictObject({ name: z.literal('git-pp'), version: z.string() }),
  // A proof of nothing is none.
  targets: z.array(Target).min(1),
  base: z.strictObject({ commit: Oid, tree: Oid, snapshot: z.boolean() }),
  /** The tree on which it is red: the base, or for `prove` with judges of the change the base with these. */
  redTree: Oid.nullable(),
  finalTree: Oid.nullable(),
  /** Only for `prove COMMIT`, where the commit existed before. */
  proved: Oid.nullable(),
  reds: z.array(RecordedRed),
  tests: z.array(z.strictObject({ target: z.string(), report: TestReport })),
  // Records of version 1 may lack these two.
  network: Network.nullable().default(null),
  variables: z.array(z.string()).default([]),
  expect: z.string().nullable(),
  author: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
})
  .refine(({ v, verdict, trials }) => v > 1 || (verdict !== 'STABILIZED' && trials === undefined), {
    error: 'records of version 1 know no trials',
  })
  .refine(
    ({ v, verdict, executed, counts }) =>
      v > 3 || (verdict !== 'PRESERVED' && !executed && counts.before === undefined),
    {
      error: 'records before version 4 do not know PRESERVED',
    },
  )
export type Repro = z.infer<typeof Repro>

export const ManifestEntry = z.strictObject({
  path: z.string(),
  sha256: Sha256,
  bytes: z.int().min(0),
  truncated: z.strictObject({ bytes: z.int().min(0), sha256: Sha256 }).optional(),
})
/** `manifest.json`, sorted by path bytes, without itself. */
export const Manifest = z.array(ManifestEntry)
export type Manifest = z.infer<typeof Manifest>

/** One line of `refs/notes/pp/bundles`. */
export const BundleLine = z.strictObject({
  v: ProofVersion,
  manifest: Manifest,
  files: z.record(z.string(), z.union([z.strictObject({ utf8: z.string() }), z.strictObject({ base64: z.string() })])),
})
export type BundleLine = z.infer<typeof BundleLine>

/** One line of `refs/notes/pp/index`. */
export const IndexLine = z.strictObject({
  v: ProofVersion,
  session: SessionId,
  verdict: Verdict,
  baseTree: Oid,
  finalTree: Oid.nullable(),
  patchId: z.string().nullable(),
  manifest: Sha256,
})
export type IndexLine = z.infer<typeof IndexLine>

/** A bundle in memory: path → bytes, and what was cut from which file before. */
export interface Bundle {
  /** The version that it was written in. It is kept, because another version would change the line. */
  readonly v: ProofVersion
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly manifest: Manifest
  /** sha256 of the canonical manifest. */
  readonly digest: Sha256
}

/** A bundle as it was found: files and manifest may contradict each other. */
export type UncheckedBundle = Omit<Bundle, 'digest'>
