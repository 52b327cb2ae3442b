import type { SearchBudget } from './align-lines.ts'
import { applyDrafts } from './apply-drafts.ts'
import { afterRetraction, collectDrafts, collectPairs } from './collect-drafts.ts'
import { type RefusedReply, type ReplyFiles, type ReplyOutcome, ReplyRefusal } from './reply-outcome.ts'

/** In characters. Longer replies are refused unread; a policy's limit on patches is far lower. */
const MAX_REPLY = 2_000_000
const MAX_LINES = 100_000
/** The number of lines that may be examined while hunks are placed; that takes some seconds at most. */
const MAX_EFFORT = 5_000_000

/**
 * What a model's reply does to the files: all of it or nothing. Reads unified and git diffs, codex patches, SEARCH/REPLACE
 * blocks, whole files, and JSON around any of them, fenced or not; docs/diffs.md has the rules. Never guesses a place: if
 * there is no single answer, the reply is refused with a reason. Touches only paths that it has checked.
 */
export function proposeEdits(reply: string, files: ReplyFiles): ReplyOutcome {
  try {
    if (reply.length > MAX_REPLY)
      throw new ReplyRefusal('format', `The reply has ${reply.length} characters; at most ${MAX_REPLY} are read.`)
    if (linesOf(reply) > MAX_LINES) throw new ReplyRefusal('format', `The reply has more than ${MAX_LINES} lines.`)
    const effort: SearchBudget = { left: MAX_EFFORT }
    const paired = attemptPairs(reply, files, effort)
    if (paired?.ok) return paired
    const first = attempt(reply, files, effort)
    if (first.ok) return first
    return otherReading(first, reply, files, effort) ?? paired ?? first
  } catch (error) {
    if (error instanceof ReplyRefusal) return error.refused
    throw error
  }
}

/**
 * Null: the reply does not consist of pairs of before and after. A refusal of the pairs is more useful than a refusal of
 * their blocks one by one.
 */
function attemptPairs(reply: string, files: ReplyFiles, effort: SearchBudget): ReplyOutcome | null {
  return outcomeOf(() => {
    const drafts = collectPairs(reply, new Set(files.list()))
    return drafts.length === 0 ? null : applyDrafts(drafts, files, effort)
  })
}

function attempt(reply: string, files: ReplyFiles, effort: SearchBudget): ReplyOutcome {
  return outcomeOf(() => applyDrafts(collectDrafts(reply, new Set(files.list())), files, effort))
}

function outcomeOf<T>(read: () => T): T | RefusedReply {
  try {
    return read()
  } catch (error) {
    if (error instanceof ReplyRefusal) return error.refused
    throw error
  }
}

/** Tries to read a refused reply in another way: as escaped HTML, or only the part after a retraction. */
function otherReading(
  { reason }: RefusedReply,
  reply: string,
  files: ReplyFiles,
  effort: SearchBudget,
): ReplyOutcome | null {
  if (reason !== 'no-match' && reason !== 'conflict') return null
  const readings: readonly (readonly [string | null, string])[] = [
    [reason === 'no-match' ? unescapedMarkup(reply) : null, 'the reply was escaped as HTML'],
    [afterRetraction(reply), 'the last answer of the reply, which takes the others back'],
  ]
  for (const [text, note] of readings) {
    const outcome = text === null ? null : attempt(text, files, effort)
    if (outcome?.ok === true) return { ...outcome, notes: [...outcome.notes, note] }
  }
  return null
}

const ENTITY = /&(lt|gt|amp|quot|#0?39|#x27|apos);/g
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

const TAG = /<\/?(?:pre|code|div|span|p|br)\b[^<>]{0,200}>/gi

/** The original text of a reply in which every character that HTML escapes is escaped; null for any other reply. */
function unescapedMarkup(reply: string): string | null {
  const text = reply.replace(TAG, '')
  if (text.search(ENTITY) < 0 || /[<>]|&(?!\w+;|#\w+;)/.test(text)) return null
  return text.replace(ENTITY, (_, name: string) => ENTITIES[name] ?? "'")
}

function linesOf(reply: string): number {
  let lines = 1
  for (let at = reply.indexOf('\n'); at >= 0; at = reply.indexOf('\n', at + 1)) lines += 1
  return lines
}
