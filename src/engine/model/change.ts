import * as z from 'zod'
import { Oid } from './oid.ts'

/** A git file mode as six octal digits; '000000' = absent. */
export const FileMode = z.enum(['000000', '100644', '100755', '120000', '160000', '040000'])
export type FileMode = z.infer<typeof FileMode>

/** One row of `git diff-tree -r --raw -z --no-renames`: a path, and its entry before and after. */
export const Change = z.strictObject({
  path: z.string(),
  before: z.strictObject({ mode: FileMode, oid: Oid }).nullable(),
  after: z.strictObject({ mode: FileMode, oid: Oid }).nullable(),
})
export type Change = z.infer<typeof Change>

/** One file of a tree, listed recursively. Paths are relative to the top, '/'-separated. */
export const TreeEntry = z.strictObject({ path: z.string(), mode: FileMode, oid: Oid })
export type TreeEntry = z.infer<typeof TreeEntry>

/** The new content of one path; null removes it. */
export type Edit = { readonly bytes: Uint8Array; readonly mode: '100644' | '100755' } | null
/** Path → edit: what a proposal does to a tree. */
export type Edits = ReadonlyMap<string, Edit>
/** Like `Edits`, but also with other entries of a tree, such as links and submodules, by their id. */
export type TreeEdits = ReadonlyMap<string, Edit | { readonly mode: FileMode; readonly oid: Oid }>
