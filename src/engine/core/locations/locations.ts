import { jsonReportIn } from './json-reports.ts'
import type { OutputLocation } from './output-location.ts'
import { locationsInText } from './text-locations.ts'

const MOST = 20_000

/** All places that the output of any tool names, in the order of the output. `output`: plain text without terminal escapes. */
export function locations(output: string): OutputLocation[] {
  const report = jsonReportIn(output)
  const structured = report.places.map(
    ({ aside, ...place }): OutputLocation => ({ ...place, role: aside ? 'cause' : 'fail', text: '', stack: null }),
  )
  return bounded([...structured, ...locationsInText(report.texts.join('\n'))])
}

/** The beginning and the end of a long list, because the first error and the last trace are the most informative. */
function bounded(found: OutputLocation[]): OutputLocation[] {
  return found.length <= MOST ? found : [...found.slice(0, MOST / 2), ...found.slice(-MOST / 2)]
}

/** Files that a command line names; used if its output names no places. */
export function filesNamedByCommand(command: string): OutputLocation[] {
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
