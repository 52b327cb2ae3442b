import { confine, notGranted } from '../core/policy/index.ts'
import { flakyLine } from '../core/trials/index.ts'
import { tracers } from '../evidence/index.ts'
import {
  endOfChange,
  findChanges,
  judgesOfSession,
  mistakenCommandHint,
  readProveWords,
  targetsOf,
} from '../flows/base/index.ts'
import { policiesNotInForce, policyCommit, startsAtMergeBase } from '../flows/policies/index.ts'
import { proveFlow } from '../flows/prove/index.ts'
import type { SealedSession, Session } from '../flows/session/index.ts'
import type { Target } from '../model/command.ts'
import { PpError } from '../model/error.ts'
import type { FoundJudge } from '../model/found-judge.ts'
import type { Oid } from '../model/oid.ts'
import type { Caller, ProveOptions } from '../model/options.ts'
import type { Policy } from '../model/policy.ts'
import type { SessionResult } from '../model/session.ts'
import type { WorkerGrants } from '../model/worker.ts'
import type { Reporter } from '../ports/reporter.ts'
import type { Signer } from '../ports/signer.ts'
import { findProgram } from '../sandboxes/index.ts'
import { changeSource, type OpenRepository, readPolicy, refuseUnaccepted, withRepository } from '../wiring/index.ts'
import { signedSession } from './signed-session.ts'
import { silent } from './silent.ts'
import { isOfAll, oneOfMany } from './untried-commit.ts'

/** Proves a change that exists; returns one result for each change (`each`: several). */
export async function prove(caller: Caller, options: ProveOptions, reporter: Reporter): Promise<SessionResult[]> {
  return withRepository(caller, async (openRepo) =>
    proveAll(caller, openRepo, await findAll(caller, openRepo, options), options, reporter),
  )
}

/** How a worker proves for somebody else. */
export interface ProvedForOthers {
  /** What the policy may ask for. */
  readonly grants: WorkerGrants
  readonly signer: Signer
  /** Gets the record of the session before it is signed. */
  readonly sealed: (sealed: SealedSession) => void
}

/**
 * Proves one change for somebody else: under the policy of the base and that of this worker, and signed with its key. Throws
 * NOT_ALLOWED if the policy asks for more than the worker grants.
 */
export async function proveForOthers(
  caller: Caller,
  options: ProveOptions,
  by: ProvedForOthers,
): Promise<SessionResult> {
  const confined = { ...caller, confined: true } as const
  return withRepository(confined, async (openRepo) => {
    const found = await findAll(caller, openRepo, options)
    const [result] = await proveAll(confined, openRepo, found, options, silent, by)
    if (result === undefined) throw new PpError('USAGE', 'the patch is empty, so there is nothing to prove')
    return result
  })
}

type FoundChanges = Awaited<ReturnType<typeof findAll>>

/** What is to be proved, by which command and under which policy. */
async function findAll(caller: Caller, openRepo: OpenRepository, options: ProveOptions) {
  const source = changeSource(openRepo)
  const asked = await readProveWords(source, options)
  if (caller.confined && asked.command !== null)
    throw new PpError('USAGE', `there is no commit and no range A..B called ${JSON.stringify(options.words[0])}`)
  const isProgram = (name: string) => findProgram(name, caller.env['PATH'], caller.cwd) !== null
  const doubts = await mistakenCommandHint(source, options, asked, isProgram)
  const policy = options.policyFrom === undefined ? null : await policyCommit(source.history, options.policyFrom)
  const end = await endOfChange(source, asked)
  return { id: openRepo.id, asked, doubts, policy, end, changes: await findChanges(source, asked, options) }
}

