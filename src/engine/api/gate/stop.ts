import { setTimeout as sleep } from 'node:timers/promises'
import { countBlock } from '../../core/gate/index.ts'
import { DEPENDENCIES } from '../../core/paths/index.ts'
import { takeSnapshot } from '../../flows/base/index.ts'
import { PpError } from '../../model/error.ts'
import type { GateBase, GateFinding, GateSession } from '../../model/gate.ts'
import type { Oid } from '../../model/oid.ts'
import type { Caller } from '../../model/options.ts'
import { digest, type GateJob, type GateStore, openGateJob, timesBeside } from '../../state/index.ts'
import { changeSource, type OpenRepository, type PolicyOfGate, readGatePolicy } from '../../wiring/index.ts'
import { dependenciesChanged } from './beside.ts'
import { baseOfToday, baseWithoutBegin } from './gate-base.ts'
import { type GateJobRequest, jobProgram, targetsCovering } from './job.ts'

/** A stop of an agent. `session`: a name for its session, made from what the agent says. */
export interface GateStop {
  readonly session: string
  /** When the session began, in ms; null: unknown. */
  readonly began: number | null
  readonly deadlineMs: number
}

/** What is said of a stop, and about which tree. */
export interface StopAnswer {
  readonly finding: GateFinding
  readonly tree: Oid | null
}

const quiet = { failures: [], failure: null, session: null } as const

/** Decides about a stop, cheapest first. */
export async function decideStop(
  caller: Caller,
  openRepo: OpenRepository,
  store: GateStore,
  stop: GateStop,
): Promise<StopAnswer> {
  const worktree = await store.worktree()
  const session = await sessionOf(openRepo, store, stop)
  if (session === null) {
    const reason =
      'could not tell: nobody said where this session began; git pp init --agent registers the hook that does'
    return { finding: { ...quiet, word: 'UNPROVED', go: true, reason }, tree: null }
  }
  const { moved, trusted } = worktree
  const since = moved !== null && moved.at > session.began ? moved.base : session.base
  const base = await baseOfToday(openRepo, since)
  const now = await takeSnapshot(changeSource(openRepo)).catch((error: unknown) => unreadable(error))
  if ('reason' in now) {
    const counted = countBlock(session, now)
    await store.keepSession(stop.session, counted.session)
    return { finding: counted.told, tree: null }
  }
  const { tree } = now
  if (tree === base.tree) {
    const reason = `nothing changed since the base, which is ${base.is}`
    return { finding: { ...quiet, word: 'UNCHANGED', go: true, reason }, tree }
  }
  const asked = await readGatePolicy(openRepo.repository, base, (one) => trusted.includes(one))
  if (asked.policy.targets.length === 0) {
    const reason = 'the policy of the base has no proof_targets, so there is nothing to run: git pp init'
    return { finding: { ...quiet, word: 'NO_TARGET', go: true, reason }, tree }
  }
  const paths = (await openRepo.repository.objects.changes(base.tree, tree)).map(({ path }) => path)
  if (targetsCovering(asked.policy.targets, asked.rules, paths).length === 0) {
    const reason = 'no target covers the files of this change'
    return { finding: { ...quiet, word: 'NO_TARGET', go: true, reason }, tree }
  }
  const key = keyOf(caller, base, tree, asked)
  const beside = timesBeside(openRepo.repository.place.top, DEPENDENCIES)
  const same = session.last?.key === key && (session.last.finding.go || session.last.beside === beside)
  const known = same ? (session.last?.finding ?? null) : null
  const finding =
    known ?? (await provedNow(caller, openRepo, store, { stop, base, tree, key, beside, rules: asked.rules }))
  return { finding: await told(openRepo, store, { stop, session, base, now, key, beside, finding }), tree }
}

/** What the agent did to the repository so that its work tree cannot be read any more: an unfinished merge, for example. */
function unreadable(error: unknown): GateFinding {
  if (!(error instanceof PpError)) throw error
  const reason = `the work tree could be read when the session began, and cannot be now: ${error.message}`
  return { ...quiet, word: 'NOT_RUN', go: false, reason, failure: `unreadable ${error.code}` }
}

/** The session as it is kept; one that nobody announced begins now, with a base from before it. */
async function sessionOf(openRepo: OpenRepository, store: GateStore, stop: GateStop): Promise<GateSession | null> {
  const kept = await store.session(stop.session)
  if (kept !== null) return kept
  const base = await baseWithoutBegin(openRepo, await store.worktree(), stop.began)
  if (base === null) return null
  const session = { base, began: Date.now(), blocks: 0, blocksOf: {}, last: null }
  await store.keepSession(stop.session, session)
  return session
}

