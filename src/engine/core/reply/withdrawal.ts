import { isImperative } from './change-words.ts'
import { codeIn } from './prose.ts'

// All sentences here are in lower case, as `sentencesOf` gives them. The rules ask who is spoken of (the patch, or a part of it)
// and what is said of it (that it is not to be used, that it is wrong, that it should be another).

const NOUN =
  '(?:patch|diff|change|edit|hunk|fix|answer|suggestion|modification|snippet|replacement|proposal|version)(?:e?s)?'
const THING = `(?:(?:code|whole|above|following|first|last|second|entire|proposed|suggested) )*${NOUN}`
const LINES =
  '(?:(?:`[-+]`|[-+\\w]+) ){0,3}?(?:lines?|hunk header|header|path|file name|indent|indentation|block|context)'
const THAT = '(?:the|this|that|these|those|my|both|either|any|any of the|all of the)'
/** A patch or a part of it, by name. */
const PART = `(?:${THAT} (?:${THING}|${LINES})(?: (?:above|below))?|(?:the|what is) (?:above|following|below))`
/** A patch by name, or by a pronoun with nothing of its own after it. */
const IT = String.raw`(?:${THAT} ${THING}|(?:the|what is) (?:above|following|below)|it|them|(?:this|that|these|those|any of (?:it|this)|both)(?=\s*(?:[.,;:!?]|-|$|yet|as\b|until|before|unless|for now|now|here|because|since|without)))\b`
/** The same at the head of a sentence or a clause. */
const SUBJECT = String.raw`(?:^|[,;] |\b(?:that|so|and|but|because|note) )(?:(?:the|this|that|my) ${THING}(?: above| below)?|(?:the|what is) above|this|that)(?: (?:alone|itself|still))?`
const NOT =
  "(?:(?:do|must|should|would|can|could|may|shall|ought|let's|please)(?: not|n't)(?: to)?|cannot|never|rather not|better not|refrain from|avoid|not for|not to be)"
const ADVERBS = '(?: (?:actually|just|yet|really|blindly|please|simply|ever|directly|try to|want to|go and|even|be))*'
const USE =
  'appl(?:y|ied|ying)|merg(?:e|ed|ing)|commit(?:ted|ting)?|submit(?:ted)?|land(?:ed)?|ship(?:ped)?|adopt(?:ed)?|push(?:ed)?|accept(?:ed)?|recommend(?:ed)?'
/** What may follow such a verb if it has no other object than the patch. */
const NO_OBJECT = String.raw`(?=\s*(?:[.,;:!?]|-|$|(?:yet|as (?:it|is)|until|before|unless|for now|now|here|on its own|alone|either)\b))`
/** What a patch may be said not to do without being forbidden. */
const HARMLESS =
  'change|touch|affect|alter|modify|break|need|require|have|make|cause|influence|hurt|matter|slow|fail|raise|throw|happen|differ|occur|add|introduce|interfere|conflict|lead|be (?:a problem|necessary|needed|an issue|affected|changed)'

const words = (pattern: string): RegExp => new RegExp(pattern)

