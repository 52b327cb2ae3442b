import { escapeLine } from './escape.ts'
import { type ProofState, placesOf, proofState, type ReportedProof, shortName } from './reported-proof.ts'

const LEVEL: Readonly<Record<ProofState['is'], string>> = { passed: 'notice', failed: 'error', undecided: 'warning' }
const BY_STRENGTH = ['error', 'warning', 'notice']

/**
 * Commands to a runner of GitHub, which shows them as annotations
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands). A step shows few of each level, so the
 * verdicts come first.
 */
export function reportGithub(proofs: readonly ReportedProof[]): string {
  const verdicts = proofs.map((proof) => {
    const { is, word, reason } = proofState(proof)
    return command(LEVEL[is], [['title', `git pp: ${word}`]], `${shortName(proof)}: ${reason}`)
  })
  const findings = proofs
    .flatMap(placesOf)
    .sort((a, b) => BY_STRENGTH.indexOf(a.level) - BY_STRENGTH.indexOf(b.level))
    .map(({ level, rule, path, line, sentence }) => {
      const place: readonly Property[] =
        line === null
          ? [['file', path]]
          : [
              ['file', path],
              ['line', String(line)],
            ]
      return command(level, [...place, ['title', `git pp: ${rule}`]], sentence)
    })
  return [...verdicts, ...findings].map((one) => `${one}\n`).join('')
}

type Property = readonly [name: string, value: string]

function command(level: string, properties: readonly Property[], message: string): string {
  const list = properties.map(([name, value]) => `${name}=${property(value)}`).join(',')
  return `::${level} ${list}::${text(message)}`
}

/** Lines stay lines, as the runner writes them; other control characters are spelled out. */
function text(value: string): string {
  return value.split('\n').map(line).join('%0A')
}

function property(value: string): string {
  return line(value).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

function line(value: string): string {
  return escapeLine(value).replaceAll('%', '%25')
}
