/** How many names a sentence holds. */
const MOST = 5

/** 'a, b and 3 more'. */
export function listNames(names: readonly string[]): string {
  const more = names.length - MOST
  return names.slice(0, MOST).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
