import { readProofTrailer } from '../../core/attest/index.ts'
import type { CommitFacts } from '../../model/commit.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { SCHEMA_VERSION } from '../../model/session.ts'
import { statusOfVerification, VERIFICATION_VERDICTS, type Verification } from '../../model/verification.ts'
import { fetchedFrom } from '../refs/index.ts'
import { type BundleSource, type CheckedProof, checkBundle, checkProof, readAttestations } from './check-proof.ts'
import { rememberingVerifier } from './check-signatures.ts'
import { bundlesInOrder, MOST_BUNDLES } from './choose-bundles.ts'
import { parentTreeOf, shortId } from './commit-binding.ts'
import type { VerificationRules, VerifierPorts } from './proof-case.ts'
import { commitsWithSameTrees, noteLinesOn, notesOn } from './read-notes.ts'

/**
 * The best result for a commit: each bundle on it is checked by itself, so that a bad line does not spoil a good one. If
 * none holds, proofs of the same trees or the same patch are looked for on other commits. `session`: check only this one.
 */
export async function verifyCommit(
  ports: VerifierPorts,
  rules: VerificationRules,
  oid: Oid,
  session: string | null,
): Promise<CheckedProof> {
  const commit = await ports.objects.commit(oid).catch(absent)
  if (!commit)
    return without(oid, 'INCONCLUSIVE', `the commit ${shortId(oid)} is not in this repository`, 'git fetch gets it')
  const only = (all: readonly CheckedProof[]) =>
    all.filter(({ found }) => session === null || found.session === session)
  const here = only(await onCarrier(ports, rules, commit, oid, session))
  const best = bestOf(here)
  if (best && (statusOfVerification(best.found) === 0 || session !== null)) return best
  const elsewhere: CheckedProof[] = []
  for (const carrier of (await otherCarriers(ports, commit)).slice(0, MOST_BUNDLES))
    elsewhere.push(...(await onCarrier(ports, rules, commit, carrier, session)).filter(isHint))
  return bestOf([...here, ...elsewhere]) ?? missing(ports, commit)
}

/** A bundle on another commit says something about this one only if it proves the same change. */
function isHint({ found }: CheckedProof): boolean {
  return found.verdict !== 'WRONG_COMMIT' && found.verdict !== 'MALFORMED'
}

/**
 * Checks the bundles that are noted on `carrier` as proofs of `commit`, the most promising first, until one holds.
 */
async function onCarrier(
  ports: VerifierPorts,
  rules: VerificationRules,
  commit: CommitFacts,
  carrier: Oid,
  session: string | null,
): Promise<CheckedProof[]> {
  try {
    const notesReader = await notesOn(ports, 'bundles', carrier)
    if (notesReader.flat().length === 0) return []
    const carriers = carrier === commit.oid ? [carrier] : [commit.oid, carrier]
    const envelopes = (await Promise.all(carriers.map((one) => envelopesOn(ports, one)))).flat()
    const attestations = readAttestations([...new Set(envelopes)])
    const desk = { ...ports, verifiers: ports.verifiers.map(rememberingVerifier) }
    const judged: CheckedProof[] = []
    for await (const { line, signed } of bundlesInOrder(notesReader, attestations, desk.verifiers, session)) {
      const one = await checkBundle({ line }, commit, attestations, desk, rules)
      judged.push(one)
      if (judged.length === MOST_BUNDLES || isSettled(one, signed, session)) break
    }
    const caution = notLookedAt(notesReader.flat().length, judged.length)
    return caution === null ? judged : judged.map((one) => cautioned(one, caution))
  } catch (error) {
    if (error instanceof PpError && error.code === 'MALFORMED') return [without(commit.oid, 'MALFORMED', error.message)]
    throw error
  }
}

/** Whether no other bundle can be better. One that a trusted key signed may still miss the others that were asked for. */
function isSettled({ found }: CheckedProof, signed: boolean, session: string | null): boolean {
  if (session !== null && found.session !== session) return false
  return found.verdict === 'PROVED' || (!signed && found.verdict === 'PROVED_UNSIGNED')
}

/** What is said about bundles that were left out; null: none were. */
function notLookedAt(all: number, checked: number): string | null {
  if (all === checked) return null
  const why = checked === MOST_BUNDLES ? `at most ${MOST_BUNDLES} are` : 'one that holds was found before'
  return `${all - checked} of ${all} bundles on this commit were not checked, because ${why}; those that a trusted key signed come first, then your own and the newest`
}

