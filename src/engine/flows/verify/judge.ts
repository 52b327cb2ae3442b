import { environmentOf, openEnvelope, policyOf } from '../../core/attest/index.ts'
import { checked, json, openCanonicalLine } from '../../core/bundle/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import type { CommitFacts } from '../../model/commit.ts'
import { PpError } from '../../model/error.ts'
import { type Bundle, type OpenedBundle, Repro } from '../../model/proof.ts'
import { SCHEMA_VERSION } from '../../model/session.ts'
import type { Check, TrustedSignature, Verification, Word } from '../../model/verification.ts'
import { belongsToTheCommit, claimsAProof, parentTreeOf } from './binding.ts'
import {
  type Attested,
  type Case,
  type Contents,
  type Desk,
  type Finding,
  fails,
  type Place,
  type Rules,
} from './case.ts'
import {
  contentsOf,
  passesTheGate,
  patchIsTheChange,
  policyAllows,
  policyIsTheBases,
  ranOftenEnough,
} from './content.ts'
import { notTooOld, signedByTheTrusted } from './signature.ts'

type Step = (it: Case, desk: Desk, rules: Rules, contents: () => Promise<Contents>) => Promise<Finding>

const onContents =
  (check: (it: Case, contents: Contents, desk: Desk, rules: Rules) => Promise<Finding>): Step =>
  async (it, desk, rules, contents) =>
    check(it, await contents(), desk, rules)

/** What a bundle has to stand, in this order, once it could be read; the first that fails gives the word. */
const SPECIFICATION: readonly (readonly [name: string, step: Step])[] = [
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

/** A bundle as it was found: a line of a note, or a directory that was read already. */
export type Exhibit = { readonly line: string } | OpenedBundle

/** What was found, and the bundle that it was found of: the one to act upon. */
export interface Judged {
  readonly found: Verification
  readonly bundle: Bundle | null
}

/** Judges one bundle as the proof of one commit. */
export async function judge(
  exhibit: Exhibit,
  commit: CommitFacts,
  envelopes: readonly string[],
  desk: Desk,
  rules: Rules,
): Promise<Judged> {
  const checks: Check[] = []
  const about = { commit: commit.oid, session: null as string | null, manifest: null as string | null }
  const opened = await open(exhibit, commit, envelopes, desk, checks)
  if (!opened) return { found: conclude(about, checks, [], null), bundle: null }
  const { bundle } = opened
  about.session = opened.repro.session
  about.manifest = bundle.digest
  let memory: Promise<Contents> | undefined
  const contents = () => {
    memory ??= contentsOf(opened, desk)
    return memory
  }
  const places: (Place | undefined)[] = []
  const signatures: TrustedSignature[] = []
  for (const [name, step] of SPECIFICATION) {
    const finding = await step(opened, desk, rules, contents).catch(asFinding)
    record(checks, name, finding)
    if (!finding.ok) return { found: conclude(about, checks, signatures, finding.mend ?? null), bundle }
    if (finding.place) places.push(finding.place)
    signatures.push(...(finding.signatures ?? []))
  }
  if (rules.exact && places.includes('same trees'))
    record(checks, 'exact', fails('STALE', 'it was signed for another commit with the same trees'))
  const word = opened.repro.verdict === 'STABILIZED' ? 'STABILIZED' : 'PROVED'
  const best = places.includes('same trees') ? (`${word}_SAME_TREES` as const) : word
  const unsigned = `${word}_UNSIGNED` as const
  return { found: conclude(about, checks, signatures, null, signatures.length === 0 ? unsigned : best), bundle }
}

/** The checks without which there is nothing to judge: a bundle, its files, the records in it. */
async function open(
  exhibit: Exhibit,
  commit: CommitFacts,
  envelopes: readonly string[],
  desk: Desk,
  checks: Check[],
): Promise<Case | null> {
  const step = async <T>(name: string, word: Word, detail: string, read: () => T | Promise<T>): Promise<T | null> => {
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
    'line' in exhibit ? openCanonicalLine(exhibit.line) : exhibit,
  )
  if (!raw) return null
  const bundle = await step('files', 'TAMPERED', `${raw.manifest.length} files, each as the manifest says`, () =>
    checked(raw),
  )
  if (!bundle) return null
  return step('records', 'MALFORMED', 'repro.json, policy.json and environment.json can be read', async () => {
    environmentOf(bundle)
    const repro = json(bundle, FILES.repro, Repro)
    if (repro.v !== bundle.v)
      throw new PpError('MALFORMED', `repro.json has format ${repro.v}, but its bundle has format ${bundle.v}`)
    return {
      commit,
      parentTree: await parentTreeOf(desk, commit.parents, commit.tree),
      bundle,
      repro,
      policy: policyOf(bundle),
      finalTree: repro.finalTree ?? repro.base.tree,
      ...attestedIn(envelopes),
    }
  })
}

function attestedIn(lines: readonly string[]): { attested: Attested[]; malformed: number } {
  const opened = lines.map(openEnvelope)
  return {
    attested: opened.flatMap((one) => (one.is === 'statement' ? [one] : [])),
    malformed: opened.filter(({ is }) => is === 'malformed').length,
  }
}

/** What could not be decided, and objects or records that are not what they should be, as a finding; faults go on. */
function asFinding(error: unknown, malformed: Word = 'TAMPERED'): Finding {
  if (!(error instanceof PpError)) throw error
  switch (error.code) {
    case 'OBJECT_MISSING':
      return fails(
        'INCONCLUSIVE',
        error.message,
        'git fetch gets commits; git pp fetch gets everything that belongs to a proof',
      )
    case 'NEWER_FORMAT':
    case 'TREE_TOO_LARGE':
      return fails('INCONCLUSIVE', error.message)
    case 'MALFORMED':
      return fails(malformed, error.message)
    case 'POLICY_INVALID':
      return fails('POLICY_MISMATCH', error.message)
    default:
      throw error
  }
}

function record(checks: Check[], check: string, finding: Finding): void {
  checks.push({ check, ok: finding.ok, word: finding.ok ? null : finding.word, detail: finding.detail })
}

function conclude(
  about: Pick<Verification, 'commit' | 'session' | 'manifest'>,
  checks: readonly Check[],
  signatures: readonly TrustedSignature[],
  mend: string | null,
  best: Word = 'PROVED_UNSIGNED',
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
