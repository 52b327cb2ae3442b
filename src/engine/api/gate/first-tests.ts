import { runners } from '../../evidence/index.ts'
import { changeCandidate } from '../../flows/change/index.ts'
import { firstLook, type KnownTests } from '../../flows/proof/index.ts'
import type { GateFailure } from '../../model/gate.ts'
import type { Oid } from '../../model/oid.ts'
import type { Caller } from '../../model/options.ts'
import type { GateProgress } from '../../state/index.ts'
import { type OpenRepository, type SessionRequest, withSession } from '../../wiring/index.ts'
import { silent } from '../silent.ts'
import type { FirstTests } from './job-request.ts'

interface FirstTestsOf {
  readonly opening: SessionRequest
  readonly tree: Oid
  readonly first: FirstTests
  readonly tell: (progress: GateProgress) => Promise<void>
}

/**
 * Runs the tests that failed before and those of changed files, and tells what they show. Tests that failed on the base are no
 * news, and a change of tests alone may make them fail.
 */
export function lookFirst(
  caller: Caller,
  openRepo: OpenRepository,
  { opening, tree, first, tell }: FirstTestsOf,
): Promise<void> {
  return withSession(caller, openRepo, opening, silent, async (session) => {
    const { split } = await changeCandidate(session, tree)
    if (split.product.length === 0) return
    const files = split.tests.flatMap(({ path, after }) => (after === null ? [] : [path]))
    const known = new Map(Object.entries(first.base).map(([name, one]) => [name, withFailing(one, first.failing)]))
    const look = await firstLook(session, { tree, known, files, runners, cutAfterMs: first.cutAfterMs })
    if (look === null) return
    const before = new Set(Object.values(first.base).flatMap(({ failing }) => failing))
    const failing: GateFailure[] = look.failing.flatMap(({ id, message = '' }) =>
      before.has(id) ? [] : [{ id, message }],
    )
    await tell({ is: 'first look', failing, passed: look.passed })
  })
}

function withFailing(known: KnownTests, more: readonly string[]): KnownTests {
  return { ...known, failing: [...new Set([...more, ...known.failing])] }
}
