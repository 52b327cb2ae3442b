/** One expression for a list of names: 'dir/' anywhere on the way, or a file name at the end; without case. */
export function namesPattern(names: string): RegExp {
  const words = names.trim().split(/\s+/)
  const expression = (word: string) => word.replace(/[.+]/g, '\\$&').replaceAll('*', '[^/]*')
  const directories = words.filter((word) => word.endsWith('/')).map(expression)
  const files = words.filter((word) => !word.endsWith('/')).map((word) => `${expression(word)}$`)
  return new RegExp(`(?:^|/)(?:${[...directories, ...files].join('|')})`, 'i')
}
