import type { SearchBudget } from './align-lines.ts'
import { applyDrafts } from './apply-drafts.ts'
import { collectDrafts, collectPairs } from './collect-drafts.ts'
import { meantChanges } from './meant-changes.ts'
import {
  type ProposedEdits,
  type RefusedReply,
  type ReplyFiles,
  type ReplyOutcome,
  ReplyRefusal,
} from './reply-outcome.ts'
import { unwrapReply } from './unwrap.ts'
import { sameBytes } from './whole-content.ts'

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
  return outcomeOf(() => {
    if (reply.length > MAX_REPLY)
      throw new ReplyRefusal('format', `The reply has ${reply.length} characters; at most ${MAX_REPLY} are read.`)
    if (linesOf(reply) > MAX_LINES) throw new ReplyRefusal('format', `The reply has more than ${MAX_LINES} lines.`)
    const reading: ReplyReading = { files, known: new Set(files.list()), effort: { left: MAX_EFFORT } }
    return readMeant(unwrapReply(reply), reading)
  })
}

interface ReplyReading {
  readonly files: ReplyFiles
  readonly known: ReadonlySet<string>
  readonly effort: SearchBudget
}

/** Reads what the author of the reply means; without a single answer, the reply is refused. */
function readMeant(text: string, reading: ReplyReading): ReplyOutcome {
  const { all, choices, last } = meantChanges(text, reading.known)
  if (choices.length > 0) return onlyChoice(choices.map((choice) => readText(choice, reading)))
  const note = 'the last answer of the reply, which takes the others back'
  if (last?.sure === true) return noted(readText(last.text, reading), note)
  const whole = readText(all, reading)
  if (last === null) return whole
  const end = readText(last.text, reading)
  if (whole.ok && (!end.ok || !sameEdits(whole, end)))
    throw new ReplyRefusal(
      'conflict',
      'The reply does not say whether its later patch replaces the earlier one; send one patch.',
    )
  return end.ok ? noted(end, note) : whole
}

function noted(outcome: ReplyOutcome, note: string): ReplyOutcome {
  return outcome.ok ? { ...outcome, notes: [...outcome.notes, note] } : outcome
}

/** The outcome of alternatives that all mean the same. */
function onlyChoice(outcomes: readonly ReplyOutcome[]): ReplyOutcome {
  const [first, ...others] = outcomes
  const bad = outcomes.find((one) => !one.ok)
  if (bad !== undefined) return bad
  if (first?.ok === true && others.every((other) => other.ok && sameEdits(first, other))) return first
  throw new ReplyRefusal('conflict', 'The reply offers alternatives that differ; send one of them.')
}

function sameEdits(a: ProposedEdits, b: ProposedEdits): boolean {
  return (
    a.edits.size === b.edits.size &&
    [...a.edits].every(([path, bytes]) => {
      const other = b.edits.get(path)
      return bytes === null || other === null || other === undefined ? bytes === other : sameBytes(bytes, other)
    })
  )
}

/** Reads a text as pairs of before and after, as a reply in any other form, or as one that was escaped as HTML. */
function readText(text: string, reading: ReplyReading): ReplyOutcome {
  const paired = attemptPairs(text, reading)
  if (paired?.ok) return paired
  const first = attempt(text, reading)
  if (first.ok || first.reason !== 'no-match') return first.ok ? first : (paired ?? first)
  const unescaped = unescapedMarkup(text)
  const outcome = unescaped === null ? first : attempt(unwrapReply(unescaped), reading)
  return outcome.ok ? noted(outcome, 'the reply was escaped as HTML') : (paired ?? first)
}

/**
 * Null: the reply does not consist of pairs of before and after. A refusal of the pairs is more useful than a refusal of
 * their blocks one by one.
 */
function attemptPairs(text: string, { files, known, effort }: ReplyReading): ReplyOutcome | null {
  return outcomeOf(() => {
    const drafts = collectPairs(text, known)
    return drafts.length === 0 ? null : applyDrafts(drafts, files, effort)
  })
}

function attempt(text: string, { files, known, effort }: ReplyReading): ReplyOutcome {
  return outcomeOf(() => applyDrafts(collectDrafts(text, known), files, effort))
}

function outcomeOf<T>(read: () => T): T | RefusedReply {
  try {
    return read()
  } catch (error) {
    if (error instanceof ReplyRefusal) return error.refused
    throw error
  }
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
