import { reconsiders } from './second-thoughts.ts'
import { forbids, takesBack } from './withdrawal.ts'

/** How the prose between two changes relates them: both are meant, only the second, one of them, or it does not say. */
export type ReplyTurn = 'and' | 'instead' | 'or' | 'unclear'

const KINDS =
  '(?:option|variant|approach|alternative|choice|possibility|idea|solution|version|proposal|suggestion|candidate|way|method)'
const OR = [
  /^(?:and |but )?(?:alternatively|alternative|or|or else|as an alternative|failing that|as a (?:fallback|backup|last resort)|plan b)\b/,
  /^(?:a|the|some) different \w+/,
  new RegExp(`^(?:another|(?:a |the )?(?:second|third|other|2nd)|a different|one more) ${KINDS}\\b`),
  new RegExp(`^${KINDS} #?(?:[b-z]|[2-9]|two|three|four)\\b`),
  /^if you(?:'d| would)? (?:rather|prefer|like)\b|^instead of (?:the|this|that)\b/,
  /^you (?:could|can|may|might) (?:also|instead|alternatively)\b/,
]
/** At the beginning of the sentence that introduces a change: it is meant only in some case. */
const CONDITION = /^(?:and |but )?(?:if|in case|unless|otherwise|should (?:that|this|it))\b/
const WISH = /\bif you (?:do not|don't|would|prefer|rather|want|like|cannot)\b/
/** A change that is announced as a better form of another one. */
const BETTER =
  /^(?:and )?(?:(?:here is|here's|this is) )?(?:the |a |my )?(?:corrected|revised|fixed|updated|final|better|improved) (?:answer|patch|diff|version)\b|^(?:second|next|another|new) (?:attempt|try)\b|^attempt [2-9]\b/
const REPLACES =
  /\b(?:corrected|final|revised|fixed|updated|right|correct|proper|better|real|actual) (?:answer|patch|diff|version|fix|change|one|edit)\b|\binstead\b|\bnot (?:that|this)(?: one)?\b|\bin (?:its|their) place\b|\blet me\b|\b(?:ignore|disregard|discard|forget|scrap|scratch|replaces?|supersedes?)\b|\b(?:wrong|incorrect|not it|nothing to do with|not right)\b|\bat fault\b|\b(?:take|use|apply) this\b|\b(?:needed|wanted|required|meant) is (?:this|the following)\b|\bno[,.]/
const NEW_ONE = /^(?:corrected|revised|fixed|new|final|right|better)\b/
const ADDS =
  /\b(?:also|too(?=\s*(?:[.,;:!]|$))|as well|additionally|in addition|furthermore|besides|missed|forgot(?:ten)?|left out|one more|another (?:place|file|call|spot|line))\b/

const CHOICE =
  /\b(?:two|three|four|2|3|4|several|different|multiple|alternative) (?:ways|options|possibilities|alternatives|approaches|solutions|choices|variants)\b|\b(?:choose|pick|either) of\b|\b(?:apply|use|choose|pick|take|try|only|just) (?:only |just )?one of\b/

/** True where a reply says beforehand that its changes are alternatives. */
export function offersChoice(sentences: readonly string[]): boolean {
  return sentences.some((sentence) => CHOICE.test(sentence))
}

export function turnOf(sentences: readonly string[]): ReplyTurn {
  if (sentences.some((sentence) => OR.some((pattern) => pattern.test(sentence)))) return 'or'
  const introduced = sentences.at(-1) ?? ''
  if (CONDITION.test(introduced) || WISH.test(introduced)) return 'or'
  const takenBack = sentences.some(
    (sentence, at) => takesBack(sentence, at === 0) || forbids(sentence) || reconsiders(sentence, at === 0),
  )
  if (!takenBack) return sentences.some((sentence) => BETTER.test(sentence)) ? 'unclear' : 'and'
  if (sentences.some((sentence) => REPLACES.test(sentence) || NEW_ONE.test(sentence))) return 'instead'
  return sentences.some((sentence) => ADDS.test(sentence)) ? 'and' : 'unclear'
}
