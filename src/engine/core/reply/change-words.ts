// The words with which rules speak of a change, and those that say how a sentence is built. There are more words for "do not take
// it" than any list holds, so the rules look at who acts, what is done to the change, and what it is called. Words that accept a
// change, and words that carry grammar, are few; they are what the rules know. Sentences are in lower case.

export const NOUN =
  '(?:patch|diff|change|edit|hunk|fix|answer|suggestion|modification|snippet|replacement|proposal|version|idea|approach|attempt|draft|one|code|block|reply|message|post)(?:e?s)?'
export const NAMED = String.raw`(?:(?:the|this|that|these|those|my|any of|all of|none of) (?:(?:above|whole|entire|proposed|suggested|second|first|last|lone|single|little) )*${NOUN}(?: (?:above|below|here|i (?:just )?(?:gave|posted|sent|wrote|showed|made)))?|the above|all of (?:it|this|that)|(?:what|all|everything) i (?:just |have )?(?:said|wrote|written|sent|posted|did|gave|proposed|suggested))\b`
/** After a pronoun that stands for the change there is no noun. */
const ALONE = String.raw`(?=\s*(?:[.,;:!?)]|-|$|(?:again|out|away|off|aside|back|down|up|yet|as|to|for|from|in|into|until|till|before|unless|because|since|only|with|without|now|once|then|please|over|on|at|completely|entirely|altogether|and|or|if|after|when|where|though|instead|withdrawn|void|dead|gone|retracted|under|private|alone|at|be)\b|[a-z]+ly\b))`
const PRONOUN = `(?:this|that|it|them|these|those)${ALONE}`
export const IT = `(?:${NAMED}|${PRONOUN})`

/** What a reader may be asked to do with a change that is meant. */
export const ACCEPTS = new Set(
  `apply use take run try test save put place copy paste write insert commit merge push see note check review verify find ensure
  confirm deploy ship install build rebuild compile reload restart feed pipe pass give send read view compare add include keep let
  make call do repeat remember consider treat regard cover extend port backport document mention explain describe think invoke
  execute mind tell ask judge measure time benchmark profile land adopt accept approve submit release cherry-pick squash rebase tag
  sign prove replay reproduce walk step`.split(/\s+/),
)
/** Words that begin a clause without being what somebody is told to do. */
export const GRAMMAR = new Set(
  `with without before after by for from in on of at to as since until unless if when while because though although than then thus
  hence so and or but the a an this that these those it is are was were be been being has have had do does did can could may might
  must shall should will would not no only even both all any each every what which who whom whose where why how here there i you we
  they he she my your our their its given despite regarding about concerning via per like unlike besides instead apart due either
  neither nor yet also too very more most less least such same other another much many few some several need dare let's cannot n't
  otherwise perhaps maybe however hope guess trust believe suppose assume bet one two three nothing everything something anything nobody everybody`.split(
    /\s+/,
  ),
)
export const LEADS = String.raw`(?:(?:please|just|so|then|and|but|actually|also|rather|now|simply|kindly|better|best|ok|okay|well|hmm+|oh|no|sorry|however|still|yet|therefore|in fact|in that case|(?:edit|update|note|correction|ps):|you (?:can|may|should|must|could|might|have to|need to|(?:had|'d) better|will want to|want to)|(?:i would |i must |i )?(?:[a-z]+ )?(?:ask|urge|advise|want|beg|like|invite) you to|feel free to|go ahead and|let us|let's|i would|i'd),? ){0,5}`
const TOLD = new RegExp(`^${LEADS}(?<verb>[a-z-]{3,})(?: (?:out|away|off|aside|back|down|up))? ${IT}`)
const TOLD_OF = new RegExp(`^${LEADS}(?<verb>[a-z-]{3,})(?: [a-z]+){0,3}? (?:of|to|from|with|on|about) ${IT}`)
export const BAD =
  '(?:wrong|bad|broken|bogus|nonsense|nonsensical|rubbish|garbage|junk|useless|pointless|worthless|premature|mistaken|misguided|misplaced|misleading|erroneous|flawed|faulty|unsound|unsafe|dangerous|risky|harmful|backwards?(?![- ]compat)|inverted|hasty|rash|careless|sloppy|invalid|void|moot|obsolete|irrelevant|unrelated|unneeded|unnecessary|superfluous|half-\\w+|unfinished|incomplete|speculative|questionable|dubious|doubtful|suspect|shaky|fishy|worse|inferior|unacceptable|inadequate|insufficient|unhelpful|unwise|unworkable|impossible|hopeless|silly|stupid|foolish|naive|inappropriate|off(?! ?-by|-)(?: the mark)?|mistake|error|blunder|slip|misunderstanding|misreading|mix-up|dead end|red herring|false start|(?:wild )?guess|shot in the dark|straw ?man|placeholder|stub|sketch|mock-?up|thought experiment|exercise|non-starter|band-aid|overkill|too (?:much|far|early|soon|broad|risky|aggressive|invasive|drastic|hasty)|no (?:good|use|solution|fix|answer|improvement|help|better)|beside the point|out of the question|(?:little|no|not much|nothing|hardly|barely|scarcely) (?:more|better|other) than|nothing but|anything but|far from|at best|not (?:what|it\\b|the (?:right|cause|problem|answer|fix|way|place|bug|reason|issue)|an? (?:fix|solution|answer|cure)|enough|ready|safe|right|correct|complete|final|good|wise|ideal|acceptable|meant|intended|how|where|worth|going to work))'
