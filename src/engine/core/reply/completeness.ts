const NUMBERS: Readonly<Record<string, number>> = {
  one: 1,
  first: 1,
  two: 2,
  second: 2,
  three: 3,
  third: 3,
  four: 4,
  five: 5,
}
const N = String.raw`(\d{1,3}|one|two|three|four|five)`
const COUNTED = [
  new RegExp(
    String.raw`\b(?:part|patch|diff|step|piece|chunk|message|half|section|commit)s? #?${N} ?(?:of|\/|out of) ?${N}\b`,
  ),
  /^(\d{1,3}) ?\/ ?(\d{1,3})\)?:?$/,
  /\[patch[^\]]{0,40}? 0*(\d{1,3})\/(\d{1,3})\]/,
  /\bthe (first|second|third) (?:of|out of) (two|three|four|five|\d{1,3}) (?:patch|part|diff|change|step|message|hunk|commit|piece)/,
]
const CONTINUES =
  /\bto be continued\b|\bcontinued in (?:the|my|a) next\b|\b(?:rest|remainder|remaining \w+|other (?:half|part|hunks?|files?|changes?)|second (?:half|part)|next (?:part|patch)|(?:part|patch|step) (?:[2-9]|two|three))\b.{0,40}\b(?:follows?|comes? (?:next|later|in the next)|later|next (?:message|reply|answer|turn))\b/
const DEPENDS =
  /\b(?:not|n't|never|cannot)\b.{0,40}\b(?:on its own|by itself|in isolation|standalone|without (?:the (?:other|second|next|rest)|its|part))\b|\bincomplete without\b|^this (?:is|was) (?:only |just )?(?:the |a )?(?:first|second|third|other|one) (?:half|part|piece)\b|\bonly (?:half|a part|one half|the first (?:half|part)) of (?:the|a|it|this)\b/

/**
 * Whether a reply says that it lacks a part of its change. `sentences`: all of its prose; `last`: what stands after its last
 * change; `changes`: how many it has.
 */
export function lacksPart(sentences: readonly string[], last: readonly string[], changes: number): boolean {
  if (last.some((sentence) => CONTINUES.test(sentence) || DEPENDS.test(sentence))) return true
  if (changes === 1 && sentences.some((sentence) => CONTINUES.test(sentence) || DEPENDS.test(sentence))) return true
  const counted = sentences.flatMap((sentence) =>
    COUNTED.flatMap((pattern) => pattern.exec(sentence) ?? []).slice(1, 3),
  )
  const all = Math.max(0, ...counted.filter((_, at) => at % 2 === 1).map(numberOf))
  const seen = new Set(counted.filter((_, at) => at % 2 === 0).map(numberOf))
  return (
    all > 1 && all <= 100 && changes < all && Array.from({ length: all }, (_, at) => at + 1).some((n) => !seen.has(n))
  )
}

function numberOf(word: string): number {
  return NUMBERS[word] ?? Number(word)
}