/** Proves one change in the repository as it was opened, and each of several in one that is opened for it. */
async function proveAll(
  caller: Caller,
  opened: OpenRepository,
  found: FoundChanges,
  options: ProveOptions,
  reporter: Reporter,
  by?: ProvedForOthers,
): Promise<SessionResult[]> {
  const results: SessionResult[] = []
  const proved = new Set<Oid>()
  const faults: unknown[] = []
  const earlier = new Map<string, FoundJudge>()
  for (const { base, existing, warnings: said } of found.changes) {
    const tried = async (openRepo: OpenRepository): Promise<SessionResult> => {
      if (found.policy !== null)
        await startsAtMergeBase(
          openRepo.repository.history,
          { ref: options.policyFrom ?? '', commit: found.policy.commit },
          { base: base.commit, tip: existing.commit ?? found.end ?? base.commit },
          proved,
        )
      const policyFrom = found.policy ?? base
      const written = await readPolicy(caller, openRepo.repository, policyFrom, options, 'written')
      const { policy, withheld } = inForce(caller, written, options, by)
      refuseUnaccepted(policy, options)
      const chosen = targetsOf(policy, found.asked.command, options, openRepo.repository.place.prefix)
      const warnings = [
        ...found.doubts,
        ...said,
        ...withheld,
        ...(await policiesNotInForce(openRepo.repository, policyFrom.tree, existing.tree, policy)),
      ]
      const { argv, typed } = options
      const before = wordsOf(options, found.asked.change, existing.commit)
      const named =
        options.each && existing.commit ? [existing.commit.slice(0, 12), ...options.words.slice(1)] : options.words
      const asked = {
        ...options,
        flakyLine: flakyLine({ options: withoutMode(typed?.options ?? []), words: named, argv }),
      }
      const starting = { base, policy, targets: chosen, options: asked, words: before, warnings }
      const opening = {
        kind: 'prove' as const,
        ...starting,
        alsoTree: existing.tree,
        policyTree: policyFrom.tree,
        earlier: earlier.values(),
      }
      if (found.policy !== null) await addJudgesOf(openRepo, found.policy.tree, policy, chosen, earlier)
      const flow = async (session: Session) => {
        const sealed = await proveFlow(session, existing, tracers)
        by?.sealed(sealed)
        for (const judge of session.judges.values()) if (!earlier.has(judge.path)) earlier.set(judge.path, judge)
        return sealed
      }
      return signedSession(caller, openRepo, opening, reporter, flow, by?.signer)
    }
    const one = options.each ? existing.commit : null
    results.push(await (one === null ? tried(opened) : oneOfMany(caller, { ...found, commit: one, faults }, tried)))
    if (existing.commit !== null && isStart(results.at(-1))) proved.add(existing.commit)
    if (caller.signal.aborted) break
  }
  if (faults.length === results.length && isOfAll(faults)) throw faults[0]
  return results
}

/** Throws NOT_ALLOWED if a worker does not grant what the policy asks for. */
function inForce(caller: Caller, policy: Policy, options: ProveOptions, by: ProvedForOthers | undefined) {
  if (by === undefined) return caller.confined ? confine(policy, options.sign !== undefined) : { policy, withheld: [] }
  const refusals = notGranted(policy, by.grants)
  if (refusals.length > 0) throw new PpError('NOT_ALLOWED', refusals.join('; '))
  return { policy: { ...policy, attestation: { ...policy.attestation, enabled: false } }, withheld: [] }
}

/** `--flaky` proves a fix, whatever was asked for. */
function withoutMode(options: readonly string[]): readonly string[] {
  return options.filter((one) => !one.startsWith('--mode='))
}

/** Whether a change of a gate's range may start where this one ended. */
function isStart(result: SessionResult | undefined): boolean {
  return result?.verdict === 'PROVED' || result?.verdict === 'PRESERVED'
}

/** Adds the judges of a tree that show without a run. */
async function addJudgesOf(
  { repository: { objects } }: OpenRepository,
  tree: Oid,
  policy: Policy,
  targets: readonly Target[],
  into: Map<string, FoundJudge>,
): Promise<void> {
  const { judges } = await judgesOfSession(objects, policy, tree, targets)
  for (const judge of judges.values()) into.set(judge.path, judge)
}

/** How the user would name one of the changes to prove. */
function wordsOf({ each, patch }: ProveOptions, change: string | null, commit: Oid | null): readonly string[] {
  if (patch !== null) return ['prove', '--patch', 'FILE']
  const word = each ? (commit?.slice(0, 12) ?? change) : change
  return ['prove', ...(word === null ? [] : [word])]
}
