import { escapeRegExp, type InvalidReason, type RunConditions } from './run-conditions.ts'

/** Whether a line says that a variable is missing, and does not just mention it, as `NAME=1`, hints and warnings do. */
function lacks(line: string, name: string): boolean {
  const it = `(?<![\\w$])[\`'"$]?(?:process\\.env\\.|ENV\\[['"]|os\\.environ\\[['"])?\\{?${escapeRegExp(name)}(?![\\w=])['"\`\\]}]*`
  // A name that the program uses but does not define is a bug of the program.
  if (/\b(?:NameError|ReferenceError)\b/.test(line)) return false
  return LACKING.some((form) =>
    new RegExp(
      form.replace('NAME', () => it),
      'i',
    ).test(line),
  )
}

const BE = '(?:is|was|are|be|has|have)'
const NOT = '(?:not|never|un)'
const DONE = '(?:set|bound|defined|found|provided|given|specified|present|configured|available|exported)'
const VARIABLE = '(?:(?:required|mandatory|expected) )?(?:env(?:ironment)?(?: |-)?(?:var(?:iable)?s?)?)'
const LACKING = [
  '\\b(?:KeyError|EnvironmentError)\\b.*NAME',
  `NAME(?: ${VARIABLE})?:? (?:${BE} )?(?:been )?${NOT}[ -]?${DONE}\\b`,
  `NAME:? (?:unbound variable|parameter (?:null or )?not set|(?:${BE} )?(?:missing|required|undefined|empty|unset|null|blank)\\b)`,
  `NAME(?: ${VARIABLE})? (?:must|should|has to|needs to) ${BE}\\b`,
  `(?:missing|required|undefined|unset|needs?|requires?|cannot find|could not find|lacks?)(?: the)?(?: required)?(?: ${VARIABLE})?:? NAME`,
  `(?:please|must|need to|have to|forgot to|did you) (?:set|define|export|provide|specify)(?: the)?(?: ${VARIABLE})?:? NAME`,
]

/** The reason if a variable of the caller was not passed on and the text says that it is missing. */
export function droppedVariable(text: string, { droppedVariables }: RunConditions): InvalidReason | null {
  const lines = text.split('\n')
  const name = droppedVariables.find((one) => lines.some((line) => line.includes(one) && lacks(line, one)))
  return name === undefined
    ? null
    : {
        reason: `the environment variable ${name} is set here, but the command did not get it`,
        mend: `add --env ${name}`,
      }
}
