import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import type { ApplyResult } from '../../model/options.ts'
import { PROVED_VERDICTS } from '../../model/verdict.ts'
import type { Objects, Patches, Snapshot, Snapshots } from '../../ports/repository.ts'
import type { CheckoutObstacle, UserCheckout, UserCommitSettings } from '../../ports/user-checkout.ts'
import { TRAILER } from '../refs/index.ts'
import { finalTreeOf } from '../replay/index.ts'
import type { FoundProof, ProofStore } from '../store/index.ts'

export interface ApplyTools {
  readonly proofStore: ProofStore
  readonly objects: Objects
  readonly patches: Patches
  readonly snapshots: Snapshots
  readonly userCheckout: UserCheckout
  readonly now: () => Date
  /** Throws unless this proof may be trusted to change the user's files. */
  readonly vouch: (found: FoundProof) => Promise<void>
}

/** How the change of a proof is applied to the current files. */
interface ApplyPlan {
  readonly now: Snapshot
  readonly head: Oid
  /** The current files with the change applied. */
  readonly tree: Oid
}

/**
 * Applies the proved change to the user's files and index, or with `commit` to their branch. If a file has work that the
 * proof did not start from, nothing at all is written. Throws NO_PROOF, OBJECT_MISSING and what `vouch` throws.
 */
export async function applyFlow(tools: ApplyTools, found: FoundProof, commit: boolean): Promise<ApplyResult> {
  const { repro } = found
  if (!PROVED_VERDICTS.has(repro.verdict))
    throw new PpError('NO_PROOF', `session ${repro.session} ended with ${repro.verdict}: no change was proved`, {
      mend: 'git pp log lists the sessions that proved a change; then type git pp apply SESSION',
    })
  await tools.vouch(found)
  const final = await finalTreeOf({ ...tools, base: repro.base }, found)
  if (!final) throw new PpError('NO_PROOF', `session ${repro.session} changed nothing`)
  const told = { applied: true, session: repro.session, commit: null, files: [], inTheWay: [], warnings: [] }
  const planned = await plan(tools, repro.base.tree, final, commit)
  if ('inTheWay' in planned) return { ...told, applied: false, ...planned }
  const { now, head, tree } = planned
  const files = (await tools.objects.changes(now.tree, tree)).map(({ path }) => path)
  const landed = commit ? await committed(tools, found, planned) : null
  if (landed === head || (files.length === 0 && !landed)) return { ...told, reason: 'the change is already applied' }
  await tools.userCheckout.write(now.tree, tree)
  if (landed) await tools.userCheckout.advance(head, landed, repro.session)
  const count = files.length === 1 ? '1 file' : `${files.length} files`
  const where = landed ? `committed as ${landed.slice(0, 12)}` : 'changed in files and index'
  const warnings = landed ? leftOut(await tools.userCheckout.rules()) : []
  return { ...told, commit: landed, files, warnings, reason: `${count} ${where}` }
}

/**
 * A commit that git pp writes never asks for a key and runs no hook: the warnings say what `git commit` would have done as
 * well.
 */
function leftOut({ signs, hooks }: UserCommitSettings): string[] {
  const missing = [
    ...(signs ? ['the commit is not signed, although commit.gpgSign is set'] : []),
    ...(hooks.length > 0 ? [`the hooks ${hooks.join(', ')} did not run`] : []),
  ]
  if (missing.length === 0) return []
  const does = [...(signs ? ['signs it'] : []), ...(hooks.length > 0 ? ['runs the hooks'] : [])].join(' and ')
  return [`${missing.join('; ')}: git commit --amend --no-edit${signs ? ' -S' : ''} ${does}`]
}

async function plan(
  { proofStore, objects, patches, snapshots, userCheckout, now }: ApplyTools,
  base: Oid,
  final: Oid,
  commit: boolean,
): Promise<ApplyPlan | Pick<ApplyResult, 'inTheWay' | 'reason'>> {
  const touched = new Set((await objects.changes(base, final)).map(({ path }) => path))
  const snapshot = await snapshots.take((path) => (touched.has(path) ? null : 'not touched'), now())
  const head = (await proofStore.history.resolve('HEAD')) ?? ''
  const pathsOf = async (from: Oid, to: Oid) => new Set((await objects.changes(from, to)).map(({ path }) => path))
  const committed = (await proofStore.history.commit(head)).tree
  const dirty = await pathsOf(committed, snapshot.tree)
  const unlikeFinal = await pathsOf(final, snapshot.tree)
  // With `commit`, the only uncommitted work that a touched file may have is the change itself.
  const unlikeBase = await pathsOf(base, commit ? committed : snapshot.tree)
  const isOwn = (path: string) =>
    commit ? unlikeBase.has(path) || unlikeFinal.has(path) : unlikeBase.has(path) && unlikeFinal.has(path)
  const unsaved = [...touched].filter((path) => dirty.has(path) && isOwn(path))
  const obstacles = [
    ...snapshot.leftOut.filter(({ path }) => touched.has(path)),
    ...unsaved.map((path) => ({
      path,
      why: commit ? 'it has uncommitted work; commit that first' : 'it has uncommitted work',
    })),
  ]
  if (obstacles.length > 0) return blocked(obstacles)
  if ([...touched].every((path) => !unlikeFinal.has(path))) return { now: snapshot, head, tree: snapshot.tree }
  const applied = await patches.apply(snapshot.tree, await objects.patch(base, final))
  if (!applied.ok) return { inTheWay: [], reason: `the change does not apply to your files: ${applied.reason}` }
  const inTheWay = await userCheckout.obstacles(snapshot.tree, applied.tree)
  return inTheWay.length > 0 ? blocked(inTheWay) : { now: snapshot, head, tree: applied.tree }
}

function blocked(inTheWay: readonly CheckoutObstacle[]): Pick<ApplyResult, 'inTheWay' | 'reason'> {
  const [first] = inTheWay
  const more = inTheWay.length > 1 ? ` and ${inTheWay.length - 1} more` : ''
  return { inTheWay, reason: `nothing was changed because of ${first?.path}${more} (${first?.why})` }
}

/**
 * The proved commit if HEAD contains it or it fits on HEAD; else a new commit with the same message, without the trailer,
 * which is true of the proved commit only.
 */
async function committed({ proofStore, now }: ApplyTools, found: FoundProof, { head, tree }: ApplyPlan): Promise<Oid> {
  const { history } = proofStore
  const proved = found.commit && (await history.resolve(found.commit))
  const facts = proved ? await history.commit(proved) : null
  if (proved && (await history.mergeBase(proved, head)) === proved) return head
  if (facts?.parents[0] === head && facts.tree === tree) return facts.oid
  if ((await history.commit(head)).tree === tree) return head
  const message = (facts?.message ?? `Apply session ${found.repro.session}\n`)
    .replace(new RegExp(`^${TRAILER}: .*\\n?`, 'gm'), '')
    .trimEnd()
  return history.write({ tree, parents: [head], message: `${message}\n`, at: now() })
}
