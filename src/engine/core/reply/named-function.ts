import { indexLines } from './align-lines.ts'
import { definedName, firstDefinition } from './definitions.ts'
import type { DraftHunk, FileDraft } from './file-draft.ts'
import { indentOf, isBlank, looseKey } from './loose-keys.ts'
import { hintedFiles } from './path-hints.ts'
import type { ReplyBlock } from './reply-blocks.ts'
import { ReplyRefusal } from './reply-outcome.ts'
import { blockEnd } from './scope-lines.ts'
import { asHunk } from './search-replace.ts'
import { readText, type TextFile } from './text-file.ts'

type FunctionDraft = Extract<FileDraft, { wish: 'rewrite' }>

/** Words that ask for the function to be replaced, and words that only show what one could write. */
const ASKS =
  /\b(?:replace|rewrite|change|update|modify|edit|should (?:be|read|look|become)|becomes?|corrected|fixed|new|updated|modified|revised|mended)\b/i
const SHOWS =
  /\b(?:might|could|would|example|e\.g\.|something like|similar|perhaps|maybe|sketch|(?:a|any|another) (?:function|method) like)\b/i

/** A fenced block that is one whole function, which the lines before it name, together with its file, and want replaced. */
export function readFunction(block: ReplyBlock, known: ReadonlySet<string>): FunctionDraft | null {
  if (block.kind !== 'fence' || !block.closed) return null
  const lines = block.lines.slice(0, block.lines.findLastIndex((line) => !isBlank(line)) + 1)
  const found = firstDefinition(lines)
  const [path, ...others] = hintedFiles([block.info, ...block.before], known)
  if (found === null || path === undefined || others.length > 0) return null
  const told = block.before.join('\n')
  const named = new RegExp(`(?<![\\w$])${found.name.replaceAll('$', '\\$')}(?![\\w$])`).test(told)
  const own = asText(lines)
  if (!named || !ASKS.test(told) || SHOWS.test(told) || own === null) return null
  if (blockEnd(indexLines(path, own), found.at) !== lines.length - 1) return null
  return {
    format: 'a function',
    paths: [path],
    hinted: true,
    prefixed: false,
    mode: null,
    wish: 'rewrite',
    lines,
    ...found,
  }
}

function asText(lines: readonly string[]): TextFile | null {
  return readText(new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')))
}

/** The hunk that puts a function in the place of the one with its name. Throws `ReplyRefusal` if there is not exactly one. */
export function functionHunk(path: string, text: TextFile, draft: FunctionDraft): DraftHunk {
  const key = looseKey(draft.lines[draft.at] ?? '')
  const named = [...text.lines.keys()].filter((at) => definedName(text.lines, at) === draft.name)
  const equal = named.filter((at) => looseKey(text.lines[at] ?? '') === key)
  const [line, ...others] = equal.length > 0 ? equal : named
  if (line === undefined)
    throw new ReplyRefusal('unanchored', `${path} has no function ${draft.name} to replace; send a diff.`, path)
  if (others.length > 0)
    throw new ReplyRefusal('ambiguous', `${path} has several functions ${draft.name}; send a diff.`, path, {
      candidates: [line, ...others].slice(0, 3).map((at) => ({ path, line: at + 1 })),
    })
  const above = draft.lines.slice(0, draft.at).filter((one) => !isBlank(one))
  const from = line - above.length
  const kept = above.every((one, n) => looseKey(one) === looseKey(text.lines[from + n] ?? ''))
  const old = text.lines.slice(line, blockEnd(indexLines(path, text), line) + 1)
  const young = indentedAs(old, draft.lines.slice(draft.at))
  if (!kept || young === null)
    throw new ReplyRefusal(
      'unanchored',
      `The lines above ${draft.name}, or its indent, differ from those in ${path}; send a diff.`,
      path,
    )
  return asHunk(old, young, line + 1)
}

/** The new lines with the indent that the old ones have; null if one uses tabs where the other uses spaces. */
function indentedAs(old: readonly string[], young: readonly string[]): string[] | null {
  const [to, from] = [indentOf(old[0] ?? ''), indentOf(young[0] ?? '')]
  const tabs = (lines: readonly string[]): boolean => lines.some((line) => indentOf(line).includes('\t'))
  const spaces = (lines: readonly string[]): boolean => lines.some((line) => indentOf(line).includes(' '))
  if ((tabs(old) && spaces(young)) || (spaces(old) && tabs(young))) return null
  if (young.some((line) => !isBlank(line) && !line.startsWith(from))) return null
  return young.map((line) => (isBlank(line) ? '' : to + line.slice(from.length)))
}
