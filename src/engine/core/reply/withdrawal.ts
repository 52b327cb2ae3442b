import { codeIn } from './prose.ts'

// All sentences here are in lower case, as `sentencesOf` gives them.

const THING = `(?:(?:code|whole|above|following|first|last|previous|second|entire|proposed|suggested) )*(?:patch|diff|change|edit|hunk|fix|answer|suggestion|modification|snippet|replacement)(?:e?s)?`
/** A patch by name, or by a pronoun with nothing of its own after it. */
const IT = String.raw`(?:(?:the|this|that|these|those|my|both|either|any|any of the|all of the) ${THING}|(?:the|what is) (?:above|following|below)|it|them|(?:this|that|these|those|any of (?:it|this)|both)(?=\s*(?:[.,;:!?]|-|$|yet|as\b|until|before|unless|for now|now|here|because|since|without)))\b`
const NOT = `(?:(?:do|must|should|would|can|could|may|shall|ought|need|let's|please)(?: not|n't)(?: to)?|cannot|never|rather not|better not|refrain from|avoid)`
const ADVERBS = `(?: (?:actually|just|yet|really|blindly|please|simply|ever|directly|try to|want to|go and|even|ever|be))*`
/** Verbs that are hardly said of anything but a patch. */
const STRONG =
  'appl(?:y|ied|ying)|merg(?:e|ed|ing)|commit(?:ted|ting)?|submit(?:ted)?|land(?:ed)?|ship(?:ped)?|adopt(?:ed)?|push(?:ed)?|accept(?:ed)?'
const END = String.raw`(?=\s*(?:[.,;:!?]|-|$|yet|as (?:it|is)|until|before|unless|for now|on its own|alone))`
const SUBJECT = `(?:(?:the|this|that|my) ${THING}(?: above| below)?|(?:the|what is) above|this|that)`
/** What a sentence may say that a patch should not do, without forbidding the patch. */
const HARMLESS =
  'change|touch|affect|alter|modify|break|need|require|have|make|cause|influence|hurt|matter|slow|fail|raise|throw|happen|differ|occur|add|introduce|interfere|conflict|lead|be (?:a problem|necessary|needed|an issue|affected|changed)'

const words = (pattern: string): RegExp => new RegExp(pattern)

/** What says that a patch is not to be applied. */
const FORBIDS = [
  words(String.raw`\b${NOT}${ADVERBS} (?:${STRONG})(?: ${IT}|${END})`),
  words(String.raw`\b${NOT}${ADVERBS} (?!worry|forget|hesitate|need|mind)\w+(?: \w+)? (?!it\b|them\b)${IT}`),
  words(
    String.raw`^(?:(?:so|but|and|note|please)[,:]? (?:that )?)*${SUBJECT} (?:should|must|can|may|ought|is)(?: not|n't|not)(?: to)? (?:yet )?(?!${HARMLESS}|\w+ (?:tests?|callers?)\b)\w+`,
  ),
  words(
    String.raw`\bnot (?:yet )?(?:meant|intended|supposed|ready|fit|safe|something) (?:to|for) (?:be )?(?:${STRONG}|us\w+|tak\w+|production)`,
  ),
  words(
    String.raw`\bwhat (?:not to|(?:you|one|we) (?:must|should|can)(?: not|n't)) (?:do|use|write|apply)\b|\bhow not to\b`,
  ),
  words(
    String.raw`\bfor (?:illustration|demonstration)\b|\b(?:only|just|merely|purely) (?:an? )?(?:illustrat\w+|sketch|draft|demonstration|pseudo-?code)\b`,
  ),
  words(
    String.raw`\b(?:only|just|merely)\b.{0,30}\b(?:${THING})\b.{0,20}\b(?:to (?:show|illustrate|demonstrate|explain)|as an? (?:example|illustration|sketch))\b`,
  ),
  words(
    String.raw`\b(?:it|${SUBJECT})(?:'s| is)? (?:not|no|hardly) (?:a |an |the |my |yet )*(?:real |final |actual |complete |working |proper )*(?:${THING}|solution|proposal)\b`,
  ),
  words(String.raw`^(?:please |but |so )*(?:hold off|hold back|wait with|wait before|stop before)\b`),
]

/** A change that was announced is taken back, or will be replaced. */
const TAKES_BACK = [
  words(
    String.raw`^(?:(?:so|please|actually|and|but|then|now|just|ok|okay|on reflection|better|you (?:should|can|may)),? )*(?:ignore|disregard|discard|drop|scrap|forget|revert|undo|skip|withdraw|retract|reject|throw away|leave|remove|delete|set aside|cancel)(?: about| out)? (?!.*\bif )${IT}`,
  ),
  words(
    String.raw`\bi(?:'ll| will| must| have to| would| hereby| now)* (?:take|withdraw|retract|revoke|cancel)\b.{0,60}\b(?:this|that|it|back|patch|diff|change|answer)\b`,
  ),
  words(
    String.raw`\b(?:let me|i(?:'ll| will| shall| have to| need to)|allow me to)\b.{0,20}\b(?:fix|correct|redo|rewrite|revise|try again|start over|amend|rethink)\b`,
  ),
]

