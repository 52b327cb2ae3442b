import { failingTestIds } from '../../core/failure/index.ts'
import { expectations, testNameOf } from '../../core/verdict/index.ts'
import type { Change } from '../../model/change.ts'
import type { ChangedExpectations } from '../../model/session.ts'
import { intendedChangeHint } from '../judges/index.ts'
import type { Measurement } from '../measure/index.ts'
import type { Outcome, Session } from '../session/index.ts'

/** At most this many lines of judges are reported. */
const MOST = 50

/** The parts of a session that are needed to explain how a change of judges could be intended. */
export type Meaning = Pick<Session, 'typed' | 'place' | 'kind' | 'targets' | 'objects'>

/**
 * A TESTS_CHANGED outcome with what a maintainer of the tests needs to decide: what the tests expect now, how all other tests
 * ended, and what to type. `judges`: the judges that the change touches; `base`: the run of the product of the change under
 * the base's own judges, if there was one.
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
