import type { Oid, SessionId } from '../model/oid.ts'

/** Names of everything a session keeps in git. docs/reference.md lists them. */
export const refsOf = (session: SessionId) => ({
  base: `refs/pp/${session}/base`,
  attempt: (n: number) => `refs/pp/${session}/attempts/${n}`,
  final: `refs/pp/${session}/final`,
  record: `refs/pp/${session}/record`,
})

export const NOTES = {
  bundles: 'refs/notes/pp/bundles',
  attestations: 'refs/notes/pp/attestations',
  index: 'refs/notes/pp/index',
  summary: 'refs/notes/pp/summary',
} as const

export type NoteKind = keyof typeof NOTES

/** Proofs over a snapshot of a dirty tree stay on this machine unless somebody asks. */
export function notesRef(kind: NoteKind, local: boolean): string {
  return local ? NOTES[kind].replace('refs/notes/pp/', 'refs/notes/pp-local/') : NOTES[kind]
}

/** The newest session of this work tree; points to its final or record commit. */
export const PP_HEAD = 'PP_HEAD'

export const TRAILER = 'Patch-Proof'

export function trailer(session: SessionId, manifest: string): string {
  return `${TRAILER}: v1 session=${session} manifest=sha256:${manifest}`
}

export type Kept = { readonly commit: Oid; readonly local: boolean }
