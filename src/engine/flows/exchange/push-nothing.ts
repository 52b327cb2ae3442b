import { shellWord } from '../../model/command.ts'
import type { PushResult } from '../../model/options.ts'
import type { IndexLine } from '../../model/proof.ts'
import { PROVED_VERDICTS } from '../../model/verdict.ts'
import { notesRef, PP_HEAD } from '../refs/index.ts'
import { indexLines, newestProof, type ProofStore, proofsOn } from '../store/index.ts'

/**
 * Why there is nothing to push when no proof was named, and what to type instead. `uncommitted`: how many sessions are not
 * pushed because they started from uncommitted work.
 */
export async function nothingToPush(
  proofStore: ProofStore,
  remote: string,
  uncommitted: number,
): Promise<PushResult['nothing']> {
  const to = `git pp push ${shellWord(remote)}`
  const said = (reason: string, mend: string | null) => ({ reason: `nothing to push: ${reason}`, mend })
  const newest = await newestSession(proofStore)
  if (newest && !PROVED_VERDICTS.has(newest.verdict))
    return said(
      `the newest session, ${newest.session}, is ${newest.verdict}, which is not a proof`,
      `${to} ${newest.session} sends its record anyway; git pp log lists the proofs`,
    )
  if (uncommitted > 0)
    return said(
      `all sessions that ${remote} lacks started from uncommitted work`,
      `${to} --with-snapshot sends them, with this work`,
    )
  if (await anyProof(proofStore)) return said(`${remote} has all of these proofs`, null)
  return said('there is no proof in this repository', 'git pp prove "COMMAND" proves the commit that you are on')
}

/** The newest session of this work tree; null where there is none, or it cannot be read. */
async function newestSession(proofStore: ProofStore): Promise<Pick<IndexLine, 'session' | 'verdict'> | null> {
  const carrier = await proofStore.history.resolve(PP_HEAD)
  const found = carrier === null ? null : newestProof(await proofsOn(proofStore, carrier).catch(() => []))
  return found?.repro ?? null
}

async function anyProof(proofStore: ProofStore): Promise<boolean> {
  for (const local of [false, true])
    for await (const [, note] of proofStore.notes.each(notesRef('index', local)))
      if (indexLines(note).some(({ verdict }) => PROVED_VERDICTS.has(verdict))) return true
  return false
}
