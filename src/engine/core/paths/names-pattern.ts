/**
 * One expression for a list of names, without case: 'dir/' matches a directory anywhere in a path, other names match the file
 * name.
 */
export function namesPattern(names: string): RegExp {
  const words = names.trim().split(/\s+/)
  const expression = (word: string) => word.replace(/[.+]/g, '\\$&').replaceAll('*', '[^/]*')
  const directories = words.filter((word) => word.endsWith('/')).map(expression)
  const files = words.filter((word) => !word.endsWith('/')).map((word) => `${expression(word)}$`)
  return new RegExp(`(?:^|/)(?:${[...directories, ...files].join('|')})`, 'i')
}
