import { environmentOf, openEnvelope, policyOf } from '../../core/attest/index.ts'
import { checkedBundle, openCanonicalBundleLine, readBundleJson } from '../../core/bundle/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import type { CommitFacts } from '../../model/commit.ts'
import { PpError } from '../../model/error.ts'
import { type Bundle, Repro, type UncheckedBundle } from '../../model/proof.ts'
import { SCHEMA_VERSION } from '../../model/session.ts'
import type { Check, TrustedSignature, Verification, VerificationVerdict } from '../../model/verification.ts'
import { notTooOld, signedByTheTrusted } from './check-signatures.ts'
import { belongsToTheCommit, claimsAProof, parentTreeOf } from './commit-binding.ts'
import { contentsOf } from './content-check.ts'
import { patchIsTheChange } from './patch-check.ts'
import { isAccepted, passesTheGate, policyAllows, policyIsTheBases } from './policy-checks.ts'
import {
  type CheckResult,
  checkFailed,
  type ProofCase,
  type ProofPlacement,
  type TreeContents,
  type VerificationRules,
  type VerifierPorts,
} from './proof-case.ts'
import { ranOftenEnough } from './runs-check.ts'

type CheckStep = (
  it: ProofCase,
  ports: VerifierPorts,
  rules: VerificationRules,
  contents: () => Promise<TreeContents>,
) => Promise<CheckResult>

const onContents =
  (
    check: (
      it: ProofCase,
      contents: TreeContents,
      ports: VerifierPorts,
      rules: VerificationRules,
    ) => Promise<CheckResult>,
  ): CheckStep =>
  async (it, ports, rules, contents) =>
    check(it, await contents(), ports, rules)

/** The checks of a bundle that could be read, in this order. The first check that fails gives the verdict. */
const SPECIFICATION: readonly (readonly [name: string, step: CheckStep])[] = [
  ['claim', claimsAProof],
  ['binding', belongsToTheCommit],
  ['patch', onContents(patchIsTheChange)],
  ['policy', onContents(policyIsTheBases)],
  ['guard', onContents(policyAllows)],
  ['runs', onContents(ranOftenEnough)],
  ['gate', onContents(passesTheGate)],
  ['signature', signedByTheTrusted],
  ['age', notTooOld],
]

/** Where a bundle was found: a line of a note, or a directory that was read already. */
export type BundleSource = { readonly line: string } | UncheckedBundle

/** What was found about a bundle, and the bundle itself, for callers that go on to use it. */
export interface CheckedProof {
  readonly found: Verification
  readonly bundle: Bundle | null
}

/** Checks one bundle as the proof of one commit. `envelopes`: the lines of attestations that belong to the commit. */
export async function checkProof(
  bundleSource: BundleSource,
  commit: CommitFacts,
  envelopes: readonly string[],
  ports: VerifierPorts,
  rules: VerificationRules,
): Promise<CheckedProof> {
  return checkBundle(bundleSource, commit, readAttestations(envelopes), ports, rules)
}

/** The same with attestations that were read before, for the second and later bundles of a commit. */
export async function checkBundle(
  bundleSource: BundleSource,
  commit: CommitFacts,
  attestations: ReadAttestations,
  ports: VerifierPorts,
  rules: VerificationRules,
): Promise<CheckedProof> {
  const checks: Check[] = []
  const about = { commit: commit.oid, session: null as string | null, manifest: null as string | null }
  const opened = await open(bundleSource, commit, attestations, ports, checks)
  if (!opened) return { found: conclude(about, checks, [], null), bundle: null }
  const { bundle } = opened
  about.session = opened.repro.session
  about.manifest = bundle.digest
  let memory: Promise<TreeContents> | undefined
  const contents = () => {
    memory ??= contentsOf(opened, ports)
    return memory
  }
  const places: (ProofPlacement | undefined)[] = []
  const signatures: TrustedSignature[] = []
  for (const [name, step] of SPECIFICATION) {
    const finding = await step(opened, ports, rules, contents).catch(asFinding)
    record(checks, name, finding)
    if (!finding.ok) return { found: conclude(about, checks, signatures, finding.mend ?? null), bundle }
    if (finding.place) places.push(finding.place)
    signatures.push(...(finding.signatures ?? []))
  }
  if (rules.exact && places.includes('same trees'))
    record(checks, 'exact', checkFailed('STALE', 'it was signed for another commit with the same trees'))
  const word = wordOf(opened.repro.verdict)
  const best = places.includes('same trees') ? (`${word}_SAME_TREES` as const) : word
  const unsigned = `${word}_UNSIGNED` as const
  const found = conclude(about, checks, signatures, null, signatures.length === 0 ? unsigned : best)
  return { found: word === 'PRESERVED' ? withAcceptance(found, isAccepted(opened.repro, rules)) : found, bundle }
}

