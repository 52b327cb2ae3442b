import { lstat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { claimedSignaturesOf } from '../core/attest/index.ts'
import { readBundleJson } from '../core/bundle/index.ts'
import { FILES } from '../core/bundle-layout/index.ts'
import { strictUtf8 } from '../core/bytes/index.ts'
import { changedTests } from '../core/record/index.ts'
import { attestationsOf } from '../flows/attest/index.ts'
import { type FoundProof, findProof, proofsOn, reproOf } from '../flows/store/index.ts'
import { CodeRemarks } from '../model/code-remark.ts'
import { PpError } from '../model/error.ts'
import { ModelUse } from '../model/model-use.ts'
import type { Oid } from '../model/oid.ts'
import type { Caller } from '../model/options.ts'
import type { ProofView } from '../model/proof-view.ts'
import { recordedResult } from '../model/session.ts'
import { openBundleDir, readBundleDir } from '../state/index.ts'
import type { OpenReader } from '../wiring/index.ts'

/** Finds a proof by any of its names. A bundle directory is tried last, so that no directory hides a commit. */
export async function locateProof(caller: Caller, reader: OpenReader, proof: string | null): Promise<FoundProof> {
  if (proof === null || caller.confined) return findProof(reader.proofStore, proof)
  const dir = resolve(caller.cwd, proof)
  const known = await findProof(reader.proofStore, proof).catch(async (error: unknown) => {
    const isBundle = error instanceof PpError && error.code === 'NO_PROOF' && (await hasManifest(dir))
    if (!isBundle) throw error
    return null
  })
  if (known) return known
  const bundle = await readBundleDir(dir)
  return { commit: null, bundle, repro: reproOf(bundle), from: null }
}

async function hasManifest(dir: string): Promise<boolean> {
  return (await lstat(join(dir, FILES.manifest)).catch(() => null))?.isFile() ?? false
}

/** The attestations of a proof, one line each: from its commit, or from its directory. Throws MALFORMED. */
export async function envelopesOf(
  caller: Caller,
  { proofStore }: OpenReader,
  { commit, repro }: FoundProof,
  proof: string | null,
): Promise<readonly string[]> {
  if (commit !== null) return attestationsOf(proofStore, commit, repro.session)
  return (await openBundleDir(resolve(caller.cwd, proof ?? ''))).attestations
}

/** A proof as `show` prints it. Attestations that cannot be read do not prevent reading the proof. */
export async function proofViewOf(caller: Caller, reader: OpenReader, proof: string | null): Promise<ProofView> {
  const found = await locateProof(caller, reader, proof)
  const others = found.commit === null ? [] : await othersOf(reader, found.commit, found.repro.session)
  try {
    return { ...viewOf(found, await envelopesOf(caller, reader, found, proof), []), others }
  } catch (error) {
    if (error instanceof PpError && error.code === 'MALFORMED')
      return { ...viewOf(found, [], [`its attestations cannot be read: ${error.message}`]), others }
    throw error
  }
}

async function othersOf({ proofStore }: OpenReader, commit: Oid, session: string): Promise<string[]> {
  const sessions = new Set((await proofsOn(proofStore, commit)).map(({ repro }) => repro.session))
  sessions.delete(session)
  return [...sessions].sort().reverse()
}

function viewOf(
  { commit, bundle, repro }: FoundProof,
  envelopes: readonly string[],
  warnings: readonly string[],
): Omit<ProofView, 'others'> {
  const { startedAt, finishedAt, author, base } = repro
  const patch = bundle.files.get(FILES.patch)
  return {
    commit,
    session: repro.session,
    result: {
      ...recordedResult(repro),
      base: base.commit,
      snapshot: base.snapshot,
      final: repro.finalTree ? commit : null,
      patch: patch ? strictUtf8(patch) : null,
      warnings: [...warnings, ...repro.warnings],
      ...(bundle.files.has(FILES.spent) && { spent: readBundleJson(bundle, FILES.spent, ModelUse) }),
      ...(bundle.files.has(FILES.remarks) && { remarks: readBundleJson(bundle, FILES.remarks, CodeRemarks) }),
    },
    manifest: bundle.digest,
    startedAt,
    finishedAt,
    author,
    attestations: claimedSignaturesOf(envelopes, repro.session),
    changedTests: changedTests(bundle, repro),
    files: bundle.files,
  }
}
