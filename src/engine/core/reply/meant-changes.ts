import { inFull } from './change-words.ts'
import { lacksPart } from './completeness.ts'
import { announces, isExplained, wordsOfCode } from './explained.ts'
import { warnsOf } from './lead-in.ts'
import { sentencesOf } from './prose.ts'
import { isCommitShown, quotedBy } from './quoted-changes.ts'
import { ReplyRefusal } from './reply-outcome.ts'
import { type ReplyPart, replyParts } from './reply-parts.ts'
import { reconsiders } from './second-thoughts.ts'
import { offersChoice, type ReplyTurn, turnOf } from './turns.ts'
import { amends, forbids, takesBack } from './withdrawal.ts'

/** What the author of a reply wants read of it. */
export interface MeantChanges {
  /** The whole reply without what is only quoted. */
  readonly all: string
  /** Texts of which each is a complete answer; they have to mean the same. Empty: `all` is the answer. */
  readonly choices: readonly string[]
  /** What follows a sentence that takes the changes before it back; null if there is none. `sure`: nothing else is meant. */
  readonly last: { readonly text: string; readonly sure: boolean } | null
}

/** How many sentences after a change are looked at for second thoughts; nobody waits longer with them. */
const MOST_THOUGHTS = 50

/**
 * Reads the prose around the changes of an unwrapped reply: a change that is quoted, taken back or only a part of one is not
 * applied. Throws `ReplyRefusal` if that leaves none.
 */
export function meantChanges(text: string, known: ReadonlySet<string>): MeantChanges {
  const parts = replyParts(text, known)
  const meant = withoutQuoted(parts)
  const changes = meant.filter(isChange)
  refuseWithdrawn(meant, changes.length)
  const turns = turnsOf(meant)
  const without = (gone: (part: ReplyPart) => boolean): string =>
    withoutLines(text, [...parts.filter((part) => !meant.includes(part)), ...meant.filter(gone)])
  const all = without(() => false)
  const choices = choicesOf(meant, turns, without)
  const back = turns.findLastIndex(({ turn }) => turn === 'instead' || turn === 'unclear')
  const turn = turns[back]
  if (choices.length > 0 || turn === undefined) return { all, choices, last: null }
  const last = without((part) => isChange(part) && part.from < turn.to)
  return { all, choices, last: { text: last, sure: turn.turn === 'instead' } }
}

function isChange({ is }: ReplyPart): boolean {
  return is === 'change' || is === 'call'
}

/** The parts without changes that the reply only quotes, if it has others. */
function withoutQuoted(parts: readonly ReplyPart[]): readonly ReplyPart[] {
  const quotes = parts.map((part, at) => (isChange(part) ? quoteOf(parts, at) : 'no'))
  const left = parts.some((part, at) => isChange(part) && quotes[at] === 'no')
  if (left) return parts.filter((_, at) => quotes[at] === 'no')
  if (quotes.includes('yes') && !quotes.includes('maybe'))
    throw new ReplyRefusal(
      'withdrawn',
      'The reply only quotes a patch that exists; send the patch that is to be applied.',
    )
  return parts
}

function quoteOf(parts: readonly ReplyPart[], at: number): 'yes' | 'maybe' | 'no' {
  if (isCommitShown(parts[at]?.lines ?? [])) return 'maybe'
  const before = parts[at - 1]
  const sentence = before?.is === 'prose' ? sentencesOf(before.lines).at(-1) : undefined
  return sentence === undefined ? 'no' : quotedBy(sentence)
}

/** Refuses a change that its author does not want applied, or not without the rest of it. */
function refuseWithdrawn(parts: readonly ReplyPart[], changes: number): void {
  if (changes === 0) return
  const at = parts.findLastIndex(isChange)
  const after = sentencesOf(proseOf(parts.slice(at + 1)))
  if (lacksPart(sentencesOf(proseOf(parts)), after, changes))
    throw new ReplyRefusal(
      'truncated',
      'The reply says that it is only a part of the change; send all of it in one diff.',
    )
  const back = takenBackIn(parts, after)
  const warned = changes === 1 ? warningIn(parts) : undefined
  const said = back ?? warned
  if (said === undefined) return
  const sentence = JSON.stringify(said.slice(0, 120))
  throw new ReplyRefusal(
    'withdrawn',
    `The reply takes its patch back or changes it in words, or says something else beside it (${sentence}); send only the patch that is to be applied.`,
  )
}

