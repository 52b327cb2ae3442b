import type { Repro } from '../../model/proof.ts'

/** What two machines have to agree on: what was shown, not how long it took and not what was printed. */
type ComparedOutcome = Pick<
  Repro,
  'verdict' | 'base' | 'redTree' | 'finalTree' | 'judges' | 'judgesChanged' | 'reds' | 'tests' | 'flipped'
>

/** Where two records of the same job differ; null: nowhere. */
export function outcomesDiffer(one: ComparedOutcome, other: ComparedOutcome): string | null {
  const facts: readonly (readonly [what: string, of: (outcome: ComparedOutcome) => unknown])[] = [
    ['the verdict', ({ verdict }) => verdict],
    ['the tree of the base', ({ base }) => base.tree],
    ['the tree on which it is red', ({ redTree }) => redTree],
    ['the tree of the change', ({ finalTree }) => finalTree],
    ['whose tests decide', ({ judges, judgesChanged }) => [judges, [...judgesChanged].sort()]],
    ['the failing tests', ({ reds }) => reds.map(({ target, failing }) => [target, [...failing].sort()])],
    ['the tests that pass now', ({ flipped }) => [...flipped].sort()],
  ]
  const [first] = facts.filter(([, of]) => JSON.stringify(of(one)) !== JSON.stringify(of(other)))
  return first?.[0] ?? null
}
