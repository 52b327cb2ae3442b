import { AREAS, type DoctorCheck } from '../model/doctor.ts'
import { escapeLine } from './escape.ts'
import type { TerminalStyles } from './terminal-styles.ts'
import { labelledBlock } from './text-lines.ts'

/** The text of `doctor`: what was found, area by area, each with the command that fixes it. */
export function doctorText(checks: readonly DoctorCheck[], paint: TerminalStyles): string[] {
  return AREAS.flatMap((area) => {
    const found = checks.filter((check) => check.area === area)
    return labelledBlock(
      area,
      found.flatMap((check) => told(check, paint)),
      paint,
    )
  })
}

function told(check: DoctorCheck, paint: TerminalStyles): string[] {
  const marks = { ok: paint.good('ok'), note: paint.unsure('note'), problem: paint.bad('problem') }
  const line = `${marks[check.level]}  ${escapeLine(check.text)}`
  return check.level === 'ok' || check.mend === null
    ? [line]
    : [line, `      ${paint.faint('mend:')} ${escapeLine(check.mend)}`]
}
