import { printPatch } from '../../core/patch/index.ts'
import type { Edits } from '../../model/change.ts'
import type { Oid } from '../../model/oid.ts'
import type { Refusal } from '../../model/proposal.ts'
import type { Session } from '../session/index.ts'
import type { VisibleFiles } from './visible-files.ts'

/** The tree that a proposal makes of the base, and the patch between them. */
export interface AppliedChange {
  readonly tree: Oid
  readonly patch: Uint8Array
}
type AppliedEdits = ({ ok: true } & AppliedChange) | { ok: false; refusal: Refusal }

/** Makes a strict patch, applies it with strict `git apply`, and compares the result with the contents that were wanted. */
export async function applyProposal(
  session: Pick<Session, 'base' | 'objects' | 'patches'>,
  wanted: Edits,
  files: VisibleFiles,
): Promise<AppliedEdits> {
  const no = (message: string, word = 'format'): AppliedEdits => ({ ok: false, refusal: wholeRefusal(word, message) })
  const modes = new Map((await session.objects.list(session.base.tree)).map(({ path, mode }) => [path, mode]))
  const edits: Edits = new Map(
    [...wanted].map(([path, edit]) => {
      const mode = modes.get(path)
      const kept = mode === '100755' || mode === '100644' ? mode : undefined
      return [path, edit && { bytes: edit.bytes, mode: edit.mode === '100755' ? '100755' : (kept ?? '100644') }]
    }),
  )
  const meant = await session.objects.edit(session.base.tree, edits)
  if (meant === session.base.tree) return no('the proposal changes nothing', 'no-change')
  const printed = printPatch(
    await Promise.all(
      [...edits].map(async ([path, edit]) => ({
        path,
        before: await files.bytes(path),
        after: edit?.bytes ?? null,
      })),
    ),
  )
  if (printed.ok) {
    const applied = await session.patches.apply(session.base.tree, printed.patch)
    if (!applied.ok) return no(`git refuses the patch: ${applied.reason}`)
    const contents = await session.objects.changes(applied.tree, meant)
    if (contents.some(({ before, after }) => before?.oid !== after?.oid))
      return no('git applied the patch, but the result is not the one that was meant')
  }
  return { ok: true, tree: meant, patch: await session.objects.patch(session.base.tree, meant) }
}

/** A refusal of a proposal as a whole, and not of one path. */
export function wholeRefusal(word: string, message: string): Refusal {
  return { rule: word, path: null, message, source: null }
}
