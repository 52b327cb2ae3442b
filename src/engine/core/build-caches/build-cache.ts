/**
 * A cache that a compiler keeps in the user's home. A file of the folder `caches`: `export default` one of these. Only a cache in
 * which everything is found by the contents of all that it was made from may be one: a compiler that compares times could take what
 * it made of other sources.
 */
export interface BuildCache {
  readonly kind: string
  /** Its directory, relative to home. */
  readonly place: string
  /** Whether the compiler is used for a tree that holds this path. */
  usedFor(path: string): boolean
  /** Files to put into the cache that later runs start from, name → content, so that it answers nothing about tests. */
  settled(now: Date): ReadonlyMap<string, string>
}
