import { compareSuites, movesOf, NO_MOVES, type SuiteChange, type TestNameMoves } from '../../core/verdict/index.ts'
import type { TestReport } from '../../model/evidence.ts'
import type { Oid } from '../../model/oid.ts'
import type { ChangeCandidate } from '../change/index.ts'
import type { Measurement, Round } from '../measure/index.ts'
import { type Outcome, outcome, type Session } from '../session/index.ts'

type SuiteMeasurement = Pick<Measurement, 'tests' | 'insteadOf'>

/**
 * Compares two reports of a suite. How the product of the change moves the things that test names are made of is looked up
 * only if needed.
 */
export async function compareReports(
  session: Pick<Session, 'objects'>,
  change: ChangeCandidate,
  red: SuiteMeasurement | undefined,
  final: TestReport | null,
): Promise<SuiteChange> {
  const { tests = null, insteadOf = new Map() } = red ?? {}
  const plain = compareSuites(tests, final, { moves: NO_MOVES, insteadOf })
  if (plain.ok && plain.unsure.length === 0) return plain
  return compareSuites(tests, final, { moves: await moves(session, change), insteadOf })
}

async function moves(session: Pick<Session, 'objects'>, { split }: ChangeCandidate): Promise<TestNameMoves> {
  const text = async (side: { readonly mode: string; readonly oid: Oid } | null) =>
    side?.mode.startsWith('100') ? new TextDecoder().decode(await session.objects.read(side.oid)) : null
  return movesOf(
    await Promise.all(
      split.product.map(async ({ path, before, after }) => ({
        path,
        before: await text(before),
        after: await text(after),
      })),
    ),
  )
}

/** What the suites of a green round say against it, target by target. */
export async function suiteOutcome(
  session: Pick<Session, 'objects'>,
  change: ChangeCandidate,
  base: Round,
  round: Round,
): Promise<Outcome | null> {
  for (const [at, { tests, target }] of round.measurements.entries()) {
    const suite = await compareReports(session, change, base.measurements[at], tests)
    if (!suite.ok) return outcome('RIGGED', `${target.name}: ${suite.reason}`)
  }
  return null
}
