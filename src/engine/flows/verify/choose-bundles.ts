import { FILES } from '../../core/bundle-layout/index.ts'
import { canonicalJson, parseJson, sha256 } from '../../core/bytes/index.ts'
import type { Verifier } from '../../ports/signer.ts'
import type { ReadAttestations } from './check-proof.ts'
import { signerOf } from './check-signatures.ts'

/** So many bundles of one commit are checked. Anybody may add bundles to a note, and each check reads the whole change. */
export const MOST_BUNDLES = 12

/** A line of a note, and whether a trusted key signed the manifest of the bundle in it. */
export interface ChosenBundle {
  readonly line: string
  readonly signed: boolean
}

/**
 * The bundles of a commit in the order in which they are worth a check: first those whose manifest a trusted key signed, then
 * ours before those of remotes, then the newest. `session`: its bundles come before all others. Whoever finds one that holds
 * stops asking, so that a signature is checked only where it matters.
 */
export async function* bundlesInOrder(
  notes: readonly (readonly string[])[],
  attestations: ReadAttestations,
  verifiers: readonly Verifier[],
  session: string | null,
): AsyncGenerator<ChosenBundle> {
  const heads = notes.flatMap((lines, note) => lines.map((line) => ({ line, note, session: claimedSession(line) })))
  const rank = (head: (typeof heads)[number]) => (session !== null && head.session === session ? 0 : 1)
  heads.sort((a, b) => rank(a) - rank(b) || a.note - b.note || newer(a.session, b.session))
  for (const named of [0, 1]) {
    const unsigned: string[] = []
    for (const head of heads) {
      if (rank(head) !== named) continue
      if (await isSigned(head.line, attestations, verifiers)) yield { line: head.line, signed: true }
      else unsigned.push(head.line)
    }
    for (const line of unsigned) yield { line, signed: false }
  }
}

/** Whether a trusted key signed the manifest of this bundle. Whether it is the right bundle for that, only the checks show. */
async function isSigned(
  line: string,
  { attested }: ReadAttestations,
  verifiers: readonly Verifier[],
): Promise<boolean> {
  if (verifiers.length === 0 || attested.length === 0) return false
  const { manifest } = (parseJson(line) ?? {}) as { manifest?: unknown }
  if (manifest === undefined) return false
  const digest = sha256(canonicalJson(manifest))
  for (const one of attested) {
    if (one.signature === null || one.statement.predicate.manifest.digest.sha256 !== digest) continue
    const by = await signerOf(one, one.signature, verifiers)
    if (by && !('unchecked' in by)) return true
  }
  return false
}

/** The session that a line claims, read without any check and without reading the whole line; '' if there is none. */
function claimedSession(line: string): string {
  const [, session = ''] = /\\"session\\":\\"(\w{26})\\"/.exec(line.slice(line.indexOf(`"${FILES.repro}":{`))) ?? []
  return session
}

function newer(a: string, b: string): number {
  return a === b ? 0 : a < b ? 1 : -1
}
