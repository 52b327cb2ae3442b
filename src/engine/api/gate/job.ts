import { constants, setPriority } from 'node:os'
import { findingOf, letGo, sendBack } from '../../core/gate/index.ts'
import { automaticExecutionOf } from '../../core/guard/index.ts'
import { isSourceFile } from '../../core/paths/index.ts'
import { isPolicyName } from '../../core/policy/index.ts'
import type { ChangeSplit } from '../../core/split/index.ts'
import { tracers } from '../../evidence/index.ts'
import { changeCandidate } from '../../flows/change/index.ts'
import { firstUndecided, measureTree } from '../../flows/measure/index.ts'
import { proveFlow } from '../../flows/prove/index.ts'
import type { Target } from '../../model/command.ts'
import { PpError } from '../../model/error.ts'
import { GATE_JOB, type GateBase, type GateFinding } from '../../model/gate.ts'
import type { Oid } from '../../model/oid.ts'
import type { Caller, SessionOptions } from '../../model/options.ts'
import type { Policy } from '../../model/policy.ts'
import type { Reporter } from '../../ports/reporter.ts'
import { gateJob, gateStore, type JobProgram, readJson, stateDir } from '../../state/index.ts'
import {
  type OpenRepository,
  type PolicyOfGate,
  readGatePolicy,
  withRepository,
  withSession,
} from '../../wiring/index.ts'
import { signedSession } from '../signed-session.ts'
import { digestDependencies } from './beside.ts'
import { gateCaller } from './gate-caller.ts'
import { changedFailures, excerptOf } from './recorded-failures.ts'
import { soFar } from './so-far.ts'

/** In seconds. A job that takes longer is given up. */
const LONGEST = 3600

/** What a job is told. `tree`: what is to be proved; null: the session only begins. */
export interface GateJobRequest {
  readonly base: GateBase
  readonly tree: Oid | null
  readonly trusted: readonly string[]
  readonly session: string
  /** Whether the targets could be run when the session began; null: unknown. */
  readonly baseRan: boolean | null
}

/** How a job is started. Throws INTERNAL for a program that runs from its source. */
export function jobProgram({ node, program, env, cwd }: Caller): JobProgram {
  if (program === undefined) throw new PpError('INTERNAL', 'the gate needs the built program: npm run build')
  return { node, program, env, cwd, word: GATE_JOB }
}

/** Does one job of the gate, in a process of its own, and writes down what it found. */
export async function doGateJob(caller: Caller, dir: string): Promise<void> {
  const job = gateJob(dir)
  const request = await readJson<GateJobRequest>(job.request)
  if (request === null) return
  const { tree } = request
  if (tree === null) return begun(gateCaller(caller, null), request)
  const finding = await provedFor(gateCaller(caller, null), { ...request, tree }, async () => {
    await job.tell({ is: 'so far' })
    setPriority(0, constants.priority.PRIORITY_LOW)
  })
  // A process that was ended says nothing about the change.
  if (!caller.signal.aborted) await job.end(finding)
}

type ProofRequest = GateJobRequest & { readonly tree: Oid }

