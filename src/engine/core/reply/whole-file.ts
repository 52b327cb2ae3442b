import { diffLines } from '../patch/index.ts'
import { firstDefinition } from './definitions.ts'
import type { FileDraft } from './file-draft.ts'
import { isBlank, looseKey } from './loose-keys.ts'
import { pathOfFenceInfo, pathWords } from './path-hints.ts'
import { type ReplyBlock, TAGGED } from './reply-blocks.ts'
import { ReplyRefusal } from './reply-outcome.ts'
import { lookUpPath } from './resolve-path.ts'

const KEPT = 0.6
const CREATES = /\b(create|new file|add(s|ing)?( a| the)?( new)? file|save (this|it|the)|write (this|it))\b/i

/**
 * A fenced block without a diff may be the whole content of a file that is named just before it, in its info, or in its first
 * line.
 */
export function readWhole(block: ReplyBlock, known: ReadonlySet<string>): FileDraft | null {
  if (block.kind === 'talk') return null
  const written = writtenBy(block)
  const named = written ?? pathOfFenceInfo(block.info) ?? lineHint(block) ?? ownHint(block, known)
  if (named === null) return null
  const lines = commented(block, named) ? block.lines.slice(1) : block.lines
  const head = { format: 'whole file', paths: [named], hinted: written === null, prefixed: false, mode: null }
  const says = written === null ? (!isKnown(named, known) && announced(block) ? 'write' : 'code') : saysOf(block)
  return { ...head, wish: 'write', lines, says }
}

/** The file that a heredoc writes: cat > path, tee path. */
function writtenBy(block: ReplyBlock): string | null {
  if (block.kind !== 'heredoc') return null
  if (/>>/.test(block.info) || /\btee -a\b/.test(block.info))
    throw new ReplyRefusal('unanchored', 'Appending to a file does not show the lines around the change; send a diff.')
  const path =
    /(?:^|\s|\d)>\|?\s*(?!\/dev\/null\b)(["']?)([^\s"'|;&]+)\1/.exec(block.info) ??
    /\btee\s+(["']?)([^\s"'|;&]+)\1/.exec(block.info)
  return path?.[2] ?? null
}

/** A tag that names a file may contain only a part of it; what a shell writes is the whole file. */
function saysOf({ info }: ReplyBlock): 'write' | 'file' {
  return info.startsWith(TAGGED) ? 'file' : 'write'
}

/** A path in the line before the block, if the line is only this path or names no other. */
function lineHint(block: ReplyBlock): string | null {
  const line = block.before[0]
  if (line === undefined) return null
  const words = pathWords(line).filter((word) => /[./]/.test(word))
  const marked = [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
  const one = words.filter((word) => marked.length === 0 || marked.includes(word))
  return one.length === 1 ? (one[0] ?? null) : null
}

/** A path in a comment that is the block's first line. */
function ownHint(block: ReplyBlock, known: ReadonlySet<string>): string | null {
  const first = block.lines[0] ?? ''
  if (!/^\s*(#|\/\/|\/\*|<!--|--|;)/.test(first)) return null
  const words = pathWords(first).filter((word) => word.includes('/') || isKnown(word, known))
  return words.length === 1 ? (words[0] ?? null) : null
}

function commented(block: ReplyBlock, named: string): boolean {
  const first = (block.lines[0] ?? '').trim()
  return /^(#|\/\/|\/\*|<!--|--|;)/.test(first) && first.length < named.length + 20 && first.includes(named)
}

function isKnown(path: string, known: ReadonlySet<string>): boolean {
  return lookUpPath(path, known, false).is !== 'none'
}

function announced(block: ReplyBlock): boolean {
  return (
    block.before.some((line) => CREATES.test(line)) ||
    pathWords(block.before[0] ?? '')[0] === block.before[0]?.replace(/^[#\s`*]+|[`*:]+$/g, '')
  )
}

/** True if the lines may replace the file: either a shell writes them, or they look like the whole file. */
export function mayReplaceFile(
  says: 'write' | 'file' | 'code',
  before: readonly string[],
  after: readonly string[],
): boolean {
  if (says === 'write') return true
  if (says === 'code' && isTail(before, after)) return false
  if (isWholeFile(before, after)) return true
  if (says === 'code' || after.length < before.length * KEPT) return false
  const removed = diffLines(before.map(looseKey), after.map(looseKey)).reduce((sum, change) => sum + change.removed, 0)
  return before.length <= 2 || removed <= before.length * KEPT
}

/** True if the new lines begin with a function that stands below the head of the file: they are a piece of it. */
function isTail(before: readonly string[], after: readonly string[]): boolean {
  const first = firstDefinition(after)
  if (first === null) return false
  const [head] = diffLines(before.map(looseKey), after.map(looseKey))
  return head !== undefined && head.at === 0 && head.removed > 0 && head.added.length === 0
}

/**
 * True if the new lines are clearly the whole file and not a part of it: most of the file is kept, including its first and
 * last line.
 */
export function isWholeFile(before: readonly string[], after: readonly string[]): boolean {
  const old = before.map(looseKey).filter((key) => !isBlank(key))
  const young = after.map(looseKey).filter((key) => !isBlank(key))
  if (old.length === 0) return true
  const changes = diffLines(old, young)
  const removed = changes.reduce((sum, change) => sum + change.removed, 0)
  const touched = (at: number): boolean => changes.some((change) => at >= change.at && at < change.at + change.removed)
  return (
    removed <= old.length * (1 - KEPT) &&
    !(touched(0) && touched(old.length - 1)) &&
    (!touched(0) || !touched(1)) &&
    (!touched(old.length - 1) || !touched(old.length - 2))
  )
}
