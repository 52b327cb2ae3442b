import type { JsonValue } from '../../model/agent-registration.ts'

/** How a new part of a file is laid out: over several lines, or in one. */
export interface Layout {
  readonly block: boolean
  /** The white space before the new part, when it stands on a line of its own. */
  readonly indent: string
  /** One step of indentation. */
  readonly step: string
  readonly lineEnd: string
}

/** A value in one line. */
export function inOneLine(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${inOneLine(one)}`)
  return `{${members.join(', ')}}`
}

/**
 * The text of a value in containers that are made for it, the outermost first: keys for objects, null for a list. Every such
 * container has white space after its opening bracket. This tells it from one that was there before, into which text is put
 * without white space when it is empty; so everything can be taken out again.
 */
export function inNewContainers(keys: readonly (string | null)[], value: JsonValue, layout: Layout): string {
  const [key, ...inner] = keys
  if (key === undefined) return inOneLine(value)
  const { block, indent, step, lineEnd } = layout
  const within = inNewContainers(inner, value, { ...layout, indent: indent + step })
  const [open, close] = key === null ? '[]' : '{}'
  const member = key === null ? within : `${JSON.stringify(key)}: ${within}`
  return block ? `${open}${lineEnd}${indent}${step}${member}${lineEnd}${indent}${close}` : `${open} ${member} ${close}`
}

/** The line end that a text uses first. */
export function lineEndOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n'
}

/** The white space at the start of the line in which `offset` lies. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? ''
}

/** Whether nothing but white space stands before `offset` in its line. */
export function isFirstInLine(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return start > 0 && indentAt(text, offset).length === offset - start
}

/** One step of indentation: the white space of the first line that has some. */
export function stepOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  '
}
