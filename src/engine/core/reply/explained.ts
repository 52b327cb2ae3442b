import { ACCEPTS, GRAMMAR } from './change-words.ts'
import { codeIn } from './prose.ts'

// A sentence beside a patch explains the code, or accepts the patch. Both are known by the words that they are made of: those of the
// changed files, those in which people speak of programs, and those that say a change is done. The words that take a patch back have no
// end, so they are not listed here; what speaks neither of the program nor of a change that is done is in doubt.

/** Words in which people speak of programs, as stems. */
const PROGRAM = `algorithm allocat api argument array arithmetic assert attribut boolean boundar bracket branch bug byte cache call
  caller callback case cast character check class clause client code column comment compar compat compil complexity
  comput condition config constant construct context conver copie copy count crash database decimal declar default
  definit dependenc dictionar digit docstring document duplicat edge element empty encod entry environment equal error
  escap evaluat exception exit expect expression field file filter fixtur flag float format function handl handler hash
  header helper implement import increment index indices indic infinite initial input insert instance integer interface
  iterat item key keyword last length letter level librar line linter list literal log logic lookup loop map memory
  message method migrat minus module mutat name negative node null number object off-by-one offset operand operator
  operation order output overflow package pair parameter pars path pattern performance plus pointer position precedence
  prefix print process propert quot raise range recurs refactor refund regex regression render reset resource return
  round row scope schema sequence serializ server setting side-effect signature slice sort split stack state statement
  static status stream string strip subtract suffix sum symbol syntax table template terminat test text thread throw
  timezone token trailing trace truncat tuple type typing unicode unit-test utility valid value variable vector warning
  whitespace word wrapper write zero blank tree decrement generator trigger deprecat introduc regress releas
  structur global plugin symlink link url html json xml yaml lock race network socket host port protocol secur vulnerab iterable lambda closure
  decorat inherit subclass abstract overrid overload macro templat assign declarat builtin built-in shadow nest recursi round truth fals
  python javascript node typescript browser platform windows linux macos unix locale charset utf ascii binary hex octal json dom api sdk
  alias delimiter separator comma semicolon colon dot dash underscore hyphen backtick semantic specification spec standard rfc`

/** Words that say what a change does, that it is done or small, and what a reader may do then, as stems. */
const DONE = `accurat address adjust adapt affect approximat attention automatic backwards backward behav both build cause change
  changelog ci clean clear commit compatib complete confiden confirm consistent correct cover deploy detail done edited
  effect enough ensur explain explanation explicit fail failing failure fine finish fix follow-up green glad happen
  happy help hint high hope identical improv individual install intend issue keep kept know leave left leftover low low-
  risk make mend minimal miss modif move necessary nothing origin otherwise outside overview part pass pipeline plain
  preserv prevent previous problem proper reason recommend regard remain remov rename repair report reproduc
  resolv responsib rest restor result reviewer risk root run safe same say scope separate short simpl small solution
  solv stay step suggest suite summary support sure task tell thank tidy touch treat unaffected unchanged understand
  unrelated untested untouched unwant updat usual verif walk walkthrough whole work wrong yield impact right place show mistake remedy search found similar`

/** Words that announce a patch. */
const ANNOUNCING = `answer apply approach attempt below change code diff edit final fix following here mine new next patch place propose
  propos replace second suggest suggestion third try update version`

/** Of the words of a sentence that are not of grammar, at least this part has to be known. */
const KNOWN_PART = 1 / 3
/** A stem is longer by this at most. */
const ENDING = 6
const SHORT_ENDING = /^(?:e?s|e?d|ing|e?r|ly)?$/

const WORD = /[a-z][a-z'-]*/g
const stemsOf = (words: string): readonly string[] => words.split(/\s+/).filter((word) => word !== '')
/** Words that say nothing about what is spoken of: they neither explain nor are in doubt. */
const PLAIN = new Set(
  stemsOf(`please us one ones first then first second again any more here there now well like become get go goes went gone want
  looking look looked taken took needed needs use used using uses apply applied adds added sorry me tell send sees exactly think thought made earlier patch diff attempt version answer message hunk else anything just mean only off am once end`),
)
const STEMS = stemsOf(`${PROGRAM} ${DONE}`)
const LEADING_STEMS = [...STEMS, ...stemsOf(ANNOUNCING)]
/** A path, a name with a dot, a call, a name with an underscore, or a number. */
const CODE_WORD = /\b[\w.-]+\/[\w.-]+|\b\w+\.[a-z]{1,4}\b|\b\d+\b|\w\(\)|\w_\w/

function begins(word: string, stems: readonly string[]): boolean {
  return stems.some((stem) => {
    if (!word.startsWith(stem)) return false
    const ending = word.slice(stem.length)
    return stem.length > 4 ? ending.length <= ENDING : SHORT_ENDING.test(ending)
  })
}

/** The words of changed code, also those that its names are made of, in lower case. */
export function wordsOfCode(lines: readonly string[]): ReadonlySet<string> {
  const text = lines.join('\n').replace(/([a-z0-9])([A-Z])/g, '$1 $2')
  const words = text.toLowerCase().match(/[a-z]{3,}/g) ?? []
  return new Set(words.filter((word) => !GRAMMAR.has(word)))
}

/** What the change does, whatever it does it to. */
const DOES = /^(?:this|it|also|which|this (?:patch|change|fix|edit|way))(?: also| now| only| simply| just)* ([a-z]+s)\b/
const DENIES = /\b(?:not|no|never|without)\b(?!.*\b(?:else|other|further)\b)/

/**
 * True: enough of a sentence after a change explains code or accepts the change. `code`: the words of the change and of what stands
 * around it; `first`: nothing stands between the sentence and the change. Other sentences may go on with what was explained.
 */
export function isExplained(sentence: string, code: ReadonlySet<string>, first: boolean): boolean {
  return isMadeOf(sentence, code, STEMS) ?? (!first || !DENIES.test(sentence))
}

/** The same for the sentence before a change, which may only announce it. */
export function announces(sentence: string, code: ReadonlySet<string>): boolean {
  return isMadeOf(sentence, code, LEADING_STEMS) ?? !DENIES.test(sentence)
}

/** Null: the sentence has only words that any sentence may have. */
function isMadeOf(sentence: string, code: ReadonlySet<string>, stems: readonly string[]): boolean | null {
  if (codeIn(sentence).length > 0 || CODE_WORD.test(sentence)) return true
  if (
    DOES.exec(sentence)
      ?.slice(1)
      .some((verb) => begins(verb, stems)) === true
  )
    return true
  const words = (sentence.match(WORD) ?? []).map((word) => word.replace(/^'+|'+$/g, ''))
  const isKnown = (word: string): boolean =>
    code.has(word) || code.has(word.replace(/(?:e?s|ed|ing)$/, '')) || begins(word, stems)
  const content = words.filter((word) => !GRAMMAR.has(word) && !word.includes("'") && (isKnown(word) || !isPlain(word)))
  if (content.length === 0) return null
  return content.filter(isKnown).length >= content.length * KNOWN_PART
}

/** Also the forms of verbs: "merged", "applying". */
function isPlain(word: string): boolean {
  return [word, word.replace(/[sd]$/, ''), word.replace(/(?:ed|ing)$/, ''), word.replace(/ing$/, 'e')].some(
    (one) => PLAIN.has(one) || ACCEPTS.has(one),
  )
}
