import { rangeIn } from '../flows/base/index.ts'
import { PpError } from '../model/error.ts'
import type { GateLine } from '../model/gate.ts'
import type { Caller, VerifyOptions } from '../model/options.ts'
import type { LocalProofFacts, ProofView } from '../model/proof-view.ts'
import type { ReportFormat } from '../model/report-format.ts'
import type { Verification } from '../model/verification.ts'
import { REPORT_WRITERS, type ReportedProof } from '../report/index.ts'
import { type OpenRepository, withRepository } from '../wiring/index.ts'
import { storeOf } from './gate/gate.ts'
import { proofViewOf } from './locate-proof.ts'
import { verifyAll } from './verify.ts'

/**
 * A report for readers elsewhere, with what a verifier finds here. `proofs`: commits, sessions or bundle directories, for formats
 * that programs read also ranges; none: the newest session, or HEAD. `trust`: the keys to trust; without them, git's own
 * configuration.
 */
export function report(
  caller: Caller,
  proofs: readonly string[],
  { format, trust }: { readonly format: ReportFormat; readonly trust: VerifyOptions },
): Promise<string> {
  const writer = REPORT_WRITERS[format]
  const words = proofs.length === 0 ? [null] : proofs
  return withRepository(caller, async (openRepo) => {
    if (writer.takes === 'many') {
      const all: ReportedProof[] = []
      for (const word of words) all.push(...(await reported(caller, openRepo, word, trust)))
      return writer.write(all, caller.version)
    }
    const [word = null, second] = words
    if (second !== undefined) throw new PpError('USAGE', `a report as ${format} is about one proof; name only one`)
    const { view, verified } = await one(caller, openRepo, word, trust)
    return writer.write(view, verified, await hereOf(caller, openRepo, view))
  })
}

/** What a word refers to: one proof, or each commit of a range, parents first. */
async function reported(
  caller: Caller,
  openRepo: OpenRepository,
  word: string | null,
  trust: VerifyOptions,
): Promise<readonly ReportedProof[]> {
  if (word === null || rangeIn(word) === null) return [await one(caller, openRepo, word, trust)]
  const checked = await verifyAll(caller, openRepo, { ...trust, proofs: [word] })
  const all: ReportedProof[] = []
  for (const { found } of checked)
    all.push({ commit: found.commit, verified: found, view: await readable(caller, openRepo, found.session) })
  return all
}

async function one(caller: Caller, openRepo: OpenRepository, word: string | null, trust: VerifyOptions) {
  const view = await proofViewOf(caller, openRepo, word)
  const named = view.commit === null ? word : view.session
  const verified = await verifiedHere(caller, openRepo, { ...trust, proofs: named === null ? [] : [named] })
  return { commit: view.commit, view, verified }
}

/** Null for a commit without a proof, and for a proof of which the verifier says why it cannot be read. */
async function readable(caller: Caller, openRepo: OpenRepository, session: string | null): Promise<ProofView | null> {
  if (session === null) return null
  try {
    return await proofViewOf(caller, openRepo, session)
  } catch (error) {
    if (error instanceof PpError && ['NO_PROOF', 'MALFORMED', 'NEWER_FORMAT'].includes(error.code)) return null
    throw error
  }
}

async function hereOf(
  caller: Caller,
  openRepo: OpenRepository,
  { commit: oid, session }: ProofView,
): Promise<LocalProofFacts> {
  const { repository } = openRepo
  const { names } = repository.remotes
  const remote = names.includes('origin') ? 'origin' : (names[0] ?? null)
  const gate = await gateStoryOf(caller, openRepo, session)
  try {
    return { remote, gate, commit: oid === null ? null : await repository.history.commit(oid) }
  } catch (error) {
    if (error instanceof PpError && error.code === 'OBJECT_MISSING') return { remote, gate, commit: null }
    throw error
  }
}

/** The calls of the agent's session at whose end this proof was made, up to it; [] for a proof that no gate made. */
async function gateStoryOf(caller: Caller, openRepo: OpenRepository, proof: string): Promise<readonly GateLine[]> {
  const lines = await storeOf(caller, openRepo).lines()
  const last = lines.findLastIndex((line) => line.proof === proof)
  const end = lines[last]
  return end === undefined ? [] : lines.slice(0, last + 1).filter(({ session }) => session === end.session)
}

/** Null if the proof cannot be verified here: it comes from a directory of another repository. */
async function verifiedHere(
  caller: Caller,
  openRepo: OpenRepository,
  options: VerifyOptions,
): Promise<Verification | null> {
  try {
    return (await verifyAll(caller, openRepo, options))[0]?.found ?? null
  } catch (error) {
    if (error instanceof PpError && error.code === 'NO_PROOF') return null
    throw error
  }
}
