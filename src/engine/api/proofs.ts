import { join, resolve } from 'node:path'
import { checkedBundle } from '../core/bundle/index.ts'
import { isAbout } from '../flows/attest/index.ts'
import { importForeignBundle } from '../flows/exchange/index.ts'
import { notesRef } from '../flows/refs/index.ts'
import { pruneFlow, reproOf } from '../flows/store/index.ts'
import type { Caller, GcResult } from '../model/options.ts'
import { ignoreArtifacts, openBundleDir, removeOldJobs, writeBundleDir } from '../state/index.ts'
import { sweepDeadSessions, withRepository } from '../wiring/index.ts'
import { envelopesOf, locateProof } from './locate-proof.ts'

/** Writes the bundle as a directory; returns the directory. */
export function exportBundle(caller: Caller, proof: string | null, dir: string | null): Promise<string> {
  return withRepository(caller, async (openRepo) => {
    const found = await locateProof(caller, openRepo, proof)
    const artifacts = join(openRepo.repository.place.top, '.pp-artifacts')
    if (dir === null) await ignoreArtifacts(artifacts)
    const target = dir === null ? join(artifacts, found.repro.session, 'proof_bundle') : resolve(caller.cwd, dir)
    await writeBundleDir(target, found.bundle, await envelopesOf(caller, openRepo, found, proof))
    return target
  })
}

/** Reads a bundle directory into notes; returns the session and the commit that carries it. */
export function importBundle(caller: Caller, dir: string): Promise<{ session: string; commit: string }> {
  return withRepository(caller, async ({ repository, refs }) => {
    const { history, notes, objects, patches } = repository
    const importTools = { history, notes, objects, patches, refs, now: () => new Date() }
    const opened = await openBundleDir(resolve(caller.cwd, dir))
    const bundle = checkedBundle(opened)
    const kept = await importForeignBundle(importTools, bundle)
    const local = reproOf(bundle).base.snapshot
    for (const line of opened.attestations.filter((one) => isAbout(one, kept.session)))
      await notes.append(notesRef('attestations', local), kept.commit, line)
    return kept
  })
}

export function gc(
  caller: Caller,
  options: { olderThanMs: number | null; all: boolean; dryRun: boolean },
): Promise<GcResult> {
  return withRepository(caller, async (openRepo) => {
    const { olderThanMs, all, dryRun } = options
    const left = await sweepDeadSessions(caller, openRepo, { dryRun, kept: true })
    const olderThan = olderThanMs === null ? null : new Date(Date.now() - olderThanMs)
    const pruned = await pruneFlow(openRepo.proofStore, { olderThan, all, dryRun, living: left.living })
    const jobs = await removeOldJobs(openRepo.state, { now: Date.now(), dryRun })
    return { removed: [...left.removed, ...pruned, ...jobs], dryRun }
  })
}