function cautioned({ found, bundle }: CheckedProof, caution: string): CheckedProof {
  return { bundle, found: { ...found, cautions: [...found.cautions, caution] } }
}

/** A note of attestations that is too large counts like one line that cannot be read. */
async function envelopesOn(ports: VerifierPorts, carrier: Oid): Promise<readonly string[]> {
  return noteLinesOn(ports, 'attestations', carrier).catch((error: unknown) => {
    if (error instanceof PpError && error.code === 'MALFORMED') return ['']
    throw error
  })
}

async function otherCarriers(ports: VerifierPorts, commit: CommitFacts): Promise<Oid[]> {
  const parentTree = await parentTreeOf(ports, commit.parents, commit.tree).catch(unknown)
  if (parentTree === null) return []
  const patch = await ports.patch(parentTree, commit.tree).catch(unknown)
  const patchId = patch && (await ports.patches.id(patch))
  const session = readProofTrailer(commit.message)[0]?.session ?? null
  const carriers = await commitsWithSameTrees(ports, { trees: [parentTree, commit.tree], patchId, session })
  return carriers.filter((carrier) => carrier !== commit.oid)
}

/** Checks a bundle from a directory as the proof of `commit`. */
export async function verifyBundle(
  ports: VerifierPorts,
  rules: VerificationRules,
  bundleSource: BundleSource,
  oid: Oid,
  envelopes: readonly string[],
): Promise<CheckedProof> {
  const commit = await ports.objects.commit(oid).catch(absent)
  if (!commit)
    return without(oid, 'INCONCLUSIVE', `the commit ${shortId(oid)} is not in this repository`, 'git fetch gets it')
  return checkProof(bundleSource, commit, envelopes, ports, rules)
}

/** The best of several results; of equal ones the first. It reports what was skipped in favour of it. */
function bestOf(all: readonly CheckedProof[]): CheckedProof | null {
  const rank = ({ found }: CheckedProof) => VERIFICATION_VERDICTS.indexOf(found.verdict)
  const [best, ...others] = [...all].sort((a, b) => rank(a) - rank(b))
  if (!best) return null
  const left = others.map(
    ({ found: { verdict, session, reason } }) => `another bundle (${session ?? 'unreadable'}): ${verdict}: ${reason}`,
  )
  return { ...best, found: { ...best.found, cautions: [...best.found.cautions, ...left] } }
}

/** Our own index, and that of snapshots. */
const INDEX = /^refs\/notes\/pp(?:-local)?\/index$/

async function missing({ refs }: VerifierPorts, commit: CommitFacts): Promise<CheckedProof> {
  const [first] = readProofTrailer(commit.message)
  const fetched = (await fetchedFrom(refs)).join(', ')
  const fetch = fetched === '' ? 'git pp fetch gets the proofs of a remote' : null
  const prove = `git pp prove ${shortId(commit.oid)}`
  const none = (reason: string, mend: string) => without(commit.oid, 'MISSING', reason, mend)
  if (first) {
    const nor = fetch === null ? ` and was not fetched from ${fetched} either` : ''
    const mend = fetch ?? `its author can send it with git pp push ${first.session}; or make one here: ${prove}`
    return none(`the commit names a proof of session ${first.session}, which is not in this repository${nor}`, mend)
  }
  const any = fetch === null || [...(await refs.list('refs/')).keys()].some((ref) => INDEX.test(ref))
  const here = fetch === null ? `of this repository or of ${fetched}` : 'of this repository'
  const where = any ? `none of the proofs ${here} is for this change` : 'this repository has no proofs at all'
  return none(
    `there is no proof for the commit ${shortId(commit.oid)}; ${where}`,
    any || fetch === null ? prove : fetch,
  )
}

function without(
  commit: Oid,
  verdict: Verification['verdict'],
  reason: string,
  mend: string | null = null,
): CheckedProof {
  const nothing = { session: null, manifest: null, signatures: [], checks: [], cautions: [] }
  return { found: { schemaVersion: SCHEMA_VERSION, verdict, reason, mend, commit, ...nothing }, bundle: null }
}

function absent(error: unknown): null {
  if (error instanceof PpError && error.code === 'OBJECT_MISSING') return null
  throw error
}

/** A proof that cannot be read gives no hint; the checks say what is wrong with it. */
function unknown(error: unknown): null {
  if (error instanceof PpError && ['MALFORMED', 'UNSUPPORTED_REPOSITORY'].includes(error.code)) return null
  return absent(error)
}
