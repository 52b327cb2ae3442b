import { constants, setPriority } from 'node:os'
import { findingOf, letGo, sendBack } from '../../core/gate/index.ts'
import { automaticExecutionOf } from '../../core/guard/index.ts'
import { isSourceFile } from '../../core/paths/index.ts'
import { isPolicyName } from '../../core/policy/index.ts'
import type { ChangeSplit } from '../../core/split/index.ts'
import { tracers } from '../../evidence/index.ts'
import { changeCandidate } from '../../flows/change/index.ts'
import { proveFlow } from '../../flows/prove/index.ts'
import type { Target } from '../../model/command.ts'
import { PpError } from '../../model/error.ts'
import { GATE_JOB, type GateFinding } from '../../model/gate.ts'
import type { Oid } from '../../model/oid.ts'
import type { Caller, SessionOptions } from '../../model/options.ts'
import type { Policy } from '../../model/policy.ts'
import { type GateProgress, gateJob, type JobProgram, readJson } from '../../state/index.ts'
import { type OpenRepository, type PolicyOfGate, withRepository } from '../../wiring/index.ts'
import { signedSession } from '../signed-session.ts'
import { lookAtBase } from './base-look.ts'
import { lookFirst } from './first-tests.ts'
import { gateCaller } from './gate-caller.ts'
import { type GateJobRequest, LONGEST_SEC, policyOf } from './job-request.ts'
import { changedFailures, excerptOf } from './recorded-failures.ts'
import { soFar } from './so-far.ts'

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
  if (tree === null) return lookAtBase(gateCaller(caller, null), request)
  const finding = await provedFor(gateCaller(caller, null), { ...request, tree }, async (progress) => {
    await job.tell(progress)
    if (progress.is === 'so far') setPriority(0, constants.priority.PRIORITY_LOW)
  })
  // A process that was ended says nothing about the change.
  if (!caller.signal.aborted) await job.end(finding)
}

type ProofRequest = GateJobRequest & { readonly tree: Oid }

type Tell = (progress: GateProgress) => Promise<void>

async function provedFor(caller: Caller, request: ProofRequest, tell: Tell): Promise<GateFinding> {
  try {
    return await withRepository(caller, async (openRepo) => {
      const asked = await policyOf(openRepo, request)
      return await proved(caller, openRepo, request, asked, tell)
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (request.baseRan === true && error instanceof PpError && error.code !== 'INTERNAL')
      return sendBack('NOT_RUN', `the command could be run when you began, and not now: ${reason}`)
    return letGo('UNPROVED', `could not tell: ${reason}`)
  }
}

async function proved(
  caller: Caller,
  openRepo: OpenRepository,
  { base, tree, baseRan, first }: ProofRequest,
  { policy, rules, withheld }: PolicyOfGate,
  tell: Tell,
): Promise<GateFinding> {
  const options: SessionOptions = { include: [], env: [], keepWorktrees: false, timeout: LONGEST_SEC, mode: 'auto' }
  const start = { commit: base.commit, tree: base.tree, snapshot: base.snapshot }
  const paths = (await openRepo.repository.objects.changes(base.tree, tree)).map(({ path }) => path)
  const targets = targetsCovering(policy.targets, rules, paths)
  const opening = {
    ...{ kind: 'prove' as const, base: start, policy, targets, options, words: ['prove'] },
    ...{ warnings: withheld, alsoTree: tree, policyTree: base.tree },
  }
  if (first !== null) await lookFirst(caller, openRepo, { opening, tree, first, tell })
  let split: ChangeSplit | null = null
  let excerpt = ''
  let otherwise: readonly string[] = []
  const result = await signedSession(
    caller,
    openRepo,
    opening,
    soFar(() => tell({ is: 'so far' })),
    async (session) => {
      const sealed = await proveFlow(session, { tree, commit: null }, tracers)
      split = (await changeCandidate(session, tree)).split
      excerpt = excerptOf(session.record)
      otherwise = changedFailures(session.record, targets)
      return sealed
    },
  )
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