/** Names all that decides about a state of the work tree. */
function keyOf(caller: Caller, base: GateBase, tree: Oid, { policy, rules }: PolicyOfGate): string {
  const { sources: _, ...said } = policy
  return digest(JSON.stringify([caller.version, base.tree, tree, said, rules.oldFailures]))
}

interface ProofToMake {
  readonly stop: GateStop
  readonly base: GateBase
  readonly tree: Oid
  readonly key: string
  readonly beside: string
  readonly rules: PolicyOfGate['rules']
}

/** Runs the proof in a process of its own, and waits for it no longer than the agent does. */
async function provedNow(
  caller: Caller,
  openRepo: OpenRepository,
  store: GateStore,
  { stop, base, tree, key, beside, rules }: ProofToMake,
): Promise<GateFinding> {
  const { trusted } = await store.worktree()
  const baseRan = await store.part<boolean>(stop.session, 'ran')
  const request: GateJobRequest = { base, tree, trusted, baseRan, session: stop.session }
  const job = await openGateJob(store.dir, `${key} ${beside}`, request, jobProgram(caller))
  const finding = await waited(job, Math.max(stop.deadlineMs, rules.minDeadlineMs))
  // What could not be told is asked anew at the next stop.
  if (finding.word === 'UNPROVED') await job.forget()
  if (!finding.go || (finding.word !== 'PROVED' && finding.word !== 'PRESERVED' && finding.word !== 'PROVED_SO_FAR'))
    return finding
  const changed = await dependenciesChanged(openRepo, store, stop.session, base, tree)
  if (changed.length === 0) return finding
  const reason = `dependencies changed during the session, but not the files that ask for them: ${changed.slice(0, 5).join(', ')}; restore them, so that the proof shows your change`
  return { ...finding, word: 'DEPENDENCIES', go: false, reason, failure: 'DEPENDENCIES' }
}

const POLL_MS = 40
/** How much longer than until the first pair an agent waits for the whole proof, at most. */
const LONGER_MS = 20_000

async function waited(job: GateJob, deadlineMs: number): Promise<GateFinding> {
  const began = performance.now()
  let soFarAt: number | null = null
  for (;;) {
    const finding = await job.finding()
    if (finding !== null) return finding
    const passed = performance.now() - began
    if (soFarAt === null && (await job.progress())?.is === 'so far') soFarAt = passed
    const enough = soFarAt !== null && passed - soFarAt >= Math.min(LONGER_MS, soFarAt)
    if (soFarAt !== null && (enough || passed >= deadlineMs)) {
      const reason = 'red without the change, green with it, red again without it; the remaining runs go on'
      return { ...quiet, word: 'PROVED_SO_FAR', go: true, reason }
    }
    if (passed >= deadlineMs) {
      const reason = `the runs take longer than ${Math.round(deadlineMs / 1000)} s and go on; stop again, and the answer may be there`
      return { ...quiet, word: 'STILL_RUNNING', go: false, reason, failure: 'STILL_RUNNING' }
    }
    if (!(await job.runs()) && passed > 2000) {
      const late = await job.finding()
      return (
        late ?? { ...quiet, word: 'UNPROVED', go: true, reason: 'could not tell: the process that proves has died' }
      )
    }
    await sleep(POLL_MS)
  }
}

interface StopFinding {
  readonly stop: GateStop
  readonly session: GateSession
  readonly base: GateBase
  readonly now: { readonly commit: Oid; readonly tree: Oid; readonly dirty: boolean }
  readonly key: string
  readonly beside: string
  readonly finding: GateFinding
}

/** Answers that say yes or no are given again while nothing changed; the others are asked anew. */
const KEPT: ReadonlySet<string> = new Set(['PROVED', 'PRESERVED'])

async function told(
  openRepo: OpenRepository,
  store: GateStore,
  { stop, session, base, now, key, beside, finding }: StopFinding,
): Promise<GateFinding> {
  const counted = countBlock(session, finding)
  const keep = KEPT.has(finding.word) || (!finding.go && finding.word !== 'STILL_RUNNING')
  await store.keepSession(stop.session, { ...counted.session, last: keep ? { key, beside, finding } : null })
  const worktree = await store.worktree()
  if (KEPT.has(finding.word)) {
    if (now.dirty) await openRepo.refs.update([{ ref: `refs/pp/${openRepo.id}/base`, to: now.commit, from: null }])
    const head = (await openRepo.repository.history.resolve('HEAD')) ?? now.commit
    const accepted = {
      commit: now.commit,
      tree: now.tree,
      head,
      snapshot: now.dirty,
      is: 'what this gate accepted last',
    }
    await store.keepWorktree({ ...worktree, accepted, open: null })
  } else if (counted.told.go && worktree.open === null) await store.keepWorktree({ ...worktree, open: base })
  return counted.told
}
