import { AREAS, type Check } from '../model/checkup.ts'
import { escapeLine } from './escape.ts'
import { block } from './lines.ts'
import type { Paint } from './paint.ts'

/** The answer of `doctor`: what was found, area by area, each with what mends it. */
export function doctorText(checks: readonly Check[], paint: Paint): string[] {
  return AREAS.flatMap((area) => {
    const found = checks.filter((check) => check.area === area)
    return block(
      area,
      found.flatMap((check) => told(check, paint)),
      paint,
    )
  })
}

function told(check: Check, paint: Paint): string[] {
  const marks = { ok: paint.good('ok'), note: paint.unsure('note'), problem: paint.bad('problem') }
  const line = `${marks[check.level]}  ${escapeLine(check.text)}`
  return check.level === 'ok' || check.mend === null
    ? [line]
    : [line, `      ${paint.faint('mend:')} ${escapeLine(check.mend)}`]
}
