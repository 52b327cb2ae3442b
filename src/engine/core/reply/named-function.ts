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
  const line = lineOf(path, text, draft)
  const above = draft.lines.slice(0, draft.at).filter((one) => !isBlank(one))
  const head = (one = ''): string => looseKey(one.slice(0, one.indexOf(draft.name)))
  const same = (one: string, n: number): boolean =>
    looseKey(one) === looseKey(text.lines[line - above.length + n] ?? '')
  const old = text.lines.slice(line, blockEnd(indexLines(path, text), line) + 1)
  const young = indentedAs(old, draft.lines.slice(draft.at))
  if (!above.every(same) || head(draft.lines[draft.at]) !== head(text.lines[line]) || young === null)
    throw new ReplyRefusal(
      'unanchored',
      `The lines above ${draft.name}, the words before its name or its indent differ from those in ${path}; send a diff.`,
      path,
    )
  const closes = looseKey(old.at(-1) ?? '')
  if (/^(?:[)\]}]|end\b)/.test(closes) && looseKey(young.at(-1) ?? '') !== closes)
    throw new ReplyRefusal('truncated', `The function ${draft.name} does not end with ${closes}; send it whole.`, path)
  return asHunk(old, young, line + 1)
}

/** The line, 0-based, at which the only function of this name begins; of several, the one with an equal first line. */
function lineOf(path: string, text: TextFile, { name, at, lines }: FunctionDraft): number {
  const named = [...text.lines.keys()].filter((line) => definedName(text.lines, line) === name)
  const equal = named.filter((line) => looseKey(text.lines[line] ?? '') === looseKey(lines[at] ?? ''))
  const [line, ...others] = equal.length > 0 ? equal : named
  if (line === undefined)
    throw new ReplyRefusal('unanchored', `${path} has no function ${name} to replace; send a diff.`, path)
  if (others.length > 0)
    throw new ReplyRefusal('ambiguous', `${path} has several functions ${name}; send a diff.`, path, {
      candidates: [line, ...others].slice(0, 3).map((one) => ({ path, line: one + 1 })),
    })
  return line
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
