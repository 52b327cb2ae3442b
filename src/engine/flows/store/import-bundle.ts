import { encodeLine } from '../../core/bundle/index.ts'
import { FILES } from '../../core/bundle-layout/index.ts'
import { canonical } from '../../core/bytes/index.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { type Bundle, type IndexLine, indexVersion, type Repro } from '../../model/proof.ts'
import type { History, Notes, Objects, Patches, Refs } from '../../ports/repository.ts'
import { notesRef, refsOf, trailer } from '../refs/index.ts'
import { reproOf } from './find.ts'

/** What importing needs of a repository. */
export interface Keeper {
  readonly history: History
  readonly notes: Notes
  readonly objects: Objects
  readonly patches: Patches
  readonly refs: Refs
  readonly now: () => Date
}

/** Puts a foreign bundle into notes, on the commit it proves; that commit is made again from base and patch where it is not here. */
export async function keepBundle(keeper: Keeper, bundle: Bundle): Promise<{ session: string; commit: Oid }> {
  const repro = reproOf(bundle)
  const names = refsOf(repro.session)
  const known = await keeper.refs.list(`refs/pp/${repro.session}/`)
  const commit = known.get(names.final) ?? known.get(names.record) ?? (await carrier(keeper, bundle, repro))
  const patch = bundle.files.get(FILES.patch)
  const index: IndexLine = {
    v: indexVersion(repro.verdict),
    session: repro.session,
    verdict: repro.verdict,
    baseTree: repro.base.tree,
    finalTree: repro.finalTree,
    patchId: patch ? await keeper.patches.id(patch) : null,
    manifest: bundle.digest,
  }
  const local = repro.base.snapshot
  await keeper.notes.append(notesRef('bundles', local), commit, encodeLine(bundle))
  await keeper.notes.append(notesRef('index', local), commit, canonical(index))
  return { session: repro.session, commit }
}

async function carrier(keeper: Keeper, bundle: Bundle, repro: Repro): Promise<Oid> {
  const names = refsOf(repro.session)
  const keep = async (ref: string, commit: Oid) => {
    await keeper.refs.update([{ ref, to: commit, from: null }])
    return commit
  }
  const { proved } = repro
  if (proved && (await keeper.history.resolve(proved))) return keep(names.final, proved)
  const base = await keeper.history.resolve(repro.base.commit)
  if (!base)
    throw new PpError(
      'OBJECT_MISSING',
      `the base commit ${repro.base.commit} of this proof is not in this repository; fetch it first`,
    )
  if (repro.verdict === 'ALREADY_GREEN' && !repro.base.snapshot) return base
  const tree = repro.finalTree ? await finalTree(keeper, bundle, repro, repro.finalTree) : repro.base.tree
  const message = `git pp: imported proof, ${repro.verdict}\n\n${trailer(repro.session, bundle.digest)}\n`
  const commit = await keeper.history.write({ tree, parents: [base], message, at: keeper.now() })
  return keep(repro.finalTree ? names.final : names.record, commit)
}

async function finalTree(keeper: Keeper, bundle: Bundle, repro: Repro, wanted: Oid): Promise<Oid> {
  const patch = bundle.files.get(FILES.patch)
  if (!patch)
    throw new PpError(
      'OBJECT_MISSING',
      'this bundle holds no patch, and its final commit is not in this repository; fetch that first',
    )
  const applied = await keeper.patches.apply(repro.base.tree, patch)
  if (applied.ok && applied.tree === wanted) return wanted
  throw new PpError(
    'MALFORMED',
    `the patch of this bundle applied to its base does not make its final tree: ${applied.ok ? applied.tree : applied.reason}`,
  )
}
