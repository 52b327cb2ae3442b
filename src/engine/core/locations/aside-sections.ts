/** A part of an output whose places are not where anything failed: what a test logged, or a result that is none. */
export interface AsideSection {
  /** The first line that no longer belongs to it. */
  readonly ends: RegExp
}

const SECTIONS: readonly (AsideSection & { readonly begins: RegExp })[] = [
  // pytest: what a failing test logged, each with the place of the call.
  { begins: /^-{3,} ?Captured log \w+ ?-{3,}$/, ends: /^(?:[-_=]{3,} ?\S|[-_=]{5,}$)/ },
  // jest: where console.* was called, with the source around it.
  { begins: /^ {2}console\.\w+$/, ends: /^(?: {0,2}\S)/ },
]

/** Unity's tests that passed or were ignored; where node:test found a suite. */
const ALONE = /^\S.*?:\d+:[^:]+:(?:PASS|IGNORE)\b/
const SUITE = /^\s+type: 'suite'$/
const LOCATION = /^\s+location: /

/** The section that a line is in, after that of the line before it. */
export function sectionAfter(open: AsideSection | null, line: string): AsideSection | null {
  const begun = SECTIONS.find(({ begins }) => begins.test(line))
  if (begun) return begun
  return open?.ends.test(line) ? null : open
}

/** Whether the places in a line are aside by themselves. */
export function isAsideLine(line: string, before: string): boolean {
  return ALONE.test(line) || (LOCATION.test(line) && SUITE.test(before))
}
