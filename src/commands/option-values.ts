import { PpError } from '../engine/index.ts'

/** The object without its undefined keys. */
export function withoutUndefined<T extends object>(said: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as typeof said
}

/** Throws USAGE for a text that is not the name of a variable. */
export function variableName(option: string, name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name
  throw new PpError(
    'USAGE',
    `${option} ${name}: this is not the name of a variable; give the name only, its value is taken from your environment`,
  )
}

/** Milliseconds of one unit of an age. */
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** An age in ms. Throws USAGE. */
export function parseAge(option: string, text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? []
  const ms = UNITS[unit ?? '']
  if (amount !== undefined && ms !== undefined) return Number(amount) * ms
  throw new PpError('USAGE', `${option} ${text}: this is not an age; write for example 45m, 12h, 7d or 2w`)
}

export function positiveNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new PpError('USAGE', `${option} ${text}: this must be a whole number above 0`)
}
