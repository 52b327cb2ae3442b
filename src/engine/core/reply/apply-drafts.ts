import type { SearchBudget } from './align-lines.ts'
import { editFile, type HunkOfSection } from './edit-file.ts'
import type { DraftHunk, FileDraft } from './file-draft.ts'
import { functionHunk } from './named-function.ts'
import { type ProposedEdits, type ReplyFiles, ReplyRefusal } from './reply-outcome.ts'
import { lookUpPath, newPath, safePath } from './resolve-path.ts'
import { readText, type TextFile } from './text-file.ts'
import { checkDeletion, conflictingVersions, createdContent, overwrittenContent, sameBytes } from './whole-content.ts'

/** All drafts for one path, in the order of the reply. */
interface DraftsOfFile {
  readonly path: string
  readonly exists: boolean
  readonly drafts: FileDraft[]
}

/**
 * Resolves the paths of all drafts, then makes the new contents. Throws `ReplyRefusal` at the first thing that is not
 * possible.
 */
export function applyDrafts(drafts: readonly FileDraft[], files: ReplyFiles, effort: SearchBudget): ProposedEdits {
  const work: DraftApplication = { files, known: new Set(files.list()), effort, notes: [] }
  for (const draft of drafts) for (const path of draft.paths) safePath(path)
  const targets = targetsOf(drafts, work.known)
  const edits = new Map<string, Uint8Array | null>()
  const modes = new Map<string, '100644' | '100755'>()
  for (const target of targets) {
    for (const [path, bytes] of contentsOf(target, work, targets.length === 1)) put(edits, path, bytes)
    const mode = target.drafts.map((draft) => draft.mode).find((said) => said !== null)
    if (mode !== undefined && mode !== null) modes.set(target.path, mode === '100755' ? '100755' : '100644')
  }
  for (const [path, bytes] of edits) if (bytes !== null && !work.known.has(path)) refuseNested(path, work.known, edits)
  for (const [path, bytes] of edits) if (bytes !== null && sameBytes(files.text(path), bytes)) edits.delete(path)
  if (edits.size === 0)
    throw new ReplyRefusal(
      'no-change',
      'The reply changes nothing: the file already has what it adds.',
      targets[0]?.path ?? null,
    )
  return { ok: true, edits, modes, notes: work.notes }
}

/**
 * Groups drafts by the file that they mean. A piece of code with the name of no known file is ignored if the reply also has
 * real changes.
 */
function targetsOf(drafts: readonly FileDraft[], known: ReadonlySet<string>): DraftsOfFile[] {
  const targets = new Map<string, DraftsOfFile>()
  for (const draft of drafts) {
    const { path, exists } = resolve(draft, known)
    const target = targets.get(path) ?? { path, exists, drafts: [] }
    target.drafts.push(draft)
    targets.set(path, target)
  }
  const piece = (draft: FileDraft): boolean => draft.wish === 'write' && draft.says === 'code'
  const real = [...targets.values()].filter((target) => target.exists || !target.drafts.every(piece))
  return real.length > 0 ? real : [...targets.values()]
}

function put(edits: Map<string, Uint8Array | null>, path: string, bytes: Uint8Array | null): void {
  const other = edits.get(path)
  if (other !== undefined && !(bytes !== null && sameBytes(other, bytes)))
    throw new ReplyRefusal(
      'conflict',
      `Two parts of the reply make different things of ${path}; send one of them.`,
      path,
    )
  edits.set(path, bytes)
}

function resolve(draft: FileDraft, known: ReadonlySet<string>): { path: string; exists: boolean } {
  const found = new Set<string>()
  const lookups = draft.paths.map((written) => lookUpPath(written, known, draft.prefixed))
  if (draft.wish === 'create' || (draft.wish === 'write' && !draft.hinted)) {
    const path = newPath(draft.paths[0] ?? '', draft.prefixed)
    return { path, exists: known.has(path) }
  }
  for (const lookup of lookups) {
    if (lookup.is === 'file') found.add(lookup.path)
    if (lookup.is === 'several')
      throw new ReplyRefusal(
        'ambiguous-path',
        `${draft.paths[0]} may be ${lookup.paths.slice(0, 3).join(' or ')}; write the whole path.`,
        draft.paths[0] ?? null,
        {
          candidates: lookup.paths.slice(0, 3).map((path) => ({ path, line: 1 })),
        },
      )
  }
  const [path] = found
  if (path !== undefined && found.size === 1) return { path, exists: true }
  if (found.size > 1)
    throw new ReplyRefusal(
      'ambiguous-path',
      `The header names two files, ${[...found].join(' and ')}; name one.`,
      path ?? null,
    )
  const fresh = newPath(draft.paths[0] ?? '', draft.prefixed)
  if (draft.wish === 'write' || (draft.wish === 'edit' && draft.fresh)) return { path: fresh, exists: false }
  throw noFile(fresh, known)
}

