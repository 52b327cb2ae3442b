import { failingTestIds } from '../../core/failure/index.ts'
import { expectations, testNameOf } from '../../core/verdict/index.ts'
import type { Change } from '../../model/change.ts'
import type { ChangedExpectations } from '../../model/session.ts'
import { intendedChangeHint } from '../judges/index.ts'
import type { Measurement } from '../measure/index.ts'
import type { Outcome, Session } from '../session/index.ts'

/** No more lines of judges are told. */
const MOST = 50

/** What saying how a change of judges could be meant uses. */
export type Meaning = Pick<Session, 'typed' | 'place' | 'kind' | 'targets' | 'objects'>

/**
 * TESTS_CHANGED so that whoever maintains the tests can decide: what they ask now, what became of all others, and the two lines.
 * `judges`: what the change touches of them; `base`: the product of the change under the base's own judges, where it was run.
 */
export async function testsChangedOutcome(
  session: Meaning,
  end: Outcome,
  judges: readonly Change[],
  base: Measurement | null,
): Promise<Outcome> {
  if (end.verdict !== 'TESTS_CHANGED') return end
  const failed = failingTestIds(base?.tests ?? null)
  const read = (side: Change['before']) => (side === null ? null : session.objects.read(side.oid))
  const changed: ChangedExpectations['changed'] = []
  for (const { path, before, after } of judges) {
    const rows = expectations(path, await read(before), await read(after), failed)
    changed.push(...rows.slice(0, MOST - changed.length))
  }
  const texts = await Promise.all(
    judges.map(async ({ before }) => new TextDecoder().decode((await read(before)) ?? undefined)),
  )
  const others = base?.tests && {
    passed: base.tests.counts.passed,
    failing: failed.filter((id) => !texts.some((text) => text.includes(testNameOf(id)))).slice(0, MOST),
  }
  const mend = intendedChangeHint(
    session,
    judges.map(({ path }) => path),
  )
  return { ...end, mend, expectations: { changed, others: others ?? null } }
}