/** What says that a patch is not to be applied. */
const FORBIDS = [
  words(String.raw`\b${NOT}${ADVERBS} (?:${USE})(?: ${IT}|${NO_OBJECT})`),
  words(String.raw`\b${NOT}${ADVERBS} us(?:e|ed|ing) ${IT}|\bnot to be (?:used|${USE})`),
  words(String.raw`\b${NOT} (?:change|touch|do|apply) anything(?! else)\b`),
  words(
    String.raw`\bi (?:no longer|do not|don't|cannot|can't)(?: really)? (?:stand by|believe in|trust|endorse|like|want) ${IT}`,
  ),
  words(String.raw`\b${NOT}${ADVERBS} (?!worry|forget|hesitate|need|mind)\w+(?: \w+)? (?!it\b|them\b)${IT}`),
  words(
    String.raw`^(?:please |but |so |and )*(?:do not|don't|never) (?!worry|forget|hesitate|need|mind|let|rely)\w+ (?:with |about |on |by |to |at )?(?:this|it|them|that|these|the following)(?! (?:is|are|was|does|did|the)\b)`,
  ),
  words(
    String.raw`${SUBJECT} (?:should|must|can|may|ought)(?: not|n't|not)(?: to)? (?:yet )?(?!${HARMLESS}|\w+ (?:tests?|callers?)\b)\w+`,
  ),
  words(
    String.raw`\bnot (?:yet )?(?:meant|intended|supposed|ready|fit|safe|something) (?:to|for) (?:be )?(?:${USE}|us\w+|tak\w+|production)`,
  ),
  words(
    String.raw`\bwhat (?:not to|(?:you|one|we|i) (?:must|should|can|would)(?: not|n't)) (?:do|use|write|apply|recommend)\b|\bhow not to\b`,
  ),
  words(
    String.raw`\bfor (?:illustration|demonstration)\b|\b(?:only|just|merely|purely) (?:an? )?(?:illustrat\w+|sketch|draft|demonstration|pseudo-?code)\b`,
  ),
  words(
    String.raw`\b(?:only|just|merely)\b.{0,30}\b${NOUN}\b.{0,20}\b(?:to (?:show|illustrate|demonstrate|explain)|as an? (?:example|illustration|sketch))\b`,
  ),
  words(
    `\\b(?:not|no|hardly) (?:a |an |the |my |yet )+(?:real |final |actual |complete |working |proper )*(?:patch|diff|fix|answer|solution|proposal|recommendation|suggestion)\\b`,
  ),
  words('^(?:please |but |so )*(?:hold off|hold back|wait with|wait before|stop before)\\b'),
]

/** A change that was announced is taken back, or will be replaced. */
const TAKES_BACK = [
  words(
    String.raw`(?<!\b(?:to|not|n't|never) )\b(?:ignore|disregard|discard|drop|scrap|forget|revert|undo|skip|withdraw|retract|reject|throw away|set aside|cancel)(?: about)? (?!.*\bif )${IT}`,
  ),
  words(String.raw`(?:^|, |; |\b(?:please|better|should|must) )(?:leave|remove|delete|take)(?: out)? ${IT}`),
  words(
    String.raw`(?:^|, |; |\b(?:please|better|just|rather|would) )(?:leave|keep) (?:the |this |that )?(?:code|file|function|line|it|everything) (?:as|the way) (?:it|they)\b`,
  ),
  words(
    String.raw`\bi(?:'ll| will| must| have to| would| hereby| now)* (?:take|withdraw|retract|revoke|cancel)\b.{0,60}\b(?:this|that|it|back|patch|diff|change|answer)\b`,
  ),
  words(
    String.raw`\b(?:let me|i(?:'ll| will| shall| have to| need to)|allow me to)\b.{0,20}\b(?:fix|correct|redo|rewrite|revise|try again|think again|start over|amend|rethink)\b`,
  ),
]

const TOOK_BACK = words(
  String.raw`\bi (?:have |had )?(?:since |now |already )*(?:reverted|withdrew|withdrawn|retracted|dropped|discarded|undone|removed|abandoned) ${IT}`,
)
const INTERJECTION = words(
  String.raw`^(?:(?:oh|hmm+|ah|but|and|well|ok|okay|actually)[,.!]? )*(?:(?:wait|hold on|hang on|stop|oops|whoops|never ?mind)(?= ?[,.:;!]| ?-|$| no\b|, )|scratch that|strike that|correction\b|on (?:second thoughts?|reflection)|(?:hmm+[,.]? )no\b|my (?:mistake|bad)\b)`,
)
const FAULT = words(
  String.raw`\bi (?:(?:have |just |also )*(?:made|see|spotted|introduced) (?:a|an|another) (?:\w+ )?(?:mistake|error|typo|slip)|(?:was|am) (?:wrong|mistaken)|(?:misread|mistyped|overlooked|mixed up|forgot that|got))\b`,
)
/** What was before this reply, and what is only supposed, is not judged. */
const ELSEWHERE = /\b(?:earlier|previous|prior|old|original|removed|last (?:time|attempt|try)|first attempt)\b|\bif\b/
const BAD =
  '(?:wrong|off|incorrect|broken|incomplete|invalid|buggy|mistaken|mistyped|outdated|stale|missing|not (?:right|correct|it|complete|enough|quite right|what))'
const FALLS_SHORT =
  "(?:will not|won't|would not|wouldn't|cannot|can't|does not|doesn't|may not) (?:work|compile|help|do|suffice|pass|mend|fix|be enough|make|solve|turn)"
