import { writeLines } from './apply.ts'
import type { Draft } from './draft.ts'
import { elidedLine, elision, hasConflictMarkers } from './elisions.ts'
import { Refuse } from './outcome.ts'
import type { Text } from './text.ts'
import { standsFor } from './whole.ts'

export function twice(path: string): Refuse {
  return new Refuse('conflict', `The reply gives two different versions of ${path}; send one.`, path)
}

/** The whole content that a draft writes over a file; nothing for a mere piece of code beside a real change. */
export function written(draft: Draft, path: string, text: Text, must: boolean): Uint8Array[] {
  if (draft.wish === 'create') {
    const content = writeLines(draft.lines, null, draft.finalNewline)
    const now = writeLines(text.lines, null, true)
    if (content !== null && now !== null && same(content, now)) return [content]
    throw new Refuse('exists', `${path} exists already; change it with a diff against it.`, path)
  }
  if (draft.wish !== 'write') return []
  const elided = elidedLine(draft.lines, text.lines, path)
  if (!standsFor(draft.says, text.lines, draft.lines)) {
    if (draft.says === 'code' && !must) return []
    if (elided !== null) throw elision(elided, path)
    refuseMarkers(draft.lines, path)
    throw new Refuse(
      'unanchored',
      `The code block for ${path} is neither a diff nor the whole file; send a diff.`,
      path,
    )
  }
  if (elided !== null) throw elision(elided, path)
  refuseMarkers(draft.lines, path)
  const content = writeLines(draft.lines, text, true)
  if (content === null)
    throw new Refuse('format', `${path} is not UTF-8 and cannot hold a character of its new content.`, path)
  return [content]
}

function refuseMarkers(lines: readonly string[], path: string): void {
  if (hasConflictMarkers(lines))
    throw new Refuse('conflict-markers', 'The new content holds the marks of an unfinished merge.', path)
}

/** The content of a file that is not there yet; every draft must make the same. */
export function created(path: string, drafts: readonly Draft[]): Uint8Array {
  const contents = drafts.map((draft): Uint8Array | null => {
    const lines = newLines(draft)
    const elided = elidedLine(lines, [], path)
    if (elided !== null) throw elision(elided, path)
    refuseMarkers(lines, path)
    if (draft.wish === 'write' && draft.says === 'code')
      throw new Refuse(
        'no-file',
        `There is no file ${path}, and the reply does not say that the code block is a new file.`,
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
export function deleted(path: string, text: Text, drafts: readonly Draft[]): null {
  const telling = (lines: readonly string[]): string =>
    lines
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
      .join('\n')
  for (const draft of drafts) {
    if (draft.wish !== 'delete') throw new Refuse('conflict', `The reply both deletes and changes ${path}.`, path)
    const listed = draft.hunks.flatMap((hunk) => hunk.lines.slice(0, hunk.cuts.at(-1)))
    const old = listed.filter((line) => line.sign !== '+').map((line) => line.text)
    if (draft.hunks.length > 0 && telling(old) !== telling(text.lines))
      throw new Refuse('no-match', `The deletion of ${path} lists lines that differ from the file.`, path)
  }
  return null
}

export function same(a: Uint8Array | null, b: Uint8Array): boolean {
  return a !== null && a.length === b.length && a.every((byte, at) => byte === b[at])
}
