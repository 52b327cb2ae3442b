import type { Oid, SessionId } from '../../model/oid.ts'
import type { Refs } from '../../ports/repository.ts'

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

/** The kinds of notes that are pushed and fetched. The summary is derived from the others and stays here. */
export const TRANSFERRED_NOTES = ['bundles', 'attestations', 'index'] as const satisfies readonly NoteKind[]

/**
 * The ref of a kind of notes. Proofs of a snapshot of a dirty work tree stay on this machine unless somebody asks to push
 * them.
 */
export function notesRef(kind: NoteKind, local: boolean): string {
  return local ? NOTES[kind].replace('refs/notes/pp/', 'refs/notes/pp-local/') : NOTES[kind]
}

/** Where fetched notes and refs are kept: apart from ours, under the name of the remote. */
export const remoteNotesRef = (remote: string, kind: NoteKind) => `refs/notes-remote/${remote}/pp/${kind}`
export const remoteRef = (remote: string, ours: string) => ours.replace(/^refs\/pp\//, `refs/pp-remote/${remote}/`)

/** A ref of notes, and the remote it was fetched from; null: made or imported here. */
export interface NotesRef {
  readonly ref: string
  readonly from: string | null
}

/** Where to look for notes of a kind, in this order: ours, those of snapshots, those of remotes by name. */
export async function notesRefs(refs: Pick<Refs, 'list'>, kind: NoteKind): Promise<readonly NotesRef[]> {
  const ours = [false, true].map((local) => ({ ref: notesRef(kind, local), from: null }))
  const fetched = [...(await refs.list('refs/notes-remote/')).keys()].flatMap((ref) => {
    const from = new RegExp(`^refs/notes-remote/(.+)/pp/${kind}$`).exec(ref)?.[1]
    return from === undefined ? [] : [{ ref, from }]
  })
  return [...ours, ...fetched]
}

/** The names of the remotes whose proofs were fetched, including those that had none. */
export async function fetchedFrom(refs: Pick<Refs, 'list'>): Promise<readonly string[]> {
  return (await notesRefs(refs, 'index')).flatMap(({ from }) => from ?? [])
}

const SESSION_REF =
  /^refs\/(?:pp|pp-remote\/(?<from>.+))\/(?<session>[0-7][0-9a-hjkmnp-tv-z]{25})\/(?<kind>base|final|record|attempts\/[1-9]\d{0,5})$/

/** Reads the name of a ref of a session, ours or fetched; null for any other name. */
export function readSessionRef(ref: string): { from: string | null; session: SessionId; kind: string } | null {
  const { from = null, session, kind } = SESSION_REF.exec(ref)?.groups ?? {}
  return session === undefined || kind === undefined ? null : { from, session, kind }
}

/** Points to the final or record commit of the newest session of this work tree. */
export const PP_HEAD = 'PP_HEAD'

export const TRAILER = 'Patch-Proof'

export function trailer(session: SessionId, manifest: string): string {
  return `${TRAILER}: v1 session=${session} manifest=sha256:${manifest}`
}

export type NotesScope = { readonly commit: Oid; readonly local: boolean }
