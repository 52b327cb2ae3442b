import { shellWord } from '../../model/command.ts'
import type { Pushed } from '../../model/options.ts'
import type { IndexLine } from '../../model/proof.ts'
import { HOLDS } from '../../model/verdict.ts'
import { notesRef, PP_HEAD } from '../refs/index.ts'
import { indexLines, newestOf, proofsOn, type Shelf } from '../store/index.ts'

/** Why there is nothing to send where no proof was named, and what to type instead. `uncommitted`: sessions that stay for that. */
export async function nothingToPush(shelf: Shelf, remote: string, uncommitted: number): Promise<Pushed['nothing']> {
  const to = `git pp push ${shellWord(remote)}`
  const said = (reason: string, mend: string | null) => ({ reason: `nothing to push: ${reason}`, mend })
  const newest = await newestSession(shelf)
  if (newest && !HOLDS.has(newest.verdict))
    return said(
      `the newest session, ${newest.session}, is ${newest.verdict}, which is not a proof`,
      `${to} ${newest.session} sends its record anyway; git pp log lists the proofs`,
    )
  if (uncommitted > 0)
    return said(
      `all sessions that ${remote} lacks started from uncommitted work`,
      `${to} --with-snapshot sends them, with this work`,
    )
  if (await anyProof(shelf)) return said(`${remote} has all of these proofs`, null)
  return said('there is no proof in this repository', 'git pp prove "COMMAND" proves the commit that you are on')
}

/** The newest session of this work tree; null where there is none, or it cannot be read. */
async function newestSession(shelf: Shelf): Promise<Pick<IndexLine, 'session' | 'verdict'> | null> {
  const carrier = await shelf.history.resolve(PP_HEAD)
  const found = carrier === null ? null : newestOf(await proofsOn(shelf, carrier).catch(() => []))
  return found?.repro ?? null
}

async function anyProof(shelf: Shelf): Promise<boolean> {
  for (const local of [false, true])
    for await (const [, note] of shelf.notes.each(notesRef('index', local)))
      if (indexLines(note).some(({ verdict }) => HOLDS.has(verdict))) return true
  return false
}
