import { writeLines } from './edit-text.ts'
import { elidedLine, elisionRefusal, hasConflictMarkers } from './elisions.ts'
import type { FileDraft } from './file-draft.ts'
import { ReplyRefusal } from './reply-outcome.ts'
import type { TextFile } from './text-file.ts'
import { mayReplaceFile } from './whole-file.ts'

export function conflictingVersions(path: string): ReplyRefusal {
  return new ReplyRefusal('conflict', `The reply gives two different versions of ${path}; send one.`, path)
}

/** The whole content that a draft writes over a file; [] for a piece of code next to a real change. */
export function overwrittenContent(draft: FileDraft, path: string, text: TextFile, must: boolean): Uint8Array[] {
  if (draft.wish === 'create') {
    const content = writeLines(draft.lines, null, draft.finalNewline)
    const now = writeLines(text.lines, null, true)
    if (content !== null && now !== null && sameBytes(content, now)) return [content]
    throw new ReplyRefusal('exists', `${path} exists already; change it with a diff against it.`, path)
  }
  if (draft.wish !== 'write') return []
  const elided = elidedLine(draft.lines, text.lines, path)
  if (!mayReplaceFile(draft.says, text.lines, draft.lines)) {
    if (draft.says === 'code' && !must) return []
    if (elided !== null) throw elisionRefusal(elided, path)
    refuseMarkers(draft.lines, path)
    throw new ReplyRefusal(
      'unanchored',
      `The code block for ${path} is neither a diff nor the whole file; send a diff.`,
      path,
    )
  }
  if (elided !== null) throw elisionRefusal(elided, path)
  refuseMarkers(draft.lines, path)
  const content = writeLines(draft.lines, text, true)
  if (content === null)
    throw new ReplyRefusal('format', `${path} is not UTF-8 and cannot hold a character of its new content.`, path)
  return [content]
}

function refuseMarkers(lines: readonly string[], path: string): void {
  if (hasConflictMarkers(lines))
    throw new ReplyRefusal('conflict-markers', 'The new content holds the marks of an unfinished merge.', path)
}

/** The content of a file that does not exist yet; all drafts must produce the same content. */
export function createdContent(path: string, drafts: readonly FileDraft[]): Uint8Array {
  const contents = drafts.map((draft): Uint8Array | null => {
    const lines = newLines(draft)
    const elided = elidedLine(lines, [], path)
    if (elided !== null) throw elisionRefusal(elided, path)
    refuseMarkers(lines, path)
    if (draft.wish === 'write' && draft.says === 'code')
      throw new ReplyRefusal(
        'no-file',
        `There is no file ${path}, and the reply does not say that the code block is a new file.`,
        path,
      )
    return writeLines(lines, null, draft.wish !== 'create' || draft.finalNewline)
  })
  const first = contents[0]
  if (first === undefined || first === null)
    throw new ReplyRefusal('no-diff', `The reply has no content for ${path}.`, path)
  if (contents.some((other) => other === null || !sameBytes(other, first))) throw conflictingVersions(path)
  return first
}

function newLines(draft: FileDraft): readonly string[] {
  switch (draft.wish) {
    case 'create':
    case 'write':
    case 'rewrite':
      return draft.lines
    case 'edit':
      return draft.hunks.flatMap((hunk) => hunk.lines.filter((line) => line.sign === '+').map((line) => line.text))
    case 'delete':
      throw new ReplyRefusal('no-file', `There is no file ${draft.paths[0]} to delete.`, draft.paths[0] ?? null)
  }
}

/** A deletion that lists lines must list exactly the lines of the file. */
export function checkDeletion(path: string, text: TextFile, drafts: readonly FileDraft[]): null {
  const telling = (lines: readonly string[]): string =>
    lines
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
      .join('\n')
  for (const draft of drafts) {
    if (draft.wish !== 'delete') throw new ReplyRefusal('conflict', `The reply both deletes and changes ${path}.`, path)
    const listed = draft.hunks.flatMap((hunk) => hunk.lines.slice(0, hunk.cuts.at(-1)))
    const old = listed.filter((line) => line.sign !== '+').map((line) => line.text)
    if (draft.hunks.length > 0 && telling(old) !== telling(text.lines))
      throw new ReplyRefusal('no-match', `The deletion of ${path} lists lines that differ from the file.`, path)
  }
  return null
}

export function sameBytes(a: Uint8Array | null, b: Uint8Array): boolean {
  return a !== null && a.length === b.length && a.every((byte, at) => byte === b[at])
}
