import { constants, setPriority } from 'node:os'
import { failingTestIds } from '../../core/failure/index.ts'
import { stringMasker } from '../../core/redact/index.ts'
import { firstUndecided, measureTree, type Round } from '../../flows/measure/index.ts'
import type { GateBase } from '../../model/gate.ts'
import type { Caller, SessionOptions } from '../../model/options.ts'
import { gateStore, stateDir } from '../../state/index.ts'
import { type OpenRepository, type PolicyOfGate, withRepository, withSession } from '../../wiring/index.ts'
import { silent } from '../silent.ts'
import { digestDependencies } from './beside.ts'
import { type BaseTests, type GateJobRequest, LONGEST_SEC, policyOf } from './job-request.ts'

/**
 * What is found out when a session begins, while the agent already works: whether the targets run on the base, how long, which
 * tests fail, and what stands beside the tree.
 */
export function lookAtBase(caller: Caller, request: GateJobRequest): Promise<void> {
  setPriority(0, constants.priority.PRIORITY_LOW)
  return withRepository(caller, async (openRepo) => {
    const { top } = openRepo.repository.place
    const store = gateStore(stateDir(caller.env, caller.home), top)
    await digestDependencies(top, store, request.session)
    const asked = await policyOf(openRepo, request)
    // Sessions that begin at the same tree under the same policy find out the same.
    const place = `base ${request.base.tree} ${asked.digest}`
    const known = (await store.part<boolean>(place, 'ran')) === true
    const started = performance.now()
    const seen = known ? null : await seenOnBase(caller, openRepo, request.base, asked).catch(() => null)
    const took = (known ? await store.part<number>(place, 'took') : null) ?? performance.now() - started
    const tests = known ? await store.part<BaseTests>(place, 'tests') : seen?.tests
    for (const one of [place, request.session]) {
      await store.keepPart(one, 'took', Math.round(took))
      await store.keepPart(one, 'tests', tests ?? {})
      await store.keepPart(one, 'ran', known || seen?.ran === true)
    }
  })
}

function testsOf({ measurements }: Round): BaseTests {
  return Object.fromEntries(
    measurements.flatMap(({ target, runner, tests }) =>
      runner ? [[target.name, { runner: runner.kind, failing: failingTestIds(tests) }]] : [],
    ),
  )
}

/** What runs of the targets on the base show: one that is red shows something, too. */
interface SeenOnBase {
  readonly ran: boolean
  readonly tests: BaseTests
}

function seenOnBase(
  caller: Caller,
  openRepo: OpenRepository,
  base: GateBase,
  { policy }: PolicyOfGate,
): Promise<SeenOnBase> {
  const options: SessionOptions = { include: [], env: [], keepWorktrees: false, timeout: LONGEST_SEC }
  const start = { commit: base.commit, tree: base.tree, snapshot: base.snapshot }
  const opening = {
    ...{ kind: 'prove' as const, base: start, policy, targets: policy.targets, options, words: ['prove'] },
    ...{ warnings: [], alsoTree: null },
  }
  return withSession(caller, openRepo, opening, silent, async (session) => {
    const round = await measureTree(session, { tree: base.tree, step: { is: 'base' }, keep: null, writeAccess: 'all' })
    return { ran: firstUndecided(round) === null, tests: stringMasker(session.redactor).all(testsOf(round)) }
  })
}
