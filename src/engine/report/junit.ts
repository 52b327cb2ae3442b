import { spellCommand } from '../model/command.ts'
import { escapeLine, escapeText, firstLine } from './escape.ts'
import { type ProofState, proofState, type ReportedProof, shortName } from './reported-proof.ts'

/** A case: one target of one proof, or a commit without a proof. */
interface ReportedCase {
  readonly name: string
  readonly seconds: number
  readonly details: readonly string[]
}

/**
 * A JUnit file, as CI systems show it: a suite for each commit, in it a case for each target. What is no proof, or one that the
 * verifier does not accept, is a failure; what could not be decided is an error.
 */
export function reportJunit(proofs: readonly ReportedProof[]): string {
  const suites = proofs.map((proof) => ({ proof, state: proofState(proof), cases: casesOf(proof) }))
  const count = (is: ProofState['is'] | null) =>
    suites.reduce((sum, { state, cases }) => sum + (is === null || state.is === is ? cases.length : 0), 0)
  const totals = attributes({
    name: 'git pp',
    tests: count(null),
    failures: count('failed'),
    errors: count('undecided'),
  })
  const text = suites.map(({ proof, state, cases }) => suite(proof, state, cases)).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${totals}>\n${text}</testsuites>\n`
}

function casesOf({ view }: ReportedProof): readonly ReportedCase[] {
  if (view === null) return [{ name: 'proof', seconds: 0, details: [] }]
  const { targets, runs, failures } = view.result
  const failed = failures.map(({ id, message }) => (message === '' ? id : `${id}: ${firstLine(message)}`))
  const cases = targets.map(({ name, command }) => ({
    name,
    seconds: runs.reduce((sum, run) => sum + (run.target === name ? run.durationMs : 0), 0) / 1000,
    details: [`command: ${spellCommand(command)}`, ...failed],
  }))
  // A session that ended before it knew its targets has a verdict all the same.
  return cases.length === 0 ? [{ name: 'session', seconds: 0, details: failed }] : cases
}

function suite(proof: ReportedProof, state: ProofState, cases: readonly ReportedCase[]): string {
  const { commit, view } = proof
  const name = shortName(proof)
  const head = attributes({
    name,
    tests: cases.length,
    failures: state.is === 'failed' ? cases.length : 0,
    errors: state.is === 'undecided' ? cases.length : 0,
    ...momentOf(view?.startedAt),
  })
  const facts = [
    ['verdict', state.word],
    ['reason', state.reason],
    ...(commit === null ? [] : [['commit', commit]]),
    ...(view === null ? [] : [['session', view.session]]),
  ].map(([key = '', value = '']) => `      <property${attributes({ name: key, value })}/>\n`)
  const rows = cases.map((one) => row(name, state, one)).join('')
  return `  <testsuite${head}>\n    <properties>\n${facts.join('')}    </properties>\n${rows}  </testsuite>\n`
}

/** In the form that readers of these files know; a record may hold any text. */
function momentOf(at: string | undefined): { readonly timestamp?: string } {
  const [timestamp] = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=\.\d+Z$|Z$)/.exec(at ?? '') ?? []
  return timestamp === undefined ? {} : { timestamp }
}

function row(
  classname: string,
  { is, word, reason, mend }: ProofState,
  { name, seconds, details }: ReportedCase,
): string {
  const open = `    <testcase${attributes({ name, classname: `git-pp.${classname}`, time: seconds.toFixed(3) })}`
  if (is === 'passed') return `${open}/>\n`
  const tag = is === 'failed' ? 'failure' : 'error'
  const body = [reason, ...details, ...(mend === null ? [] : [`try: ${mend}`])]
    .map((line) => escapeText(line))
    .join('\n')
  const head = attributes({ message: `${word}: ${reason}`, type: word })
  return `${open}>\n      <${tag}${head}>${content(body)}</${tag}>\n    </testcase>\n`
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${content(escapeLine(String(value)))}"`)
    .join('')
}

/** No control character is left in an escaped text, but XML forbids two characters more. */
function content(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (char) => entities[char] ?? '').replace(/[\ufffe\uffff]/g, '\ufffd')
}
