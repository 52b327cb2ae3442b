const AGAIN = '(?:previous|earlier|prior|old|original|failed|rejected|refused|broken|faulty|last|first)'
const THING = '(?:patch|diff|change|attempt|version|edit|fix|commit|try|answer|proposal)'
/** What an author says of another's change, or of one that was made before, at the beginning of a sentence. */
const OPENING = `^(?:(?:this is|here is|here's|below is|for (?:reference|context|comparison)|history|recall|note|so far),?:? )?(?:what )?`
const DID =
  '(?:tried|sent|wrote|posted|proposed|suggested|submitted|gave|showed|quoted|did|made|applied|had|have|started with)'
const YOURS = [
  new RegExp(
    `${OPENING}you (?:have |already |first |just )*${DID}(?= (?:this|that|it|the following|a|the|here|so far|before)\\b|\\s*(?:[:.,]|$))`,
  ),
  new RegExp(`${OPENING}your (?:own |${AGAIN} )*${THING}s?\\b(?=.{0,20}\\b(?:was|were|did|changed|had|said|read)\\b)`),
]
const HISTORY = [
  new RegExp(String.raw`${OPENING}(?:the |a )?(?:commit|revision|changeset) \x60?[0-9a-f]{6,40}\b`),
  new RegExp(
    String.raw`${OPENING}.{0,60}\b(?:introduced (?:by|in|with|the|this|it)|(?:came in|came|goes back|stems|dates(?: back)?) (?:with|from|to))\b|${OPENING}.{0,20}\b${THING}.{0,40}\b(?:broke|caused|regressed|led to|is to blame|at fault|responsible)\b`,
  ),
  /\balready (?:applied|merged|committed|in the (?:tree|file|repository))\b|\bfrom the (?:log|history)\b/,
  /\b(?:was|were|has been|had been) (?:already )?(?:applied|tried|merged|committed|sent|proposed|rejected|refused|reverted)\b/,
  new RegExp(
    `^(?:a|the|this|one) (?:bad|wrong|naive|incorrect|broken|faulty) (?:${THING}|way|approach|solution|example)\\b`,
  ),
  /^\x60?git (?:show|log|blame)\b/,
]
const MAYBE = [
  /\b(?:commit|revision|changeset) \x60?[0-9a-f]{6,40}\b/,
  /\byou (?:have |had |already )*(?:tried|sent|wrote|posted|proposed|suggested|submitted|showed)\b/,
  /^attempt \d+\b.{0,20}\b(?:was|failed|did|broke|changed)\b/,
  new RegExp(`${OPENING}(?:the |my |an? |your )?(?:own )?${AGAIN} (?:attempt|try)\\b|^attempt 1\\b`),
  new RegExp(`\\byour (?:own |${AGAIN} )*${THING}\\b`),
]

/** How sure it is that the sentence before a change says it is not the author's answer. */
export function quotedBy(sentence: string): 'yes' | 'maybe' | 'no' {
  if (/^(?:here(?:'s| is)|this is) (?:your|the)\b/.test(sentence)) return 'no'
  if ([...YOURS, ...HISTORY].some((pattern) => pattern.test(sentence))) return 'yes'
  return MAYBE.some((pattern) => pattern.test(sentence)) ? 'maybe' : 'no'
}

/** True for what `git show` or `git log -p` prints: a commit that exists. */
export function isCommitShown(lines: readonly string[]): boolean {
  const at = lines.findIndex((line) => /^commit [0-9a-f]{7,40}\b/.test(line))
  return at >= 0 && lines.slice(at, at + 4).some((line) => /^Author: \S/.test(line))
}
