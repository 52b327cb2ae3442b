import { ASIDE, BAD, inFull, isToldOff, LEADS, meets, NOUN, UNREAL } from './change-words.ts'

const WARNS = [
  /\btempt\w*\b.{0,40}\b(?:this|the following|it)\b/,
  /\b(?:pitfall|trap|anti-?pattern|counter-?example|wishful|whatever you do|beware)\b/,
  /\b(?:would|will) be (?:an? )?(?:mistake|wrong|error|bad|pointless|futile|cheating)\b/,
  /\b(?:the|a|an|one) (?:\w+ )?(?:wrong|naive|obvious but wrong|broken|bad|lazy|hacky) (?:way|approach|fix|patch|idea|solution|answer|attempt|change)\b/,
]

const AHEAD = '(?:the following|what follows|this|below|the (?:patch|diff|change|code|snippet|version) below)'
const PRESENTS = [
  /\b(?:failed|rejected|abandoned|discarded|unsuccessful|doomed|botched|misguided) (?!tests?\b|assertions?\b|checks?\b|builds?\b|runs?\b|cases?\b)[a-z]+:?$/,
  new RegExp(
    `^${LEADS}${AHEAD} (?:is|was|are|were|do|does|did|has|have|will|would|can|could) (?:\\w+ )?(?:not|never)\\b`,
  ),
  new RegExp(
    `^${LEADS}(?:a|an|one|the) (?:\\w+ )?${NOUN} (?:that|which|and) (?:(?:\\w+ )?not|fails?|breaks?|never|only|misses|${BAD})\\b`,
  ),
  /\bi (?:am not going to|will not|would not|do not|can not) (?:propose|suggest|recommend|offer|advise|write|send|do|choose|go for)\b/,
  /\b(?:here|this|that|the following) is (?:what|how) (?:(?:would|will|does|might|could) )?(?:not|make|break|never|fail)/,
  /\bas a (?:warning|deterrent|contrast|counter\w*)\b/,
  new RegExp(`^${LEADS}(?:this|that|the) ${NOUN}\\b[^;,]* (?:is|are)\\b[^;,]*\\b(?:harmful|${BAD})\\b`),
  new RegExp(
    `^${LEADS}${AHEAD} (?:is|was|are|does|serves|shows?|would|will|fails?|has)\\b[^;,]*\\b(?:deliberately|intentionally|purposely|not|n't|never|rejected|wrong|broken|bad|contrast|fails?|instead of|cautionary|reverted|discarded|abandoned|buggy|worse|misses)\\b`,
  ),
  new RegExp(
    `^${LEADS}(?:somebody|someone|one|people|many|others|you|a (?:junior|beginner|reader|developer|colleague|reviewer))\\b.{0,40}\\b(?:might|may|could|would) (?:\\w+ )?(?:write|try|do|think|suggest|propose|expect|reach|go|be)\\b`,
  ),
]

/** True: the sentence right before a change warns of it, or says that it is not meant. */
export function warnsOf(said: string): boolean {
  const sentence = inFull(said)
  const own = sentence.replace(/^.*\b(?:but|so|instead|therefore|hence|rather)\b/, '')
  return (
    meets(own, WARNS) ||
    meets(own, ASIDE) ||
    /\bi (?:would|do|try to|always) (?:\w+ )?avoid\b/.test(own) ||
    meets(sentence, PRESENTS) ||
    meets(own, UNREAL) ||
    isToldOff(own.replace(/\b(?:it|them)\b/g, '')) ||
    TOLD_OFF_AHEAD.test(own)
  )
}

const TOLD_OFF_AHEAD = /\b(?:stay|steer|keep|shy) (?:well )?(?:away|clear|off)\b/
