import { readProofTrailer } from '../../core/attest/index.ts'
import type { CommitFacts } from '../../model/commit.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { SCHEMA_VERSION } from '../../model/session.ts'
import { STATUS_OF_WORD, VERIFICATION_VERDICTS, type Verification } from '../../model/verification.ts'
import { fetchedFrom } from '../refs/index.ts'
import { type BundleSource, type CheckedProof, checkProof } from './check-proof.ts'
import { parentTreeOf, shortId } from './commit-binding.ts'
import type { VerificationRules, VerifierPorts } from './proof-case.ts'
import { commitsWithSameTrees, noteLinesOn, notesOn } from './read-notes.ts'

/**
 * The best that can be said of a commit: every bundle that hangs on it is checked by itself, and so no bad line lowers an
 * honest one. Where none holds, proofs of the same trees or the same patch are looked for elsewhere. `session`: only that one.
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
  const here = only(await onCarrier(ports, rules, commit, oid))
  const best = bestOf(here)
  if (best && (STATUS_OF_WORD[best.found.verdict] === 0 || session !== null)) return best
  const elsewhere: CheckedProof[] = []
  for (const carrier of await otherCarriers(ports, commit))
    elsewhere.push(...(await onCarrier(ports, rules, commit, carrier)).filter(isHint))
  return bestOf([...here, ...elsewhere]) ?? missing(ports, commit)
}

/** A bundle that hangs elsewhere says something about this commit only where it is of the same change. */
function isHint({ found }: CheckedProof): boolean {
  return found.verdict !== 'WRONG_COMMIT' && found.verdict !== 'MALFORMED'
}

/** All bundles that hang on `carrier`, each checked as the proof of `commit`: ours before those of remotes, and of these the newest first. */
async function onCarrier(
  ports: VerifierPorts,
  rules: VerificationRules,
  commit: CommitFacts,
  carrier: Oid,
): Promise<CheckedProof[]> {
  try {
    const notesReader = await notesOn(ports, 'bundles', carrier)
    if (notesReader.flat().length === 0) return []
    const carriers = carrier === commit.oid ? [carrier] : [commit.oid, carrier]
    const envelopes = (await Promise.all(carriers.map((one) => envelopesOn(ports, one)))).flat()
    const judged: CheckedProof[] = []
    for (const lines of notesReader) {
      const found: CheckedProof[] = []
      for (const line of lines) found.push(await checkProof({ line }, commit, [...new Set(envelopes)], ports, rules))
      judged.push(...found.sort(newestFirst))
    }
    return judged
  } catch (error) {
    if (error instanceof PpError && error.code === 'MALFORMED') return [without(commit.oid, 'MALFORMED', error.message)]
    throw error
  }
}

/** Sessions sort by time; what names none comes last. */
function newestFirst({ found: a }: CheckedProof, { found: b }: CheckedProof): number {
  const [one, other] = [a.session ?? '', b.session ?? '']
  return one === other ? 0 : one < other ? 1 : -1
}

/** A note of attestations that is too large says no more than one line that cannot be read. */
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

/** A bundle out of a directory, checked as the proof of `commit`. */
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

/** Of several the best; of equals the first. What was left out for it is told. */
function bestOf(all: readonly CheckedProof[]): CheckedProof | null {
  const rank = ({ found }: CheckedProof) => VERIFICATION_VERDICTS.indexOf(found.verdict)
  const [best, ...others] = [...all].sort((a, b) => rank(a) - rank(b))
  if (!best) return null
  const left = others.map(
    ({ found: { verdict, session, reason } }) => `another bundle (${session ?? 'unreadable'}): ${verdict}: ${reason}`,
  )
  return { ...best, found: { ...best.found, cautions: [...best.found.cautions, ...left] } }
}

/** Ours, and those of snapshots. */
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

/** What cannot be read gives no hint; the checks say what is wrong with it. */
function unknown(error: unknown): null {
  if (error instanceof PpError && ['MALFORMED', 'UNSUPPORTED_REPOSITORY'].includes(error.code)) return null
  return absent(error)
}
