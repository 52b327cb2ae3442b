import type { Effort } from './align.ts'
import { writeLines } from './apply.ts'
import type { Draft } from './draft.ts'
import { editFile, type Placed } from './edit-file.ts'
import { hasConflictMarkers, isElision } from './guard.ts'
import { type Files, type Proposed, Refuse } from './outcome.ts'
import { lookUp, newPath, safePath } from './resolve.ts'
import { readText, type Text } from './text.ts'
import { isWholeFile } from './whole.ts'

/** All wishes for one path, in the order of the reply. */
interface Target {
  readonly path: string
  readonly exists: boolean
  readonly drafts: Draft[]
}

/** Resolves the paths of all drafts, then makes the new contents; throws `Refuse` at the first thing that cannot be. */
export function carryOut(drafts: readonly Draft[], files: Files, effort: Effort): Proposed {
  const known = new Set(files.list())
  for (const draft of drafts) for (const path of draft.paths) safePath(path)
  const targets = new Map<string, Target>()
  for (const draft of drafts) {
    const { path, exists } = resolve(draft, known)
    const target = targets.get(path) ?? { path, exists, drafts: [] }
    target.drafts.push(draft)
    targets.set(path, target)
  }
  const edits = new Map<string, Uint8Array | null>()
  const modes = new Map<string, '100644' | '100755'>()
  const notes: string[] = []
  for (const target of targets.values()) {
    const only = target.drafts.length === drafts.length
    for (const [path, bytes] of contentsOf(target, files, known, effort, notes, only)) put(edits, path, bytes)
    const mode = target.drafts.find((draft) => draft.mode !== null)?.mode
    if (mode !== undefined && mode !== null) modes.set(target.path, mode === '100755' ? '100755' : '100644')
  }
  for (const [path, bytes] of edits) if (bytes !== null && !known.has(path)) refuseNested(path, known, edits)
  for (const [path, bytes] of edits) if (bytes !== null && same(files.text(path), bytes)) edits.delete(path)
  if (edits.size === 0)
    throw new Refuse(
      'no-change',
      'The reply changes nothing: what it adds is what is there.',
      drafts[0]?.paths[0] ?? null,
    )
  return { ok: true, edits, modes, notes }
}

function put(edits: Map<string, Uint8Array | null>, path: string, bytes: Uint8Array | null): void {
  const other = edits.get(path)
  if (other !== undefined && !(bytes !== null && same(other, bytes)))
    throw new Refuse('conflict', `Two parts of the reply make different things of ${path}; send one of them.`, path)
  edits.set(path, bytes)
}

