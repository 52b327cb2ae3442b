import * as z from 'zod'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { Policy } from '../../model/policy.ts'
import type { Bundle, Repro } from '../../model/proof.ts'
import type { ExecutedCount } from '../../model/session.ts'
import {
  PREDICATE_TYPE,
  type Predicate,
  type SignerRole,
  STATEMENT_TYPE,
  type Statement,
} from '../../model/statement.ts'
import { readBundleJson } from '../bundle/index.ts'
import { evidenceFolder, FILES } from '../bundle-layout/index.ts'
import { canonicalJson, sha256 } from '../bytes/index.ts'

/** The parts of environment.json that verifiers read. */
const Environment = z.looseObject({
  os: z.string().optional(),
  arch: z.string().optional(),
  node: z.string().optional(),
  network: z.string(),
  sandbox: z.looseObject({ kind: z.string(), version: z.string(), enforces: z.record(z.string(), z.boolean()) }),
  includes: z.array(z.looseObject({ path: z.string() })).optional(),
})
export type RecordedEnvironment = z.infer<typeof Environment>
const Redacted = z.looseObject({
  stdout: z.looseObject({ redactions: z.int() }),
  stderr: z.looseObject({ redactions: z.int() }),
})
const PatchDigest = z.strictObject({ bytes: z.int(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })

/**
 * The statement that is signed about a proof. Its only subject is the commit, because in-toto matches a subject by any of its
 * digests. The rest is derived from the bundle alone, so that everybody can derive it again. Throws MALFORMED.
 */
export function statementOf(bundle: Bundle, repro: Repro, commit: Oid, role: SignerRole): Statement {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: 'commit', digest: { gitCommit: commit } }],
    predicateType: PREDICATE_TYPE,
    predicate: derived(bundle, repro, role),
  }
}

function derived(bundle: Bundle, repro: Repro, role: SignerRole): Predicate {
  const { redTree, finalTree } = repro
  if (redTree === null || finalTree === null) throw malformed('a session that proved nothing cannot be attested')
  const { network, sandbox } = environmentOf(bundle)
  const { kind, version, enforces } = sandbox
  return {
    role,
    tool: repro.tool,
    session: repro.session,
    kind: repro.kind,
    verdict: repro.verdict,
    base: { gitCommit: repro.base.commit, gitTree: repro.base.tree, snapshot: repro.base.snapshot },
    red: { gitTree: redTree },
    final: { gitTree: finalTree },
    command: repro.targets,
    policy: {
      ...named(bundle, FILES.policy),
      source: policyOf(bundle).files.map(({ path, commit, blob }) => ({ path, gitCommit: commit, gitBlob: blob })),
    },
    environment: named(bundle, FILES.environment),
    repro: named(bundle, FILES.repro),
    patch: patchOf(bundle),
    manifest: {
      digest: { sha256: bundle.digest },
      files: bundle.manifest.length,
      bytes: bundle.manifest.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    baseline: repro.reds.map(({ target, ended, failing }) => ({ target, ended, failing: failing.length })),
    attempts: repro.attempts.map(({ n, commit, verdict, proposer }) => ({ n, gitCommit: commit, verdict, proposer })),
    runs: repro.counts,
    ...(repro.trials ? { trials: repro.trials } : {}),
    ...(repro.executed ? { executed: executedOf(repro.executed) } : {}),
    sandbox: { kind, version, network, enforces },
    redaction: { hits: redactions(bundle) },
    startedAt: repro.startedAt,
    finishedAt: repro.finishedAt,
  }
}

/** The lists stay in the bundle. */
function executedOf({ lines, ran, notMeasured }: ExecutedCount): Predicate['executed'] {
  return { lines, ran, notMeasured: notMeasured.length }
}

/** The first point in which a statement contradicts its bundle, or null. What the statement says in addition is ignored. */
export function firstContradiction({ predicate }: Statement, bundle: Bundle, repro: Repro): string | null {
  const wanted = derived(bundle, repro, predicate.role)
  for (const [key, value] of Object.entries(wanted))
    if (canonicalJson(predicate[key] ?? null) !== canonicalJson(value)) return key
  return null
}

/** The parts of `environment.json` that verifiers read. Throws MALFORMED. */
export function environmentOf(bundle: Bundle): RecordedEnvironment {
  return readBundleJson(bundle, FILES.environment, Environment)
}

/** `policy.json`. Throws MALFORMED. */
export function policyOf(bundle: Bundle): Policy {
  return readBundleJson(bundle, FILES.policy, Policy)
}

function named(bundle: Bundle, name: string): { name: string; digest: { sha256: string } } {
  const bytes = bundle.files.get(name)
  if (!bytes) throw malformed(`this bundle has no ${name}`)
  return { name, digest: { sha256: sha256(bytes) } }
}

/** A large patch is not in the bundle, only its digest is. */
function patchOf(bundle: Bundle): Predicate['patch'] {
  const patch = bundle.files.get(FILES.patch)
  if (patch) return { name: FILES.patch, digest: { sha256: sha256(patch) }, bytes: patch.length }
  const { bytes, sha256: digest } = readBundleJson(bundle, FILES.patchDigest, PatchDigest)
  return { name: FILES.patch, digest: { sha256: digest }, bytes }
}

function redactions(bundle: Bundle): number {
  const all = [...bundle.files.keys()].filter((path) => evidenceFolder(path) !== null)
  return all.reduce((sum, path) => {
    const { stdout, stderr } = readBundleJson(bundle, path, Redacted)
    return sum + stdout.redactions + stderr.redactions
  }, 0)
}

function malformed(message: string): PpError {
  return new PpError('MALFORMED', message)
}