const JUDGED = [
  words(
    String.raw`\b${PART}(?: alone| by itself)? (?:(?:is|are|looks?|seems?)\b(?: (?!no\b|nothing\b)\w+)?(?: the)? ${BAD}|lacks?|misses|${FALLS_SHORT})\b`,
  ),
  words(String.raw`(?<!\bno )\b(?:mistake|error|typo|slip|bug|fault)s? in ${PART}`),
  words(
    String.raw`\b${PART} (?:has|have|contains?) (?:still )?(?:(?:a|an|one|some|another) (?:\w+ )?(?:mistake|error|typo|slip|bug|fault)s?|(?:a |an |the )?(?:wrong|bad|missing|incorrect))\b`,
  ),
]
const IT_IS_BAD = words(
  String.raw`^(?:(?:but|no|hmm+|well|actually|oh|sorry|apologies)[,.]? )*(?!it was\b)(?:(?:that|this|it)(?:(?:'s| is| was| looks| seems)(?: \w+)? ${BAD}| ${FALLS_SHORT})\b|(?:no|nope)[,.:;])`,
)

/** A part of the patch is said to have another form than it has, or the reader is told to change it. */
const AMENDS = [
  words(
    String.raw`\b${THAT} ${LINES}\b(?! of (?:the|its) (?:output|log|tests?|report))(?:(?!nothing|no other)[^;]){0,60}\b(?:should|must|needs?|ought to|has to|have to)\b`,
  ),
  words(
    String.raw`${SUBJECT} (?:should|must|needs? to|ought to|has to) (?:also |instead |rather |really )*(?:read|say|look|have|use|return|change|cover|handle|be changed)\b`,
  ),
  words(
    String.raw`\b(?:in|on|of|after|before) ${THAT} ${LINES}\b.{0,60}\b(?:replace|change|use|swap|insert|remove|delete|add|write)\b`,
  ),
  words(
    String.raw`^(?:please |then |and |but |you (?:also |still )?(?:have to|need to|must|should) )*(?:replace|change|swap|rename|insert|remove|delete|add)\b.{0,80}(?:\b(?:in|of|from|to) ${PART}|\x60.{0,60}\b(?:with|by|to|into) \x60)`,
  ),
]

const meets = (sentence: string, patterns: readonly RegExp[]): boolean => patterns.some((one) => one.test(sentence))

/** True: the sentence forbids to apply what it is about. */
export function forbids(sentence: string): boolean {
  return meets(sentence, FORBIDS) && !/\b(?:earlier|previous|prior|old)\b/.test(sentence)
}

/**
 * True for a sentence after a change with which its author takes it back or finds a fault in it. `first`: it stands directly
 * after the change, so that a pronoun means the change.
 */
export function takesBack(sentence: string, first: boolean): boolean {
  if (meets(sentence, TAKES_BACK) || TOOK_BACK.test(sentence) || INTERJECTION.test(sentence)) return true
  if ((meets(sentence, JUDGED) || FAULT.test(sentence)) && !ELSEWHERE.test(sentence)) return true
  return first && IT_IS_BAD.test(sentence)
}

/**
 * True for a sentence that wants another line than the change has. A sentence that only names code of the change explains it.
 * `added`: the text of the change, in lower case.
 */
export function amends(sentence: string, added: string): boolean {
  if (replacesCode(sentence, added)) return true
  if (!meets(sentence, AMENDS) || ELSEWHERE.test(sentence)) return false
  const code = codeIn(sentence).filter((piece) => /\w/.test(piece))
  return code.length === 0 || code.some((piece) => !added.includes(piece))
}

/** "Instead of `this` it should be `that`", "read `this` for `that`": of code that the change adds, another form is wanted. */
function replacesCode(sentence: string, added: string): boolean {
  const verb = /^(?:(?:please|then|and|but|also|just|kindly) )*([a-z]{3,}) /.exec(sentence)?.[1]
  const told =
    verb !== undefined && isImperative(verb) && /\b(?:where|for|rather|instead|not|with|by|into|as)\b/.test(sentence)
  if (!told && !/\b(?:should|must|ought to|needs to|has to) (?:be|read|say|return|become)\b/.test(sentence))
    return false
  if (!told && !/\b(?:instead|rather|not)\b/.test(sentence)) return false
  const code = codeIn(sentence).filter((piece) => /\w/.test(piece))
  return code.some((piece) => !added.includes(piece)) && code.some((piece) => added.includes(piece))
}
