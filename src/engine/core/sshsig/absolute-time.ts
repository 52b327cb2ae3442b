/** Largest values of month, day, hour, minute and second; a minute may have two leap seconds. */
const MOST = [12, 31, 23, 59, 61]

/**
 * A time in a list of allowed signers: YYYYMMDD[HHMM[SS]], in UTC with Z or UTC at its end. Each number but the year may begin
 * with a space in place of a zero, as for strptime(3), with which ssh-keygen reads it. Null for any other text, for a date that does not exist in any month, and for one that
 * is not after the beginning of 1970.
 */
export function absoluteTime(text: string): Date | null {
  const zone = /(?:Z|UTC)$/i.exec(text)?.[0] ?? ''
  const fields = fieldsOf(text.slice(0, text.length - zone.length))
  if (fields === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields
  const utc = Date.UTC(year, month - 1, day, hour, minute, second)
  const date = new Date(zone === '' ? utc + standardOffset(year) * 60_000 : utc)
  return date.getTime() > 0 ? date : null
}

/** Year, month, day and the parts of the time that are there; null if one is not valid. */
function fieldsOf(text: string): readonly number[] | null {
  if (![8, 12, 14].includes(text.length) || !/^\d{4}/.test(text)) return null
  const parts = text.slice(4).match(/../gs) ?? []
  const numbers = parts.map((part) => (/^[ \d]\d$/.test(part) ? Number(part) : Number.NaN))
  const valid = numbers.every((number, at) => number >= (at < 2 ? 1 : 0) && number <= (MOST[at] ?? 0))
  return valid ? [Number(text.slice(0, 4)), ...numbers] : null
}

/**
 * How many minutes the standard time of this machine's zone is behind UTC. ssh-keygen reads every local time as standard time,
 * also in summer (mktime(3) with tm_isdst = 0).
 */
function standardOffset(year: number): number {
  return Math.max(...[0, 6].map((month) => new Date(year, month, 1).getTimezoneOffset()))
}
