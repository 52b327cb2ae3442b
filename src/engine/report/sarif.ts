import { escapeLine } from './escape.ts'
import { type PlaceInChange, placesOf, type ReportedProof, shortName } from './reported-proof.ts'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
/** GitHub shows so many results of one file, and refuses files with many more. */
const MOST_RESULTS = 5000
const LEVEL: Readonly<Record<PlaceInChange['level'], string>> = { error: 'error', warning: 'warning', notice: 'note' }

/** What the rules of our own are about; remarks on code have their kind as a rule. */
const RULES: Readonly<Record<string, string>> = {
  'test-expectation-changed': 'A line of a test asks for something else.',
  'judge-changed': 'A file that decides whether the command passes is changed.',
}

/**
 * A SARIF 2.1.0 file with the findings that have a line. A verdict is about a whole commit and has no place in a file, so it is
 * not in here.
 */
export function reportSarif(proofs: readonly ReportedProof[], version: string): string {
  const found = proofs
    .flatMap((proof) => placesOf(proof).map((finding) => ({ ...finding, of: shortName(proof) })))
    .flatMap(({ line, ...rest }) => (line === null ? [] : [{ ...rest, line }]))
    .slice(0, MOST_RESULTS)
  const rules = [...new Set(found.map(({ rule }) => rule))]
  const results = found.map(({ level, rule, path, line, sentence, of }) => ({
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: LEVEL[level],
    message: { text: escapeLine(`${sentence} (${of})`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(path), uriBaseId: '%SRCROOT%' },
          region: { startLine: line },
        },
      },
    ],
  }))
  const driver = {
    name: 'git pp',
    semanticVersion: version,
    rules: rules.map((id) => ({
      id,
      shortDescription: { text: RULES[id] ?? 'A place in the change that a reviewer should look at.' },
    })),
  }
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [{ tool: { driver }, results }] }, null, 2)}\n`
}

/** A path of git as a relative reference of a URI. */
function uriOf(path: string): string {
  return path
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/')
}
