import { reportIn } from './json.ts'
import type { Location } from './location.ts'
import { placesOfText } from './reading.ts'

const MOST = 20_000

/** All places that an output of any tool names, in its order. `output`: plain text, terminal escapes removed. */
export function locations(output: string): Location[] {
  const report = reportIn(output)
  const structured = report.places.map(
    ({ aside, ...place }): Location => ({ ...place, role: aside ? 'cause' : 'fail', text: '', stack: null }),
  )
  return bounded([...structured, ...placesOfText(report.texts.join('\n'))])
}

/** The beginning and the end of a long list: the first error and the last trace say most. */
function bounded(found: Location[]): Location[] {
  return found.length <= MOST ? found : [...found.slice(0, MOST / 2), ...found.slice(-MOST / 2)]
}

/** Files that a command line names: places to look at when its output names none. */
export function namedByCommand(command: string): Location[] {
  const words = command.split(/[\s'"=;|&<>()]+/).filter((word) => /\w/.test(word) && !word.startsWith('-'))
  return words.map((path) => ({
    path: path.replace(/::.*$/, ''),
    line: null,
    column: null,
    role: 'frame',
    text: command.slice(0, 300),
    stack: null,
  }))
}
