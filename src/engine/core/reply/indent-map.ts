import { indentOf } from './loose-keys.ts'

/** Converts the leading blanks of a hunk's lines to those of the file; null = these blanks have no counterpart. */
export interface IndentMap {
  readonly name: string
  /** Smaller = fewer assumptions. */
  readonly cost: number
  readonly lead: (lead: string) => string | null
}

export const SAME_INDENT: IndentMap = { name: 'as written', cost: 0, lead: (lead) => lead }

const TAB_WIDTHS = [4, 2, 8, 3] as const

/** Every map that converts the leading blanks `patch` to `file`, the simplest first. */
export function indentMapsFor(patch: string, file: string): IndentMap[] {
  if (patch === file) return [SAME_INDENT]
  const maps: IndentMap[] = []
  if (file.startsWith(patch) || file.endsWith(patch)) maps.push(deeper(file.slice(0, file.length - patch.length)))
  if (patch.startsWith(file) || patch.endsWith(file)) maps.push(shallower(patch.slice(0, patch.length - file.length)))
  const onlyBlanks = (lead: string): boolean => /^ *$/.test(lead)
  for (const width of TAB_WIDTHS) {
    if (onlyBlanks(patch) && file.includes('\t')) maps.push(...tabbed(patch, file, width))
    if (onlyBlanks(file) && patch.includes('\t')) maps.push(...untabbed(patch, file, width))
  }
  return maps
}

function deeper(prefix: string): IndentMap {
  const name = `indented by ${JSON.stringify(prefix)}`
  return { name, cost: 1, lead: (lead) => prefix + lead }
}

function shallower(prefix: string): IndentMap {
  const name = `outdented by ${JSON.stringify(prefix)}`
  return { name, cost: 1, lead: (lead) => (lead.startsWith(prefix) ? lead.slice(prefix.length) : null) }
}

/**
 * Blanks to tabs: `width` blanks become a tab, and remaining blanks stay; then all lines of the hunk get the same number of
 * tabs more or fewer.
 */
function tabbed(patch: string, file: string, width: number): IndentMap[] {
  const convert = (lead: string, shift: number): string | null => {
    const tabs = Math.floor(lead.length / width) + shift
    return tabs < 0 || /\t/.test(lead) ? null : '\t'.repeat(tabs) + ' '.repeat(lead.length % width)
  }
  const shift = file.lastIndexOf('\t') + 1 - Math.floor(patch.length / width)
  if (convert(patch, shift) !== file) return []
  return [{ name: `${width} blanks a tab`, cost: shift === 0 ? 1 : 2, lead: (lead) => convert(lead, shift) }]
}

function untabbed(patch: string, file: string, width: number): IndentMap[] {
  const convert = (lead: string, shift: number): string | null => {
    const blanks = lead.replaceAll('\t', ' '.repeat(width)).length + shift
    return blanks < 0 ? null : ' '.repeat(blanks)
  }
  const shift = file.length - (convert(patch, 0)?.length ?? 0)
  if (shift % width !== 0) return []
  return [{ name: `a tab is ${width} blanks`, cost: shift === 0 ? 1 : 2, lead: (lead) => convert(lead, shift) }]
}

/** The line after the conversion; null if the map cannot convert it. A blank line stays blank. */
export function mapIndent(line: string, map: IndentMap): string | null {
  if (map === SAME_INDENT || line === '') return line
  const lead = indentOf(line)
  const to = map.lead(lead)
  if (to === null) return lead.length === line.length ? '' : null
  return lead.length === line.length ? '' : to + line.slice(lead.length)
}