function wordOf(verdict: Repro['verdict']): 'PROVED' | 'STABILIZED' | 'PRESERVED' {
  return verdict === 'STABILIZED' || verdict === 'PRESERVED' ? verdict : 'PROVED'
}

/** Says of a change without a red whether the verifier accepts it, and how to. */
function withAcceptance(found: Verification, accepted: boolean): Verification {
  if (!found.verdict.startsWith('PRESERVED') || accepted) return { ...found, accepted }
  const reason = `${found.reason}; the command does not fail without the change, and such proofs were not asked for`
  return { ...found, accepted, reason, mend: 'git pp verify --accept refactor accepts a change that keeps what works' }
}

/** The checks that all others need: a bundle, its files, and the records in them. */
async function open(
  bundleSource: BundleSource,
  commit: CommitFacts,
  attestations: ReadAttestations,
  ports: VerifierPorts,
  checks: Check[],
): Promise<ProofCase | null> {
  const step = async <T>(
    name: string,
    word: VerificationVerdict,
    detail: string,
    read: () => T | Promise<T>,
  ): Promise<T | null> => {
    try {
      const value = await read()
      record(checks, name, { ok: true, detail })
      return value
    } catch (error) {
      record(checks, name, asFinding(error, word))
      return null
    }
  }
  const raw = await step('bundle', 'MALFORMED', 'it can be read', () =>
    'line' in bundleSource ? openCanonicalBundleLine(bundleSource.line) : bundleSource,
  )
  if (!raw) return null
  const bundle = await step('files', 'TAMPERED', `${raw.manifest.length} files, each as the manifest says`, () =>
    checkedBundle(raw),
  )
  if (!bundle) return null
  return step('records', 'MALFORMED', 'repro.json, policy.json and environment.json can be read', async () => {
    environmentOf(bundle)
    const repro = readBundleJson(bundle, FILES.repro, Repro)
    if (repro.v !== bundle.v)
      throw new PpError('MALFORMED', `repro.json has format ${repro.v}, but its bundle has format ${bundle.v}`)
    return {
      commit,
      parentTree: await parentTreeOf(ports, commit.parents, commit.tree),
      bundle,
      repro,
      policy: policyOf(bundle),
      finalTree: repro.finalTree ?? repro.base.tree,
      ...attestations,
    }
  })
}

/** The lines of attestations that belong to a commit; read once for all bundles on it. */
export type ReadAttestations = Pick<ProofCase, 'attested' | 'malformed'>

export function readAttestations(lines: readonly string[]): ReadAttestations {
  const opened = lines.map(openEnvelope)
  return {
    attested: opened.flatMap((one) => (one.is === 'statement' ? [one] : [])),
    malformed: opened.filter(({ is }) => is === 'malformed').length,
  }
}

/** Turns an error about undecidable questions, or about bad objects or records, into a finding; throws any other error again. */
function asFinding(error: unknown, malformed: VerificationVerdict = 'TAMPERED'): CheckResult {
  if (!(error instanceof PpError)) throw error
  switch (error.code) {
    case 'OBJECT_MISSING':
      return checkFailed(
        'INCONCLUSIVE',
        error.message,
        'git fetch gets commits; git pp fetch gets everything that belongs to a proof',
      )
    case 'NEWER_FORMAT':
    case 'TREE_TOO_LARGE':
      return checkFailed('INCONCLUSIVE', error.message)
    case 'MALFORMED':
      return checkFailed(malformed, error.message)
    case 'POLICY_INVALID':
      return checkFailed('POLICY_MISMATCH', error.message)
    default:
      throw error
  }
}

function record(checks: Check[], check: string, finding: CheckResult): void {
  checks.push({ check, ok: finding.ok, word: finding.ok ? null : finding.word, detail: finding.detail })
}

function conclude(
  about: Pick<Verification, 'commit' | 'session' | 'manifest'>,
  checks: readonly Check[],
  signatures: readonly TrustedSignature[],
  mend: string | null,
  best: VerificationVerdict = 'PROVED_UNSIGNED',
): Verification {
  const failed = checks.find(({ ok }) => !ok)
  const verdict = failed?.word ?? best
  const reason = failed ? `${failed.check}: ${failed.detail}` : reasonOf(checks)
  return { schemaVersion: SCHEMA_VERSION, verdict, reason, mend, ...about, signatures, checks, cautions: [] }
}

function reasonOf(checks: readonly Check[]): string {
  const detail = (name: string) => checks.find(({ check }) => check === name)?.detail ?? ''
  return `${detail('runs')}; ${detail('signature')}`
}
