import { openEnvelope } from '../../core/attest/index.ts'
import { parseJson, utf8Bytes } from '../../core/bytes/index.ts'
import { PpError } from '../../model/error.ts'
import type { Oid } from '../../model/oid.ts'
import { IndexLine } from '../../model/proof.ts'
import { notesRefs, type TRANSFERRED_NOTES } from '../refs/index.ts'
import { type FoundProof, noteLinesOf, type ProofStore, proofOf } from './find-proof.ts'

type ProofLineKind = (typeof TRANSFERRED_NOTES)[number]

/** The digest of the bundle that a line of a note is about; null if the line cannot be read. */
export function bundleDigestOf(kind: ProofLineKind, line: string): string | null {
  switch (kind) {
    case 'bundles':
      return bundleOf(line)
    case 'index':
      return IndexLine.safeParse(parseJson(line)).data?.manifest ?? null
    case 'attestations': {
      const opened = openEnvelope(line)
      return opened.is === 'statement' ? opened.statement.predicate.manifest.digest.sha256 : null
    }
  }
}

function bundleOf(line: string): string | null {
  try {
    return proofOf(line).bundle.digest
  } catch (error) {
    if (error instanceof PpError) return null
    throw error
  }
}

/** Every line of a kind that is about these proofs, from all notes of their commits: commit → lines, each once. */
export async function linesAbout(
  proofStore: ProofStore,
  kind: ProofLineKind,
  proofs: readonly FoundProof[],
): Promise<Map<Oid, Set<string>>> {
  const digests = new Set(proofs.map(({ bundle }) => bundle.digest))
  const found = new Map<Oid, Set<string>>()
  const refs = await notesRefs(proofStore.refs, kind)
  for (const commit of new Set(proofs.flatMap(({ commit }) => commit ?? []))) {
    const lines = new Set<string>()
    for (const { ref } of refs)
      for (const line of noteLinesOf(await proofStore.notes.read(ref, commit)))
        if (digests.has(bundleDigestOf(kind, line) ?? '')) lines.add(line)
    if (lines.size > 0) found.set(commit, lines)
  }
  return found
}

/** A note with the missing lines added and all existing bytes unchanged; null if no line was missing. */
export function addMissingLines(note: Uint8Array | null, lines: Iterable<string>): Uint8Array | null {
  const old = note ?? new Uint8Array()
  const there = new Set(new TextDecoder().decode(old).split('\n'))
  const added = [...lines].filter((line) => !there.has(line))
  if (added.length === 0) return null
  const newline = old.length > 0 && old.at(-1) !== 10 ? '\n' : ''
  return joined([old, utf8Bytes(`${newline}${added.map((line) => `${line}\n`).join('')}`)])
}

/** A note without the lines that `drop` selects, and everything else unchanged; null if nothing was dropped. */
export function removeLines(note: Uint8Array, drop: (line: string) => boolean): Uint8Array | null {
  const kept: Uint8Array[] = []
  let dropped = false
  for (let at = 0; at < note.length; ) {
    const end = note.indexOf(10, at)
    const line = note.subarray(at, end === -1 ? note.length : end + 1)
    if (drop(new TextDecoder().decode(line).replace(/\n$/, ''))) dropped = true
    else kept.push(line)
    at += line.length
  }
  return dropped ? joined(kept) : null
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