async function provedFor(caller: Caller, request: ProofRequest, onSoFar: () => Promise<void>): Promise<GateFinding> {
  try {
    return await withRepository(caller, async (openRepo) => {
      const asked = await policyOf(openRepo, request)
      return await proved(caller, openRepo, request, asked, onSoFar)
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (request.baseRan === true && error instanceof PpError && error.code !== 'INTERNAL')
      return sendBack('NOT_RUN', `the command could be run when you began, and not now: ${reason}`)
    return letGo('UNPROVED', `could not tell: ${reason}`)
  }
}

function policyOf({ repository }: OpenRepository, { base, trusted }: GateJobRequest): Promise<PolicyOfGate> {
  return readGatePolicy(repository, base, (digest) => trusted.includes(digest))
}

/** What is found out when a session begins, while the agent already works: whether the base runs, and what stands beside it. */
function begun(caller: Caller, request: GateJobRequest): Promise<void> {
  setPriority(0, constants.priority.PRIORITY_LOW)
  return withRepository(caller, async (openRepo) => {
    const { top } = openRepo.repository.place
    const store = gateStore(stateDir(caller.env, caller.home), top)
    await digestDependencies(top, store, request.session)
    const asked = await policyOf(openRepo, request)
    // Sessions that begin at the same tree under the same policy find out the same.
    const place = `base ${request.base.tree} ${asked.digest}`
    const known = await store.part<boolean>(place, 'ran')
    const started = performance.now()
    const ran = known === true || (await canRun(caller, openRepo, request.base, asked).catch(() => false))
    const took = (known === true ? await store.part<number>(place, 'took') : null) ?? performance.now() - started
    for (const one of [place, request.session]) {
      await store.keepPart(one, 'took', Math.round(took))
      await store.keepPart(one, 'ran', ran)
    }
  })
}

async function proved(
  caller: Caller,
  openRepo: OpenRepository,
  { base, tree, baseRan }: ProofRequest,
  { policy, rules, withheld }: PolicyOfGate,
  onSoFar: () => Promise<void>,
): Promise<GateFinding> {
  const options: SessionOptions = { include: [], env: [], keepWorktrees: false, timeout: LONGEST, mode: 'auto' }
  const start = { commit: base.commit, tree: base.tree, snapshot: base.snapshot }
  const paths = (await openRepo.repository.objects.changes(base.tree, tree)).map(({ path }) => path)
  const targets = targetsCovering(policy.targets, rules, paths)
  const opening = {
    ...{ kind: 'prove' as const, base: start, policy, targets, options, words: ['prove'] },
    ...{ warnings: withheld, alsoTree: tree, policyTree: base.tree },
  }
  let split: ChangeSplit | null = null
  let excerpt = ''
  let otherwise: readonly string[] = []
  const result = await signedSession(caller, openRepo, opening, soFar(onSoFar), async (session) => {
    const sealed = await proveFlow(session, { tree, commit: null }, tracers)
    split = (await changeCandidate(session, tree)).split
    excerpt = excerptOf(session.record)
    otherwise = changedFailures(session.record, targets)
    return sealed
  })
  const { tests = [], product = [], programs = [] }: Partial<ChangeSplit> = split ?? {}
  const others = product.map(({ path }) => path)
  return findingOf(result, {
    ...{
      baseRan,
      excerpt,
      failedOtherwise: otherwise,
      programs,
      product: others,
      judges: tests.map(({ path }) => path),
    },
    oldFailures: rules.oldFailures,
    takesRefactoring: takesRefactoring(policy),
    code: others.filter(isSourceFile),
    automatic: paths.filter((path) => automaticExecutionOf(path) !== null || isPolicyName(path)),
  })
}

/** Whether the targets show anything on the base: a run that is red is one, too. */
async function canRun(
  caller: Caller,
  openRepo: OpenRepository,
  base: GateBase,
  { policy }: PolicyOfGate,
): Promise<boolean> {
  const options: SessionOptions = { include: [], env: [], keepWorktrees: false, timeout: LONGEST }
  const start = { commit: base.commit, tree: base.tree, snapshot: base.snapshot }
  const opening = {
    ...{ kind: 'prove' as const, base: start, policy, targets: policy.targets, options, words: ['prove'] },
    ...{ warnings: [], alsoTree: null },
  }
  const round = await withSession(caller, openRepo, opening, silent, (session) =>
    measureTree(session, { tree: base.tree, step: { is: 'base' }, keep: null, writeAccess: 'all' }),
  )
  return firstUndecided(round) === null
}

const silent: Reporter = { tell: () => {} }

/** A change without a red is let go unless somebody wrote that fixes alone are taken. */
function takesRefactoring({ verify, sources }: Policy): boolean {
  const written = sources['policy.verify.accept']
  return written === undefined || written.from === 'default' || verify.accept.includes('refactor')
}

/** The targets that decide about a change of one of these files. */
export function targetsCovering(
  targets: readonly Target[],
  { covers }: PolicyOfGate['rules'],
  paths: readonly string[],
): readonly Target[] {
  return targets.filter(({ name }) => paths.some((path) => covers(name, path)))
}
