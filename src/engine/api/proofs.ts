import { join, resolve } from 'node:path'
import { checked } from '../core/bundle/index.ts'
import { isAbout } from '../flows/attest/index.ts'
import { notesRef } from '../flows/refs/index.ts'
import { keepBundle, logFlow, pruneFlow, reproOf } from '../flows/store/index.ts'
import type { Caller, LogEntry, ProofView, Sweep } from '../model/options.ts'
import { ignoreArtifacts, openBundleDir, writeBundleDir } from '../state/index.ts'
import { onGround, sweepDead } from '../wiring/index.ts'
import { envelopesOf, locate, viewed } from './locate.ts'

export function show(caller: Caller, proof: string | null): Promise<ProofView> {
  return onGround(caller, async (ground) => viewed(caller, ground, proof))
}

export function log(caller: Caller, options: { limit: number | null }): Promise<LogEntry[]> {
  return onGround(caller, ({ shelf }) => logFlow(shelf, options.limit))
}

/** Writes the bundle as a directory; answers the directory. */
export function exportBundle(caller: Caller, proof: string | null, dir: string | null): Promise<string> {
  return onGround(caller, async (ground) => {
    const found = await locate(caller, ground, proof)
    const artifacts = join(ground.repository.place.top, '.pp-artifacts')
    if (dir === null) await ignoreArtifacts(artifacts)
    const target = dir === null ? join(artifacts, found.repro.session, 'proof_bundle') : resolve(caller.cwd, dir)
    await writeBundleDir(target, found.bundle, await envelopesOf(caller, ground, found, proof))
    return target
  })
}

/** Reads a bundle directory back into notes; answers the session and the commit it hangs on. */
export function importBundle(caller: Caller, dir: string): Promise<{ session: string; commit: string }> {
  return onGround(caller, async ({ repository, refs }) => {
    const { history, notes, objects, patches } = repository
    const keeper = { history, notes, objects, patches, refs, now: () => new Date() }
    const opened = await openBundleDir(resolve(caller.cwd, dir))
    const bundle = checked(opened)
    const kept = await keepBundle(keeper, bundle)
    const local = reproOf(bundle).base.snapshot
    for (const line of opened.attestations.filter((one) => isAbout(one, kept.session)))
      await notes.append(notesRef('attestations', local), kept.commit, line)
    return kept
  })
}

export function gc(
  caller: Caller,
  options: { olderThanMs: number | null; all: boolean; dryRun: boolean },
): Promise<Sweep> {
  return onGround(caller, async (ground) => {
    const { olderThanMs, all, dryRun } = options
    const left = await sweepDead(caller, ground, { dryRun, kept: true })
    const olderThan = olderThanMs === null ? null : new Date(Date.now() - olderThanMs)
    const pruned = await pruneFlow(ground.shelf, { olderThan, all, dryRun, living: left.living })
    return { removed: [...left.removed, ...pruned], dryRun }
  })
}
