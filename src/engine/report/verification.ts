import { statusOfVerification, type TrustedSignature, type Verification } from '../model/verification.ts'
import { escapeLine } from './escape.ts'
import type { TerminalStyles } from './terminal-styles.ts'
import { labelledBlock } from './text-lines.ts'

/** The text of `verify`: one proof with each check, several proofs with one line each. */
export function verificationsText(results: readonly Verification[], paint: TerminalStyles): string[] {
  const [only, second] = results
  if (only && !second) return one(only, paint)
  const good = results.filter((one) => statusOfVerification(one) === 0).length
  const rows = results.map((result) => `${head(result, paint, (result.commit ?? '').slice(0, 12))}`)
  const cautions = [...new Set(results.flatMap((result) => result.cautions))]
  return [
    `${good} of ${results.length} commits ${goodWords(results)}`,
    ...rows,
    ...labelledBlock('caution', cautions.map(escapeLine), paint),
  ]
}

/** 'proved', and the weaker words that occur. */
function goodWords(results: readonly Verification[]): string {
  const occurs = (word: string) => results.some(({ verdict }) => verdict.startsWith(word))
  return ['proved', ...['STABILIZED', 'PRESERVED'].filter(occurs).map((word) => word.toLowerCase())].join(' or ')
}

function one(result: Verification, paint: TerminalStyles): string[] {
  const { commit, session, checks, cautions, mend } = result
  const good = statusOfVerification(result) === 0
  return [
    head(result, paint, ''),
    ...labelledBlock('commit', commit === null ? [] : [commit], paint),
    ...labelledBlock('session', session === null ? [] : [escapeLine(session)], paint),
    ...labelledBlock(
      'checks',
      checks.map(
        ({ check, ok, detail }) => `${ok ? paint.good('ok') : paint.bad('no')}  ${escapeLine(`${check}: ${detail}`)}`,
      ),
      paint,
    ),
    ...labelledBlock('signed', result.signatures.map(signature), paint),
    ...labelledBlock('caution', cautions.map(escapeLine), paint),
    ...labelledBlock('try', mend === null ? [] : [escapeLine(mend)], paint),
    ...labelledBlock('next', good && session !== null ? [`git pp replay ${escapeLine(session)}`] : [], paint),
  ]
}

function signature({ name, mode, role, fingerprint }: TrustedSignature): string {
  return escapeLine(`${name} (${mode}, ${role})${fingerprint === null ? '' : `, key ${fingerprint}`}`)
}

function head(result: Verification, paint: TerminalStyles, of: string): string {
  const { verdict, reason } = result
  const status = statusOfVerification(result)
  const colour = status === 0 ? paint.good : status === 1 ? paint.bad : paint.unsure
  return `${paint.strong(colour(verdict))}${of === '' ? '' : ` ${of}`}: ${escapeLine(reason)}`
}
