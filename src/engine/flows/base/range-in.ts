/** The two ends of `A..B`, as typed; `to` is null for `A..`, whose end nobody named. Null for a word that is no range, `A...B` among them. */
export function rangeIn(word: string): { readonly from: string; readonly to: string | null } | null {
  const [, from, to = null] = /^(.*?[^.])\.\.([^.].*)?$/.exec(word) ?? []
  return from === undefined ? null : { from, to }
}
