import { PpError } from '../model/error.ts'
import type { Oid } from '../model/oid.ts'
import type { Caller, LocalProofFacts, VerifyOptions } from '../model/options.ts'
import type { Verification } from '../model/verification.ts'
import { reportHtml, reportMarkdown } from '../report/index.ts'
import { type OpenRepository, withRepository } from '../wiring/index.ts'
import { proofViewOf } from './locate-proof.ts'
import { verifyAll } from './verify.ts'

export type ReportFormat = 'markdown' | 'html'

const FORMATS = { markdown: reportMarkdown, html: reportHtml } as const

/**
 * A report of one proof for readers elsewhere, with what a verifier finds here. `trust`: the keys to trust; without them,
 * git's own configuration.
 */
export function report(
  caller: Caller,
  proof: string | null,
  options: { readonly format: ReportFormat; readonly trust: VerifyOptions },
): Promise<string> {
  return withRepository(caller, async (openRepo) => {
    const view = await proofViewOf(caller, openRepo, proof)
    const named = view.commit === null ? proof : view.session
    const found = await verified(caller, openRepo, { ...options.trust, proofs: named === null ? [] : [named] })
    return FORMATS[options.format](view, found, await hereOf(openRepo, view.commit))
  })
}

async function hereOf({ repository }: OpenRepository, oid: Oid | null): Promise<LocalProofFacts> {
  const { names } = repository.remotes
  const remote = names.includes('origin') ? 'origin' : (names[0] ?? null)
  try {
    return { remote, commit: oid === null ? null : await repository.history.commit(oid) }
  } catch (error) {
    if (error instanceof PpError && error.code === 'OBJECT_MISSING') return { remote, commit: null }
    throw error
  }
}

/** Null if the proof cannot be verified here: it comes from a directory of another repository. */
async function verified(
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
