/**
 * Candidates that a search has tried before and that did not pass, by a key of everything that the try depends on. It is no
 * evidence: it only saves a try, and what passes is run again.
 */
export interface RefutedCandidates {
  has(key: string): boolean
  add(key: string): void
}
