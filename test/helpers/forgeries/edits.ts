import { encodeBundleLine, sealBundle } from '../../../src/engine/core/bundle/bundle.ts'
import { canonicalJson, utf8Bytes } from '../../../src/engine/core/bytes/canonical.ts'
import { NOTES } from '../../../src/engine/flows/refs/session-refs.ts'
import type { Bundle } from '../../../src/engine/model/proof.ts'
import { addLine, type Proof } from '../proof.ts'

export type Files = Map<string, Uint8Array>

/** The same bundle with files changed, sealed anew: manifest and digest fit again. */
export function resealed({ v, files }: Bundle, change: (files: Files) => void): string {
  const copy = new Map(files)
  change(copy)
  return encodeBundleLine({ ...sealBundle(copy), v })
}

/** The line of a bundle whose manifest is the old one. */
export function mismatched({ v, files, manifest }: Bundle, change: (files: Files) => void): string {
  const copy = new Map(files)
  change(copy)
  return encodeBundleLine({ v, files: copy, manifest })
}

/** Changes some keys of a JSON file of the record. */
export const json = (path: string, change: (value: Record<string, unknown>) => object) => (files: Files) => {
  const value = JSON.parse(new TextDecoder().decode(files.get(path))) as Record<string, unknown>
  files.set(path, utf8Bytes(canonicalJson({ ...value, ...change(value) })))
}

/** Changes the text of a file of the record. */
export const text = (path: string, edit: (text: string) => string | Uint8Array) => (files: Files) => {
  const made = edit(new TextDecoder().decode(files.get(path)))
  files.set(path, typeof made === 'string' ? utf8Bytes(made) : made)
}

/** Changes the patch that people read. */
export const patch = (forge: (text: string) => string) => (files: Files) =>
  void files.set('final.patch', utf8Bytes(forge(new TextDecoder().decode(files.get('final.patch')))))

/** Copies a line of every kind to another commit, as notes.rewriteRef does. */
export async function copyNotes({ repo, commit }: Proof, to: string): Promise<void> {
  for (const ref of Object.values(NOTES)) {
    const note = await repo.git('notes', '--ref', ref, 'show', commit).catch(() => null)
    if (note !== null) await addLine(repo, ref, to, note)
  }
}