function noFile(path: string, known: ReadonlySet<string>): ReplyRefusal {
  const base = path.split('/').at(-1)?.toLowerCase() ?? ''
  const near = [...known].filter((file) => file.toLowerCase().split('/').at(-1) === base).slice(0, 3)
  const hint =
    near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : 'name a file of the tree, or /dev/null as the old side of a new one.'
  return new ReplyRefusal('no-file', `There is no file ${path}; ${hint}`, path)
}

interface DraftApplication {
  readonly files: ReplyFiles
  readonly known: ReadonlySet<string>
  readonly effort: SearchBudget
  readonly notes: string[]
}

/** The new content of the target (and of its new path if it moves). `alone`: the reply asks for nothing else. */
function contentsOf(target: DraftsOfFile, work: DraftApplication, alone: boolean): [string, Uint8Array | null][] {
  const { path, drafts } = target
  if (!target.exists) return [[path, createdContent(path, drafts)]]
  const bytes = work.files.text(path)
  const text = bytes === null ? null : readText(bytes)
  if (bytes === null) throw noFile(path, work.known)
  if (text === null) throw new ReplyRefusal('binary', `${path} is a binary file; only text can be changed.`, path)
  const changing = drafts.filter((draft) => !isListing(draft, text))
  if (changing.length > 0 && changing.length < drafts.length)
    return contentsOf({ ...target, drafts: changing }, work, alone)
  if (drafts.some((draft) => draft.wish === 'delete')) return [[path, checkDeletion(path, text, drafts)]]
  const edited = editedContent(target, text, work, alone) ?? bytes
  const moves = drafts.flatMap((draft) => (draft.wish === 'edit' && draft.moveTo !== null ? [draft.moveTo] : []))
  if (moves[0] === undefined) return [[path, edited]]
  safePath(moves[0])
  const to = newPath(moves[0], drafts.some((draft) => draft.prefixed) && /^b\//.test(moves[0]))
  if (to === path) return [[path, edited]]
  if (work.known.has(to))
    throw new ReplyRefusal('exists', `${path} cannot be moved to ${to}: that file exists already.`, to)
  return [
    [path, null],
    [to, edited],
  ]
}

/** True for the text of the file as it is, shown beside what changes it. */
function isListing(draft: FileDraft, { lines }: TextFile): boolean {
  const told = (some: readonly string[]): string => some.join('\n').trim()
  return draft.wish === 'write' && told(draft.lines) === told(lines)
}

/** The file with all that the reply wants in it; null if the reply wants no change. */
function editedContent(
  target: DraftsOfFile,
  text: TextFile,
  work: DraftApplication,
  alone: boolean,
): Uint8Array | null {
  const { path } = target
  const hunks: HunkOfSection[] = target.drafts.flatMap((draft, section) =>
    hunksOf(draft, path, text).map((hunk) => ({ hunk, section })),
  )
  const versions = target.drafts.flatMap((draft) => overwrittenContent(draft, path, text, alone && hunks.length === 0))
  if (hunks.length > 0) {
    const edited = editFile(path, text, hunks, work.effort)
    work.notes.push(...edited.notes)
    versions.unshift(edited.bytes)
  }
  const [first = null] = versions
  if (first !== null && versions.some((other) => !sameBytes(other, first))) throw conflictingVersions(path)
  return first
}

function hunksOf(draft: FileDraft, path: string, text: TextFile): readonly DraftHunk[] {
  if (draft.wish === 'rewrite') return [functionHunk(path, text, draft)]
  return draft.wish === 'edit' ? draft.hunks : []
}

/** Refuses a new file whose parent is a file, or whose path is a directory. */
function refuseNested(path: string, known: ReadonlySet<string>, edits: ReadonlyMap<string, Uint8Array | null>): void {
  const taken = (other: string): boolean => (edits.has(other) ? edits.get(other) !== null : known.has(other))
  const parts = path.split('/')
  for (let n = 1; n < parts.length; n += 1) {
    const above = parts.slice(0, n).join('/')
    if (taken(above)) throw new ReplyRefusal('exists', `${path} cannot be made: ${above} is a file.`, path)
  }
  for (const other of [...known, ...edits.keys()])
    if (other.startsWith(`${path}/`) && taken(other))
      throw new ReplyRefusal('exists', `${path} cannot be made: it is a directory.`, path)
}
