import { countBlock, letGo, sendBack, testsSentBack } from '../../core/gate/index.ts'
import { DEPENDENCIES } from '../../core/paths/index.ts'
import { takeSnapshot } from '../../flows/base/index.ts'
import type { GateBase, GateFinding, GateSession } from '../../model/gate.ts'
import type { Oid } from '../../model/oid.ts'
import type { Caller } from '../../model/options.ts'
import { digest, type GateStore, openGateJob, timesBeside } from '../../state/index.ts'
import { changeSource, type OpenRepository, type PolicyOfGate, readGatePolicy } from '../../wiring/index.ts'
import { beginJob } from './begin.ts'
import { dependenciesChanged } from './beside.ts'
import { baseOfToday, baseWithoutBegin } from './gate-base.ts'
import { jobProgram, targetsCovering } from './job.ts'
import type { BaseTests, FirstTests, GateJobRequest } from './job-request.ts'
import { waitForJob } from './wait-for-job.ts'

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
    return { finding: letGo('UNPROVED', reason), tree: null }
  }
  const { moved, trusted } = worktree
  const since = moved !== null && moved.at > session.began ? moved.base : session.base
  const base = await baseOfToday(openRepo, since)
  const now = await takeSnapshot(changeSource(openRepo))
  const { tree } = now
  if (tree === base.tree) {
    const reason = `nothing changed since the base, which is ${base.is}`
    return { finding: letGo('UNCHANGED', reason), tree }
  }
  const asked = await readGatePolicy(openRepo.repository, base, (one) => trusted.includes(one))
  if (asked.policy.targets.length === 0) {
    const reason = 'the policy of the base has no proof_targets, so there is nothing to run: git pp init'
    return { finding: letGo('NO_TARGET', reason), tree }
  }
  const paths = (await openRepo.repository.objects.changes(base.tree, tree)).map(({ path }) => path)
  if (targetsCovering(asked.policy.targets, asked.rules, paths).length === 0) {
    const reason = 'no target covers the files of this change'
    return { finding: letGo('NO_TARGET', reason), tree }
  }
  const key = keyOf(caller, base, tree, asked)
  const beside = timesBeside(openRepo.repository.place.top, DEPENDENCIES)
  const same = session.last?.key === key && (session.last.finding.go || session.last.beside === beside)
  const known = same ? (session.last?.finding ?? null) : null
  const finding = known ?? (await provedNow(caller, openRepo, store, { stop, base, tree, key, beside, asked }))
  return { finding: await told(openRepo, store, { stop, session, base, now, key, beside, finding }), tree }
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
  readonly asked: PolicyOfGate
}

/** Runs the proof in a process of its own, and waits for it no longer than the agent does. */
async function provedNow(
  caller: Caller,
  openRepo: OpenRepository,
  store: GateStore,
  { stop, base, tree, key, beside, asked }: ProofToMake,
): Promise<GateFinding> {
  const until = performance.now() + Math.max(stop.deadlineMs, asked.rules.minDeadlineMs)
  const { trusted } = await store.worktree()
  const took = await store.part<number>(stop.session, 'took')
  const baseRan = await store.part<boolean>(stop.session, 'ran')
  const first = await firstTests(store, stop.session, took, until - performance.now())
  const request: GateJobRequest = { base, tree, trusted, baseRan, first, session: stop.session }
  const open = () => openGateJob(store.dir, `${key} ${beside}`, request, jobProgram(caller))
  let job = await open()
  let finding = await waitForJob(job, { until, took })
  // Somebody ended it, so it says nothing; it is run once more in the time that is left.
  if (finding === 'died') {
    job = await open()
    finding = await waitForJob(job, { until, took })
  }
  if (finding === 'died') finding = letGo('UNPROVED', 'could not tell: the process that proves was ended twice')
  // What could not be told is asked anew at the next stop.
  if (finding.word === 'UNPROVED') await job.forget()
  if (!finding.go) return finding
  const since = { session: stop.session, base, tree, baseRan }
  const changed = await dependenciesChanged(openRepo, store, since, asked)
  if (changed.length === 0) return finding
  // Runs that saw other dependencies show nothing about this change.
  await job.stop()
  await job.forget()
  const reason = `dependencies changed during the session, but not the files that ask for them: ${changed.slice(0, 5).join(', ')}; restore them, so that the proof shows your change`
  return sendBack('DEPENDENCIES', reason, { open: true })
}

/** What runs first where all tests are known to take longer than the answer may: they took so long, or have not ended yet. */
async function firstTests(
  store: GateStore,
  session: string,
  took: number | null,
  leftMs: number,
): Promise<FirstTests | null> {
  const atBegin = beginJob(store, session)
  const atLeast = took ?? ((await atBegin.runs()) ? await atBegin.age() : 0)
  if (atLeast < leftMs) return null
  const base = (await store.part<BaseTests>(session, 'tests')) ?? {}
  const { failing = [] } = (await store.session(session)) ?? {}
  return { base, failing, cutAfterMs: Math.round(leftMs) }
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

/** What is given again while nothing changed, besides refusals. */
const ACCEPTED: ReadonlySet<string> = new Set(['PROVED', 'PRESERVED'])

async function told(
  openRepo: OpenRepository,
  store: GateStore,
  { stop, session, base, now, key, beside, finding }: StopFinding,
): Promise<GateFinding> {
  const counted = countBlock(session, finding)
  const keep = finding.go ? ACCEPTED.has(finding.word) : finding.open !== true
  const tests = testsSentBack(finding)
  const failing = tests.length === 0 ? session.failing : tests
  const last = keep ? { key, beside, finding } : null
  await store.keepSession(stop.session, { ...counted.session, last, ...(failing && { failing }) })
  const worktree = await store.worktree()
  if (finding.go && ACCEPTED.has(finding.word)) {
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
  } else if (counted.told.go && counted.told.word !== 'NO_TARGET' && worktree.open === null)
    await store.keepWorktree({ ...worktree, open: base })
  return counted.told
}