const INTERJECTION = words(
  String.raw`^(?:(?:oh|hmm+|ah|but|and|well|ok|okay|actually)[,.!]? )*(?:(?:wait|hold on|hang on|oops|whoops|never ?mind)(?= ?[,.:;!]| ?-|$| no\b|, )|scratch that|strike that|correction\b|on (?:second thoughts?|reflection)|(?:hmm+[,.]? )no\b|my (?:mistake|bad)\b)`,
)
const FAULT = words(
  String.raw`\bi (?:(?:have |just |also )*(?:made|see|spotted|introduced) (?:a|an|another) (?:\w+ )?(?:mistake|error|typo|slip)|(?:was|am) (?:wrong|mistaken)|(?:misread|mistyped|overlooked|mixed up|got))\b`,
)
const EARLIER = /\b(?:earlier|previous|prior|last (?:time|attempt|try)|first attempt)\b/
const BAD = `(?:wrong|off|incorrect|broken|incomplete|invalid|buggy|mistaken|mistyped|outdated|stale|missing|not (?:right|correct|it|complete|enough|quite right|what))`
const PLACE = String.raw`(?:(?:last|first|second|third|fourth|added|removed|new|changed|next|final|middle|context|\d+(?:st|nd|rd|th)?) )*(?:line|lines|hunk|hunk header|header|path|file name|indent|indentation|replacement|block)`
const PART = `(?:(?:the|this|that|these|those|my) (?:${THING}|${PLACE})(?: above| below)?|(?:the|what is) above)`
const OPENS = `^(?:(?:but|no|hmm+|well|actually|oh|note|sorry|and|however|unfortunately|ah)[,.:]? (?:that )?)*`
const JUDGED = [
  words(String.raw`${OPENS}${PART} (?:(?:is|are|looks?|seems?)\b(?: \w+)? ${BAD}|lacks?|misses)\b`),
  words(String.raw`\b(?:mistake|error|typo|slip|bug|fault)s? in ${PART}`),
  words(
    String.raw`${OPENS}${PART} (?:has|have|contains?) (?:still )?(?:a|an|one|some|another) (?:\w+ )?(?:mistake|error|typo|slip|bug|fault)s?\b`,
  ),
]
const IT_IS_BAD = words(
  String.raw`^(?:(?:but|no|hmm+|well|actually|oh|sorry)[,.]? )*(?:that|this|it)(?:'s| is| was| looks| seems)(?: \w+)? ${BAD}\b|^(?:(?:but|no|hmm+|well|actually|oh)[,.]? )*(?:that|this|it) (?:will not|won't|would not|wouldn't|cannot|can't|does not|doesn't) (?:work|compile|help|do|suffice|pass|mend|fix)\b|^(?:no|nope)[,.:;]`,
)

/** A part of the patch is said to have another form than it has. */
const AMENDS = [
  words(String.raw`\b(?:the|that|this|my) ${PLACE}\b.{0,60}\b(?:should|must|needs?|ought to|has to|have to)\b`),
  words(
    String.raw`\b${SUBJECT} (?:should|must|needs? to|ought to|has to) (?:also |instead |rather |really )*(?:read|say|look|have|use|return|change|cover|handle|be changed)\b`,
  ),
  words(
    String.raw`\b(?:in|on|of|after|before) (?:the|that|this) ${PLACE}\b.{0,60}\b(?:replace|change|use|swap|insert|remove|delete|add|write)\b`,
  ),
  words(
    String.raw`^(?:please |then |and |but )*(?:replace|change|swap|rename|insert|remove|delete|add)\b.{0,80}\b(?:in|of|from|to) (?:the|this|that) (?:${THING}|${PLACE})\b`,
  ),
]

const meets = (sentence: string, patterns: readonly RegExp[]): boolean => patterns.some((one) => one.test(sentence))

/** True: the sentence forbids to apply what it is about. */
export function forbids(sentence: string): boolean {
  return meets(sentence, FORBIDS)
}

/**
 * True for a sentence after a change with which its author takes it back or finds a fault in it. `first`: it stands directly
 * after the change, so that a pronoun means the change.
 */
export function takesBack(sentence: string, first: boolean): boolean {
  if (meets(sentence, TAKES_BACK) || INTERJECTION.test(sentence)) return true
  if (meets(sentence, JUDGED) && !EARLIER.test(sentence)) return true
  return (FAULT.test(sentence) && !EARLIER.test(sentence)) || (first && IT_IS_BAD.test(sentence))
}

/**
 * True for a sentence that wants another line than the change has. A sentence that only names code of the change explains it.
 * `added`: the text of the change, in lower case.
 */
export function amends(sentence: string, added: string): boolean {
  if (!meets(sentence, AMENDS)) return false
  const code = codeIn(sentence)
  return code.length === 0 || code.some((piece) => !added.includes(piece))
}
