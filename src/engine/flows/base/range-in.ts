/** The two ends of `A..B`, as typed; `to` is null for `A..`. Null for a word that is not such a range; `A...B` is not one. */
export function rangeIn(word: string): { readonly from: string; readonly to: string | null } | null {
  const [, from, to = null] = /^(.*?[^.])\.\.([^.].*)?$/.exec(word) ?? []
  return from === undefined ? null : { from, to }
}