function resolve(draft: Draft, known: ReadonlySet<string>): { path: string; exists: boolean } {
  const found = new Set<string>()
  const lookups = draft.paths.map((written) => lookUp(written, known, draft.prefixed))
  if (draft.wish === 'create' || (draft.wish === 'write' && !draft.hinted)) {
    const path = newPath(draft.paths[0] ?? '', draft.prefixed)
    return { path, exists: known.has(path) }
  }
  for (const lookup of lookups) {
    if (lookup.is === 'file') found.add(lookup.path)
    if (lookup.is === 'several')
      throw new Refuse(
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
    throw new Refuse(
      'ambiguous-path',
      `The header names two files, ${[...found].join(' and ')}; name one.`,
      path ?? null,
    )
  const fresh = newPath(draft.paths[0] ?? '', draft.prefixed)
  if (draft.wish === 'write' || (draft.wish === 'edit' && draft.fresh)) return { path: fresh, exists: false }
  throw noFile(fresh, known)
}

function noFile(path: string, known: ReadonlySet<string>): Refuse {
  const base = path.split('/').at(-1)?.toLowerCase() ?? ''
  const near = [...known].filter((file) => file.toLowerCase().split('/').at(-1) === base).slice(0, 3)
  const hint =
    near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : 'name a file of the tree, or /dev/null as the old side of a new one.'
  return new Refuse('no-file', `There is no file ${path}; ${hint}`, path)
}

/** What becomes of the target (and, when it moves, of its new path). */
function contentsOf(
  target: Target,
  files: Files,
  known: ReadonlySet<string>,
  effort: Effort,
  notes: string[],
  only: boolean,
): [string, Uint8Array | null][] {
  const { path } = target
  if (!target.exists) return [[path, created(target)]]
  const bytes = files.text(path)
  const text = bytes === null ? null : readText(bytes)
  if (bytes === null) throw noFile(path, known)
  if (text === null) throw new Refuse('binary', `${path} is a binary file; only text can be changed.`, path)
  const deletes = target.drafts.filter((draft) => draft.wish === 'delete')
  if (deletes.length > 0) return [[path, deleted(target, text, deletes)]]
  const edited = editedContent(target, text, bytes, effort, notes, only)
  const moves = target.drafts.flatMap((draft) => (draft.wish === 'edit' && draft.moveTo !== null ? [draft] : []))
  const move = moves[0]
  if (move === undefined || move.wish !== 'edit' || move.moveTo === null) return [[path, edited]]
  const to = newPath(safePath(move.moveTo), move.prefixed)
  if (to === path) return [[path, edited]]
  if (known.has(to)) throw new Refuse('exists', `${path} cannot be moved to ${to}: that file is there.`, to)
  return [
    [path, null],
    [to, edited],
  ]
}

function editedContent(
  target: Target,
  text: Text,
  bytes: Uint8Array,
  effort: Effort,
  notes: string[],
  only: boolean,
): Uint8Array {
  const { path } = target
  const hunks: Placed[] = target.drafts.flatMap((draft, section) =>
    draft.wish === 'edit' ? draft.hunks.map((hunk) => ({ hunk, section })) : [],
  )
  const wholes = target.drafts.flatMap((draft) => written(draft, path, text, only && hunks.length === 0))
  if (hunks.length === 0) {
    const first = wholes[0]
    if (first === undefined) return bytes
    if (wholes.some((other) => !same(other, first))) throw twice(path)
    return first
  }
  const edited = editFile(path, text, hunks, effort)
  notes.push(...edited.notes)
  if (wholes.some((whole) => !same(whole, edited.bytes))) throw twice(path)
  return edited.bytes
}

function twice(path: string): Refuse {
  return new Refuse('conflict', `The reply gives two different versions of ${path}; send one.`, path)
}

/** The whole content that a draft writes over a file; nothing for a mere piece of code beside a real change. */
function written(draft: Draft, path: string, text: Text, must: boolean): Uint8Array[] {
  if (draft.wish === 'create') {
    const content = writeLines(draft.lines, null, draft.finalNewline)
    const now = writeLines(text.lines, null, true)
    if (content !== null && now !== null && same(content, now)) return [content]
    throw new Refuse('exists', `${path} is there already; change it with a diff against it.`, path)
  }
  if (draft.wish !== 'write') return []
  const elided = draft.lines.find(
    (line) => isElision(line, path) && !text.lines.some((have) => have.trim() === line.trim()),
  )
  if (!draft.explicit && !isWholeFile(text.lines, draft.lines)) {
    if (!must) return []
    if (elided !== undefined) throw elision(elided, path)
    throw new Refuse(
      'unanchored',
      `The code block for ${path} is neither a diff nor the whole file; send a diff.`,
      path,
    )
  }
  if (elided !== undefined) throw elision(elided, path)
  refuseMarkers(draft.lines, path)
  const content = writeLines(draft.lines, text, true)
  if (content === null)
    throw new Refuse('format', `${path} is not UTF-8 and cannot hold a character of its new content.`, path)
  return [content]
}

function elision(line: string, path: string): Refuse {
  return new Refuse(
    'elision',
    `The line ${JSON.stringify(line.trim())} stands for code that is left out; write it out.`,
    path,
  )
}

function refuseMarkers(lines: readonly string[], path: string): void {
  if (hasConflictMarkers(lines))
    throw new Refuse('conflict-markers', 'The new content holds the marks of an unfinished merge.', path)
}

/** The content of a file that is not there yet; every draft must make the same. */
function created(target: Target): Uint8Array {
  const { path } = target
  const contents = target.drafts.map((draft): Uint8Array | null => {
    const lines = newLines(draft)
    const strange = lines.find((line) => isElision(line, path))
    if (strange !== undefined) throw elision(strange, path)
    refuseMarkers(lines, path)
    if (draft.wish === 'write' && !draft.explicit)
      throw new Refuse(
        'no-file',
        `There is no file ${path}, and nothing says that the code block is to be a new one.`,
        path,
      )
    return writeLines(lines, null, draft.wish !== 'create' || draft.finalNewline)
  })
  const first = contents[0]
  if (first === undefined || first === null) throw new Refuse('no-diff', `The reply has no content for ${path}.`, path)
  if (contents.some((other) => other === null || !same(other, first))) throw twice(path)
  return first
}

function newLines(draft: Draft): readonly string[] {
  switch (draft.wish) {
    case 'create':
    case 'write':
      return draft.lines
    case 'edit':
      return draft.hunks.flatMap((hunk) => hunk.lines.filter((line) => line.sign === '+').map((line) => line.text))
    case 'delete':
      throw new Refuse('no-file', `There is no file ${draft.paths[0]} to delete.`, draft.paths[0] ?? null)
  }
}

/** A deletion that lists lines must list those of the file. */
function deleted(target: Target, text: Text, deletes: readonly Draft[]): null {
  if (deletes.length < target.drafts.length)
    throw new Refuse('conflict', `The reply both deletes and changes ${target.path}.`, target.path)
  for (const draft of deletes) {
    if (draft.wish !== 'delete' || draft.hunks.length === 0) continue
    const listed = draft.hunks.flatMap((hunk) =>
      hunk.lines.filter((line) => line.sign !== '+' && line.raw !== '').map((line) => line.text),
    )
    const have = text.lines.filter((line) => line.trim() !== '').map((line) => line.trimEnd())
    const said = listed.filter((line) => line.trim() !== '').map((line) => line.trimEnd())
    if (have.join('\n') !== said.join('\n'))
      throw new Refuse('no-match', `The deletion of ${target.path} lists other lines than the file has.`, target.path)
  }
  return null
}

/** A new file cannot lie in another file, nor where a directory is. */
function refuseNested(path: string, known: ReadonlySet<string>, edits: ReadonlyMap<string, Uint8Array | null>): void {
  const taken = (other: string): boolean => (edits.has(other) ? edits.get(other) !== null : known.has(other))
  const parts = path.split('/')
  for (let n = 1; n < parts.length; n += 1) {
    const above = parts.slice(0, n).join('/')
    if (taken(above)) throw new Refuse('exists', `${path} cannot be made: ${above} is a file.`, path)
  }
  for (const other of [...known, ...edits.keys()])
    if (other.startsWith(`${path}/`) && taken(other))
      throw new Refuse('exists', `${path} cannot be made: it is a directory.`, path)
}

function same(a: Uint8Array | null, b: Uint8Array): boolean {
  return a !== null && a.length === b.length && a.every((byte, at) => byte === b[at])
}