/** Of the sentences after the last change, the first one that takes it back, changes it, or does not explain it. */
function takenBackIn(parts: readonly ReplyPart[], after: readonly string[]): string | undefined {
  const added = parts.filter(isChange).flatMap(({ lines }) => lines.filter((line) => !line.startsWith('-')))
  const text = added.join('\n').toLowerCase()
  // What was spoken of before a change may be named again after it.
  const before = proseOf(parts.slice(0, parts.findIndex(isChange)))
  const known = new Set([...wordsOfCode(codeOf(parts)), ...wordsOfCode(before)])
  // "Hmm." says nothing by itself.
  const opening = after.find((one) => one.split(' ').length > 2) ?? after[0]
  return after.find((one, n) => {
    const first = one === after[0] || one === opening
    if (forbids(one) || takesBack(one, first) || amends(one, text)) return true
    return n < MOST_THOUGHTS && (reconsiders(one, first) || !isExplained(inFull(labelled(after, n)), known, first))
  })
}

/** Of the sentences before the changes, one that warns of them, or does not introduce them. */
function warningIn(parts: readonly ReplyPart[]): string | undefined {
  const ahead = parts.flatMap((part, n) =>
    isChange(part) && n > 0 ? sentencesOf(proseOf(parts.slice(n - 1, n))).slice(-2) : [],
  )
  const lead = ahead.at(-1)
  const isOdd = lead !== undefined && (warnsOf(lead) || isStrange(lead, wordsOfCode(codeOf(parts))))
  return ahead.find(forbids) ?? (isOdd ? lead : undefined)
}

function codeOf(parts: readonly ReplyPart[]): readonly string[] {
  return parts.filter(({ is }) => is !== 'prose').flatMap(({ lines }) => lines)
}

/** A label such as "Root cause:" has at most so many words. */
const LABEL = 2

/** A sentence with the label that introduces it; of a label, what it introduces. */
function labelled(sentences: readonly string[], at: number): string {
  const isLabel = (one = ''): boolean => one.endsWith(':') && one.split(' ').length <= LABEL
  const [before, one = '', after] = [sentences[at - 1], sentences[at], sentences[at + 1]]
  if (isLabel(before)) return `${before} ${one}`
  return isLabel(one) && after !== undefined ? `${one} ${after}` : one
}

/** A single word may be a heading, or a name that a program wrote. */
function isStrange(lead: string, code: ReadonlySet<string>): boolean {
  return lead.includes(' ') && !announces(inFull(lead), code)
}

/** The lines of prose, and those of changes that mail programs put above a patch. */
function proseOf(parts: readonly ReplyPart[]): readonly string[] {
  return parts.flatMap(({ is, lines }) => (is === 'prose' ? lines : lines.filter((line) => /^subject: /i.test(line))))
}

interface TurnAt {
  readonly turn: ReplyTurn
  /** The first line of the change after it. */
  readonly to: number
}

/** For each change but the first: how it is related to what stands before it. */
function turnsOf(parts: readonly ReplyPart[]): TurnAt[] {
  const first = parts.findIndex(isChange)
  const choice = offersChoice(sentencesOf(proseOf(parts.slice(0, Math.max(0, first)))))
  return parts.flatMap((part, at): TurnAt[] => {
    if (!isChange(part) || at <= first) return []
    const before = parts.slice(parts.findLastIndex((one, n) => n < at && isChange(one)) + 1, at)
    const turn = turnOf(sentencesOf(proseOf(before)))
    return [{ turn: choice && turn === 'and' ? 'or' : turn, to: part.from }]
  })
}

/** The alternatives of a reply: what stands between its offers, and a call beside changes that are not calls. */
function choicesOf(
  parts: readonly ReplyPart[],
  turns: readonly TurnAt[],
  without: (gone: (part: ReplyPart) => boolean) => string,
): string[] {
  const calls = parts.some(({ is }) => is === 'call')
  if (calls && parts.some(({ is }) => is === 'change'))
    return (['change', 'call'] as const).map((is) => without((part) => isChange(part) && part.is !== is))
  const bounds = turns.filter(({ turn }) => turn === 'or').map(({ to }) => to)
  if (bounds.length === 0) return []
  const ends = [...bounds, Number.POSITIVE_INFINITY]
  return ends.map((end, n) =>
    without((part) => isChange(part) && (part.from >= end || part.from < (bounds[n - 1] ?? 0))),
  )
}

function withoutLines(text: string, gone: readonly ReplyPart[]): string {
  const lines = text.split('\n')
  for (const { from, to } of gone) lines.fill('', from, Math.min(to, lines.length))
  return lines.join('\n')
}
