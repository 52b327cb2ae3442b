import { FILES } from '../../core/bundle-layout/index.ts'
import { canonicalJson, parseJson, sha256 } from '../../core/bytes/index.ts'
import type { Verifier } from '../../ports/signer.ts'
import type { ReadAttestations } from './check-proof.ts'
import { signerOf } from './check-signatures.ts'

/** So many bundles of one commit are checked. Anybody may add bundles to a note, and each check reads the whole change. */
export const MOST_BUNDLES = 12

export interface ChosenBundles {
  /** For each note, the lines of it that are to be checked. */
  readonly notes: readonly (readonly string[])[]
  /** What is to be said about lines that were left out; null: there are none. */
  readonly caution: string | null
}

/**
 * The bundles of a commit that are worth a check: all of them if they are few; else first those whose manifest a trusted key
 * signed, then ours before those of remotes, and the newest. `session`: only its bundles were asked for.
 */
export async function chooseBundles(
  notes: readonly (readonly string[])[],
  attestations: ReadAttestations,
  verifiers: readonly Verifier[],
  session: string | null,
): Promise<ChosenBundles> {
  const count = notes.reduce((sum, lines) => sum + lines.length, 0)
  if (count <= MOST_BUNDLES) return { notes, caution: null }
  const signed = await signedManifests(attestations, verifiers)
  const heads = notes.flatMap((lines, note) => lines.map((line) => ({ ...headOf(line), line, note })))
  const rank = (head: (typeof heads)[number]) =>
    (session !== null && head.session === session ? 2 : 0) + (signed.has(head.manifest) ? 1 : 0)
  const chosen = heads
    .toSorted((a, b) => rank(b) - rank(a) || a.note - b.note || newer(a.session, b.session))
    .slice(0, MOST_BUNDLES)
  return {
    notes: notes.map((_, note) => chosen.filter((head) => head.note === note).map(({ line }) => line)),
    caution: `${count - MOST_BUNDLES} of ${count} bundles on this commit were not checked, because at most ${MOST_BUNDLES} are; those that a trusted key signed come first, then your own and the newest`,
  }
}

/** Digests of the manifests that a trusted key signed. */
async function signedManifests(
  { attested }: ReadAttestations,
  verifiers: readonly Verifier[],
): Promise<ReadonlySet<string>> {
  const digests = new Set<string>()
  for (const line of attested) {
    if (line.signature === null) continue
    const by = await signerOf(line, line.signature, verifiers)
    if (by && !('unchecked' in by)) digests.add(line.statement.predicate.manifest.digest.sha256)
  }
  return digests
}

/** What a line claims to be, read without any check; '' where it cannot be read. */
function headOf(line: string): { readonly manifest: string; readonly session: string } {
  const { manifest, files } = (parseJson(line) ?? {}) as {
    manifest?: unknown
    files?: Record<string, { utf8?: unknown }>
  }
  const repro = parseJson(String(files?.[FILES.repro]?.utf8 ?? '')) as { session?: unknown } | null
  return {
    manifest: manifest === undefined ? '' : sha256(canonicalJson(manifest)),
    session: String(repro?.session ?? ''),
  }
}

function newer(a: string, b: string): number {
  return a === b ? 0 : a < b ? 1 : -1
}