export const COPULA =
  '(?:(?:is|are|was (?=(?:\\w+ )?(?:premature|hasty|rash|careless|a mistake|an error|a slip|nonsense|too))|looks?|seems?|feels|sounds|appears|proved|proves|turns? out|turned out|would be|will be|might be|may be)(?: to be)?)'
export const ASIDE = [
  /\b(?:count|leave|keep) me out\b|\bpass on (?:it|this|that)\b/,
  new RegExp(`\\b(?:take|pay|give) (?:no|little) \\w+ (?:of|to) ${IT}`),
  new RegExp(`\\blet (?:${NAMED}|this|that|it) (?:rest|be|go|lie|drop|sit)\\b`),
  /\bdo the (?:opposite|reverse|contrary)\b|^(?:so )?back to (?:the drawing board|square one|the start)\b/,
  /\bnot (?:\w+ ){0,3}?(?:this|that|it) (?:\w+ )?(?:literally|seriously|at face value)\b/,
  /\bbefore (?:you|anyone|anybody|someone|somebody|we) (?:do|does) (?:that|this|it|so)\b/,
]

export const UNREAL = [
  /\b(?:purely|merely|only|just|simply|solely|strictly) (?:here )?(?:for|as|meant for|meant as|intended for) (?:(?:an?|the|your) )?(?:discussion|reference|comparison|debate|record|exercise|fun|show|inspection|illustration|brainstorming|basis|starting point|food|thought|curiosity|context)\b/,
  /\b(?:thinking|thought|musing|wondering) (?:aloud|out loud)\b/,
  /\b(?:nobody|no one|none of you) (?:should|must|may|ought|is to)\b|\bnone of (?:it|this|that|the above)\b.{0,30}\b(?:is|are|was|should|must|has)\b/,
  /\bat most (?:a|an) (?:idea|sketch|hint|direction)\b|\bhypothetical\b/,
]
/** The sentence without contractions, so that each rule knows one form. */
export function inFull(sentence: string): string {
  return sentence
    .replace(/\bcan't\b|\bcannot\b/g, 'can not')
    .replace(/\bwon't\b/g, 'will not')
    .replace(/\bshan't\b/g, 'shall not')
    .replace(/n't\b/g, ' not')
    .replace(/\blet's\b/g, 'let us')
    .replace(/\b(i)'m\b/g, '$1 am')
    .replace(/'ll\b/g, ' will')
    .replace(/'ve\b/g, ' have')
    .replace(/'re\b/g, ' are')
    .replace(/'d\b/g, ' would')
    .replace(/\b(that|this|it|there|what|here|which)'s\b/g, '$1 is')
}

/** Somebody is told to do something with the change that does not accept it. */
export function isToldOff(sentence: string): boolean {
  return sentence.split(/[,;:]\s| - | -- |\u2013|\u2014/).some((clause) =>
    [TOLD, TOLD_OF].some((pattern) => {
      const verb = pattern.exec(clause)?.groups?.['verb']
      return verb !== undefined && isImperative(verb) && !ACCEPTS.has(verb)
    }),
  )
}

/** Participles, plurals and adverbs are not; of the rest, what carries grammar is not. */
export function isImperative(word: string): boolean {
  return (
    !GRAMMAR.has(word) &&
    !/(?:ing|ed|ly|[^s]s)$|^(?:kept|left|made|ran|wrote|took|gave|went|found|held|chose|built|brought|sent|thought|saw|came|lost|grew|meant)$/.test(
      word,
    )
  )
}

export function meets(sentence: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((one) => one.test(sentence))
}
