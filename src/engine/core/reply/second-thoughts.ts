import { ASIDE, BAD, COPULA, IT, inFull, isToldOff, LEADS, meets, NAMED, NOUN, UNREAL } from './change-words.ts'

const CALLED = new RegExp(
  `\\b(?:consider|treat|regard|view|think of|see|count|deem|take) ${IT} (?:only |merely |just )?(?:as (?!(?:my |the |a )?(?:final|done|fixed|complete|answer|fix|solution))|withdrawn|void|dead|gone|retracted|under)`,
)
const KEPT = new RegExp(
  `\\bkeep ${IT} (?:out|away|back|off|aside|private|under|from|for (?:later|yourself)|on hold)\\b`,
)
const TAKEN = '(?:apply|use|merge|take|commit|ship|deploy|land|adopt)'
const ON_CONDITION = [
  new RegExp(
    `^${LEADS}(?:[a-z]+ me [a-z]+, but )?(?:keep|leave|hold|wait|stop|pause|refrain|stay|let)\\b.*\\buntil\\b`,
  ),
  /\b(?:it is|it's) (?!the\b).{0,40}\b(?:has|have|needs?|ought) to (?:be )?(?:chang|fix|mend|correct|repair)\w*\b.{0,10}\bnot\b/,
  new RegExp(
    `\\b${TAKEN} ${IT}.{0,20}\\b(?:only|once|unless|until|at your own risk|with (?:caution|care)|after (?:\\w+ ){0,3}(?:has|have|is|are)\\b)`,
  ),
  new RegExp(`\\bonly ${TAKEN} ${IT}.{0,20}\\b(?:if|after|when|once|as)\\b`),
  new RegExp(`\\b(?:before|until|unless) (?:you|anyone|anybody|someone|somebody|we) (?:\\w+ ){0,2}?${TAKEN} ${IT}`),
]

const SUBJECT = `(?:${NAMED}|this|that|it|(?:applying|using|merging|keeping|shipping|committing) (?:${NAMED}|this|that|it))`
const SAID = new RegExp(
  `^${LEADS}${SUBJECT}(?: (?:alone|itself|still|also|only|really|actually|now|all|in turn))* (?:${COPULA}(?: (?!no\\b|not\\b)[a-z-]+){0,3}? ${BAD}\\b|(?:(?:would|will|might|may|could|can|does|must) (?:only |just |also |even )?)?(?:break|hurt|regress|mask|corrupt|ruin|mislead|backfire|defeat|damage|violate|undermine|hide)s? (?!nothing)|(?:has|have|needs?|will have|ought) to (?:go\\b|be (?:undone|redone|removed|reworked|rewritten|replaced|dropped|discarded|revised|rejected|abandoned|reverted|thrown|binned))|has no (?:place|business|merit|chance|basis)|(?:\\w+ ){1,3}symptom|belongs (?:in|on|to) |goes against|conflicts with|contradicts|(?:is|are) best (?!applied|reviewed|read|merged|seen|explained)\\w+(?:ed|en)\\b|misses the|falls short|goes too far|leads nowhere|makes (?:no|little) sense|makes (?:it|things|matters) worse|(?:solves|fixes|achieves|does|mends) nothing)`,
)
/** What begins a sentence before its subject: "on closer inspection, this …". */
const INTRODUCED = /^(?:(?:on|in|after|at|upon|given|with|from|by|[a-z]+ing)\b[^,]{0,60}), /

/** "It would be wrong to …" speaks of what comes after it. */
const IMPERSONAL = new RegExp(`^${LEADS}it ${COPULA} (?:\\w+ ){0,2}?${BAD} (?:to|that|for)\\b`)

const I = String.raw`\bi(?:'m| am| was|'ve| have| had| now| just| only| really| must| do| also| still| then| simply| have to| \w+ly)*`
const RECONSIDERS = [
  new RegExp(
    `${I} (?:changed my mind|no longer|not (?:so |quite |really |entirely |at all |too )*(?:sure|certain|convinced|confident|happy|comfortable|sold|keen|proud|fond)|(?:regret|doubt|apologi[sz]e|confused|conflated|mixed|misread|misunderstood|misjudged|mistook|misremembered|rushed|hallucinated|retract|rescind|withdraw|backtrack)\\b|(?:was|spoke|acted|answered) too|jumped|got carried|made (?:it|this|that) up)`,
  ),
  /\bi(?:'d| would)? (?:have|need|ought|want|like) to (?:first )?(?:look|check|think|see|study|investigate|dig|reconsider|rework|redo|start|ask|sleep)\b|\bi should (?:have|first|look|check|think|reconsider)\b/,
  /\bi(?:'d| would) (?:(?:rather|prefer|advise|recommend|urge)(?: that| if)? you\b|(?:advise|recommend|warn) against|think twice|(?:rather|prefer) nobody)/,
  /\bi (?:now |just |only )*(?:see|notice|realise|realize|find|spot|remember|understand)\b.{0,20}\bi (?:have|was|am|did|had|should|mis\w+|\w+ed)\b/,
  /\bi (?:would|can|will) not (?!run\b|test|change|touch|add|alter|expect|worry|rename|remove|go further|find|reproduce|be able|have to|need|break|see (?:the|any)|check)[a-z]+/,
  /\bthere (?:is|are|was) (?:still |also )?(?:an?|some|one|another) (?:\w+ )?(?:typo|mistake|error|bug|slip|flaw|catch|snag|hitch)s? (?:in|with) (?:what i|this|that|it|the (?:above|patch|diff|change|edit|hunk))\b/,
  new RegExp(`^${LEADS}(?:treat|regard|view|see|consider|count|take)\\b.{0,40}\\bas (?:an? )?${BAD}\\b`),
  new RegExp(`\\b(?:makes?|renders?|leaves?) (?:${NAMED}|this|it|that) (?:\\w+ )?${BAD}`),
  /\bworse\b(?! (?:before|without))/,
  /\bi (?:was|am|have been)\b.{0,30}\bwrong\b/,
  /\bthinking (?:about|of) (?:it|this|that)(?: more| again)?, (?:i|the|this|that|it)\b.{0,60}\b(?:not|no|n't|wrong|red herring|mistake|unrelated)/,
]
const BETTER =
  '(?:new|better|proper|different|corrected|correct|real|fixed|improved|updated|revised|working|complete|cleaner|safer|second|another)'
const ANNOUNCES = [
  new RegExp(
    `\\b${BETTER} (?:${NOUN}|try)\\b.{0,30}\\b(?:is (?:on its way|coming|being|in preparation)|will (?:follow|come)|follows?|coming|to follow|soon|shortly|later)\\b`,
  ),
  new RegExp(
    `\\b(?:i(?:'ll| will|'m going to| am going to| shall)|let me|expect|wait for|await|watch for)\\b.{0,40}\\b(?:an? |the )?${BETTER} (?:${NOUN}|try)\\b`,
  ),
  /^(?:\w+[,:] )?(?:please )?(?:stand by|bear with me|stay tuned|hang on|hold on|hold it|watch this space|give me (?:a|one|another|some|until|till)|(?:just )?(?:a|one) (?:moment|minute|second|sec)\b|more (?:soon|shortly|in a))/,
]
const FRAGMENT = new RegExp(
  `^(?:(?:edit|update|note|ps|correction|hmm+|oh|ah|well|but|sorry|wait)[:,.!]? )*(?:(?:a|an|such|what a|complete|total|utter|pure|very) )*(?:${BAD}|withdrawn|retracted|rescinded|cancell?ed|superseded|rejected|abandoned|scrapped)\\b(?!:| (?:in|of|with|for|was|is) )`,
)
const SORRY =
  /^(?:so |well |ah |oh |and )?(?:sorry|apologies|my apologies|pardon|how embarrassing|embarrassing|ugh|argh|yikes|facepalm)\s*(?:[.,;:!]|-|$)/
const MAKE_IT = /\b(?:make|call|spell|write|read) (?:that|it|this) (?:`|instead|a |an |into )/

const ANY = `(?:${NAMED}|this|that|it)`
const NEGATED =
  '(?:must|ought|should|would|could|can|may|might|will|shall)(?: not|not| never| hardly| no longer)(?: to)?'
/** What a change may well not do. */
const LEAVES_ALONE =
  '(?:change|touch|affect|alter|modify|break|need|require|have|make|cause|influence|hurt|matter|slow|fail|raise|throw|happen|differ|occur|add|introduce|interfere|conflict|lead|cover|address|handle|rely|depend|use|be (?:an?|any|necessary|needed|affected|changed|noticeable|visible|slower|different))'
/** What a change has to do, or what has to be done with it, although it is as it should be. */
const FINE =
  '(?:be (?:enough|sufficient|safe|fine|all|fast|applied|reviewed|tested|merged|backported|noted|easy|faster|the|a|an|compatible|correct|equivalent|covered|green)|suffice|work|apply|pass|fix|mend|solve|do|make|let|help|keep|give|cover|resolve|return|restore|bring|now|have no|cause no|also|still|continue|already|address|prevent|stop|allow|get|turn|not|never|go (?:in|to|into|through))'
const DOUBTS = [
  // Somebody who is asked says that it is not done, or does so.
  new RegExp(`^${LEADS}(?:${NAMED}|it|this|that) ${NEGATED} (?!${LEAVES_ALONE}\\b)[a-z]+`),
  new RegExp(`^${LEADS}${ANY} (?:ought to|should|must|needs to|has to|would have to) (?!${FINE}\\b)[a-z]+`),
  new RegExp(
    `\\b(?:no|nobody|none|neither|hardly any)\\b.{0,30}\\b(?:would|should|will|can|could|must)\\b.{0,20} ${IT}`,
  ),
  /\blet(?:'s| us) (?:not|rather|instead|better|leave|drop|forget|wait|skip|stop)\b/,
  new RegExp(`\\bfor ${ANY} to (?:work|apply|help|be|make|compile|pass|have)\\b`),
  new RegExp(
    `^(?:the (?:above|${NOUN})(?: above)?|what i (?:wrote|sent|posted)) (?:is|was|are|were) (?:only |merely |just |rather |mainly )?(?:meant|intended|supposed|there|here|for|as|in the way)\\b`,
  ),
  new RegExp(
    `\\bi(?:'m| am|'ll| will| shall)(?: (?:now|therefore|hereby|not|going to|\\w+ly))* (?!leave |let |keep |be (?:happy|glad)|add |explain|confident|sure|certain|convinced|happy|glad|aware|assuming)[a-z]+ ${IT}`,
  ),
  /\bi (?:(?:do not|don't|cannot|can't) (?:really )?(?:think|believe|know|expect|feel|see|say|tell|guarantee|promise|recommend|vouch)|doubt|have (?:no idea|doubts|second thoughts|misgivings|reservations)|wonder|fear|worry)\b.{0,40}\b(?:this|that|it|right|correct)\b/,
  /^(?:then again|come to think of it|on (?:second|further|closer|reflection)|in hindsight|in retrospect|thinking (?:about it|it over|twice)|now that i|truth be told|having (?:thought|slept|looked)|all things considered)\b.*\b(?:not|n't|no|nothing|never|better|rather|wrong|safest|safer|leave|should)\b/,
]
/** "Rolling this back": what its author does with it while writing. */
const DOING = new RegExp(`^${LEADS}(?<verb>[a-z-]{3,}ing) ${IT}`)
const BEING_TAKEN =
  /^(?:applying|using|merging|running|trying|testing|with|keeping|adding|saving|taking|putting|pasting)$/

/** What somebody says who is sorry about what follows, or who has read it all once more. */
const RUEFUL =
  /^(?:(?:but|and|well|oh)[,.]? )*(?:sadly|unfortunately|alas|regrettably|on (?:re-?[a-z]+ing|(?:second|further|closer) \w+|reflection))\b(?!.*\b(?:test|before|already|used to|upstream)\b.*\b(?:no|not)\b)|\bi am afraid\b|, after all\b|\bafter all[.!]?$/
/** What its author left out of the change, or what it still lacks. */
const LACKS = [
  new RegExp(`${I} (?:forgot|omitted|missed|overlooked|skipped|neglected|left out)\\b`),
  /^(?!.*\b(?:no|nothing|not|all|only|what)\b).*\b(?:still|also|further|more|yet)\b(?: \w+){0,3}? (?:needed|required|missing|lacking|necessary|to do|to be done)\b/,
]
/** A part of the change by name, of which something is still wanted, or which is only supposed to be right. */
const PART_LACKS = new RegExp(
  `\\b(?:(?:plus|minus|added|new|last|first|changed|removed|\`[-+]\`) lines?|hunks?|hunk header|line that i \\w+)\\b(?: \\w+)? (?:wants?|needs?|lacks?|misses|requires?|deserves?|calls? for|cr(?:y|ies) out for|omits?)\\b|^(?!.*\\b(?:no|nothing|not|never|what|all)\\b).*\\b(?:is|are) (?:\\w+ )?(?:absent|missing|lacking|left out|omitted)\\b|\\bin the (?:plus|added|new) line\\b.*\\b(?:wants?|needs?|has|ought|lacks?)\\b|\\b(?:may|might|could)(?: well| still| also| all)* be ${BAD}\\b(?! by)`,
)
/** Whoever explains a change speaks of the program; of the lines of a diff, only to say that they are right. */
const PART = /\b(?:(?:plus|minus|added|new|changed|context|surrounding) lines?|`[-+]` lines?|hunks?|hunk header)\b/
const PART_IS_RIGHT =
  /\b(?:is|are|stays?|remains?) (?:\w+ )?(?:right|fine|correct|approximate|the same|unchanged|only|just|enough|what|all|needed|there|to)\b|\b(?:now|was|were|only|returns?|makes?|ensures?|keeps?|restores?|removes?|adds?|should)\b|\bno (?:error|mistake)\b/
const PART_IS_WRONG = /\b(?:i|use|make|write|let)\b.*\b(?:line|hunk)/
/** What comes of the change: a clause about it, in the present or future, that tells of a failure and denies nothing. */
const HARMS =
  /^(?!.*\b(?:no|not|never|before|without)\b).*\b(?:red|fails?|breaks?|broken|crash(?:es)?|wrong|worse)\b (?:with|after|because of|under) (?:it|this|that|the (?:patch|change|diff|fix|edit|above))\s*(?:[.,;!]|$)|^(?:with|after|given) (?:it|this|that|the (?:patch|change|diff|fix|edit|above))\b(?!.*\b(?:no|not|never|instead|any more|before|without|pass|passes)\b).*\b(?:red|fails?|breaks?|broken|crash(?:es)?|wrong|worse|hangs?|raises?|errors?|regress\w*)\b|^(?!.*\b(?:no|not|never|instead|before|without|unless|if|because|since|when|was|were|would have)\b).*\b(?:will|now)(?: \w+){0,3} (?:fails?|breaks?|break|crash(?:es)?|wrong|broken|worse|red)\b/

/** Of something else than the change: what was there before, or what is only supposed. */
const ELSEWHERE =
  /\b(?:earlier|previous|prior|old|original|existing|former|last (?:time|attempt|try)|first attempt)\b|\bif\b/

/** True: a sentence after a change rejects it, doubts it, or announces another. `first`: it is the one right after it. */
export function reconsiders(said: string, first: boolean): boolean {
  const sentence = inFull(said)
  if (meets(sentence, UNREAL) || meets(sentence, ASIDE) || meets(sentence, ON_CONDITION) || meets(sentence, ANNOUNCES))
    return true
  if (CALLED.test(sentence) || KEPT.test(sentence) || isToldOff(sentence)) return true
  if (ELSEWHERE.test(sentence)) return false
  if (meets(sentence, RECONSIDERS) || MAKE_IT.test(sentence) || SORRY.test(sentence)) return true
  if (
    FRAGMENT.test(sentence) ||
    RUEFUL.test(sentence) ||
    meets(sentence, LACKS) ||
    HARMS.test(sentence) ||
    PART_LACKS.test(sentence)
  )
    return true
  if (PART.test(sentence) && (!PART_IS_RIGHT.test(sentence) || PART_IS_WRONG.test(sentence))) return true
  if (DOUBTS.some((one) => isOfChange(one.exec(sentence), first))) return true
  const doing = DOING.exec(sentence)?.groups?.['verb']
  if (doing !== undefined && !BEING_TAKEN.test(doing)) return true
  const judged = SAID.exec(sentence) ?? SAID.exec(sentence.replace(INTRODUCED, ''))
  return !IMPERSONAL.test(sentence) && isOfChange(judged, first)
}

/** Further away from the change, "it" and "that" may stand for anything. */
function isOfChange(said: RegExpExecArray | null, first: boolean): boolean {
  return said !== null && (first || !/^(?:\S+ )?(?:it|that)\b/.test(said[0]))
}
