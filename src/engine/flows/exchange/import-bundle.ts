import { encodeBundleLine } from '../../core/bundle/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import { canonicalJson } from '../../core/bytes/index.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { type Bundle, type IndexLine, indexVersion, type Repro } from '../../model/proof.ts'
import type { CommitHistory, Notes, Objects, Patches, Refs } from '../../ports/repository.ts'
import { notesRef, refsOf, trailer } from '../refs/index.ts'
import { reproOf } from '../store/index.ts'

/** The parts of a repository that an import needs. */
export interface ImportTools {
  readonly history: CommitHistory
  readonly notes: Notes
  readonly objects: Objects
  readonly patches: Patches
  readonly refs: Pick<Refs, 'list'>
  readonly now: () => Date
}

/**
 * Writes a foreign bundle into notes, on the commit that it proves. If that commit is not here, it is made again from base
 * and patch.
 */
export async function importForeignBundle(
  importTools: ImportTools,
  bundle: Bundle,
): Promise<{ session: string; commit: Oid }> {
  const repro = reproOf(bundle)
  const names = refsOf(repro.session)
  const known = await importTools.refs.list(`refs/pp/${repro.session}/`)
  const there = known.get(names.final) ?? known.get(names.record)
  const { commit, ref } = there ? { commit: there, ref: null } : await carrier(importTools, bundle, repro)
  const patch = bundle.files.get(FILES.patch)
  const index: IndexLine = {
    v: indexVersion(repro.verdict),
    session: repro.session,
    verdict: repro.verdict,
    baseTree: repro.base.tree,
    finalTree: repro.finalTree,
    patchId: patch ? await importTools.patches.id(patch) : null,
    manifest: bundle.digest,
  }
  const local = repro.base.snapshot
  await importTools.notes.publish(
    [
      { ref: notesRef('bundles', local), commit, line: encodeBundleLine(bundle) },
      { ref: notesRef('index', local), commit, line: canonicalJson(index) },
    ],
    ref === null ? [] : [{ ref, to: commit, from: null }],
  )
  return { session: repro.session, commit }
}

/** The commit that gets the notes, and the ref that will hold it; null: it needs none. */
async function carrier(
  importTools: ImportTools,
  bundle: Bundle,
  repro: Repro,
): Promise<{ readonly commit: Oid; readonly ref: string | null }> {
  const names = refsOf(repro.session)
  const { proved } = repro
  if (proved && (await importTools.history.resolve(proved))) return { commit: proved, ref: names.final }
  const base = await importTools.history.resolve(repro.base.commit)
  if (!base)
    throw new PpError(
      'OBJECT_MISSING',
      `the base commit ${repro.base.commit} of this proof is not in this repository; fetch it first`,
    )
  if (repro.verdict === 'ALREADY_GREEN' && !repro.base.snapshot) return { commit: base, ref: null }
  const tree = repro.finalTree ? await finalTree(importTools, bundle, repro, repro.finalTree) : repro.base.tree
  const message = `git pp: imported proof, ${repro.verdict}\n\n${trailer(repro.session, bundle.digest)}\n`
  const commit = await importTools.history.write({ tree, parents: [base], message, at: importTools.now() })
  return { commit, ref: repro.finalTree ? names.final : names.record }
}

async function finalTree(importTools: ImportTools, bundle: Bundle, repro: Repro, wanted: Oid): Promise<Oid> {
  const patch = bundle.files.get(FILES.patch)
  if (!patch)
    throw new PpError(
      'OBJECT_MISSING',
      'this bundle holds no patch, and its final commit is not in this repository; fetch that first',
    )
  const applied = await importTools.patches.apply(repro.base.tree, patch)
  if (applied.ok && applied.tree === wanted) return wanted
  throw new PpError(
    'MALFORMED',
    `the patch of this bundle applied to its base does not make its final tree: ${applied.ok ? applied.tree : applied.reason}`,
  )
}
