const NAME = String.raw`([\p{L}_$][\p{L}\p{N}_$]*)`
const KEYWORD = new RegExp(
  String.raw`^\s*(?:[a-z]+(?:\([^)]*\))?\s+)*?(?:def|function\*?|func|fn|fun|sub|proc)\s+(?:\([^)]*\)\s*)?(?:self\.)?${NAME}`,
  'u',
)
const BRACES = new RegExp(
  String.raw`^\s*(?!(?:if|for|while|switch|return|catch|else|do|with|foreach|using|lock)\b)(?:[\p{L}\p{N}_$<>[\],.?*&:~#@]+\s+)*[*&#]*${NAME}\s*(?:<[^<>()]*>)?\([^;]*$`,
  'u',
)
/** Lines that may stand above a function and belong to it: decorators, attributes and comments. */
const ABOVE = /^\s*(?:[@#]|\/\/|\/?\*|--|\[[^\]]*\]\s*$)/

/** The name of the function that begins in this line; null if none does. */
export function definedName(lines: readonly string[], at: number): string | null {
  const line = lines[at] ?? ''
  if (line.length > 500) return null
  const named = KEYWORD.exec(line)?.[1]
  if (named !== undefined) return named
  const opens = line.trimEnd().endsWith('{') || (lines[at + 1] ?? '').trim() === '{'
  return opens ? (BRACES.exec(line)?.[1] ?? null) : null
}

/** The line of the function that a piece of code consists of, below its decorators and comments; null for other code. */
export function firstDefinition(lines: readonly string[]): { readonly at: number; readonly name: string } | null {
  const at = lines.findIndex((line) => line.trim() !== '' && !ABOVE.test(line))
  const name = at < 0 ? null : definedName(lines, at)
  return name === null ? null : { at, name }
}
