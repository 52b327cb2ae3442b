import { stat } from 'node:fs/promises'
import { agents, findAgent } from '../../agents/index.ts'
import { RUN_MARK } from '../../core/environment/index.ts'
import { countBlock } from '../../core/gate/index.ts'
import { PpError } from '../../model/error.ts'
import type { GateFinding, GateLine } from '../../model/gate.ts'
import type { Caller } from '../../model/options.ts'
import type { AgentEvent, AgentKind, HookCall } from '../../ports/agent.ts'
import { digest, type GateStore, gateStore, rememberAgentCall, stateDir } from '../../state/index.ts'
import { clock, type OpenRepository, readGatePolicy, withRepository } from '../../wiring/index.ts'
import { beginSession } from './begin.ts'
import { baseNow } from './gate-base.ts'
import { gateCaller } from './gate-caller.ts'
import { decideStop, type StopAnswer } from './stop.ts'

/** What the gate was called for. */
export interface GateOptions {
  /** The agent that was named, or that was recognised by its call. */
  readonly agent: AgentKind
  /** The hook of the start of a session. */
  readonly begin: boolean
  /** Stops of helpers of the agent are decided, too. */
  readonly subAgents: boolean
  readonly deadlineMs: number
}

const quiet = { failures: [], failure: null, session: null } as const

function letGo(word: GateFinding['word'], reason: string): GateFinding {
  return { ...quiet, word, go: true, reason }
}

/** Decides whether an agent may stop. Never throws for what a repository holds: what could not be told is let go, and recorded. */
export async function gate(caller: Caller, options: GateOptions, call: HookCall): Promise<GateFinding> {
  if (call.env[RUN_MARK] !== undefined) return letGo('NOT_ASKED', 'this is a run of git pp itself')
  const event = options.agent.read(call)
  if (!isAsked(event, options)) return letGo('NOT_ASKED', 'nothing to decide here')
  const began = performance.now()
  const inProject = gateCaller(caller, event.directory)
  try {
    return await withRepository(inProject, async (openRepo) => {
      const store = storeOf(inProject, openRepo)
      const id = sessionId(options.agent, event)
      const answer = await decided(inProject, openRepo, store, { options, event, id }).catch(couldNotTell)
      await store.tell(lineOf(options, event, id, answer, began))
      const { finding } = answer
      const answered = `${finding.word}: ${finding.reason}`
      const at = clock.now().toISOString()
      const state = stateDir(inProject.env, inProject.home)
      await rememberAgentCall(state, options.agent.kind, { at, directory: inProject.cwd, answered })
      return answer.finding
    })
  } catch (error) {
    if (!(error instanceof PpError && error.code === 'NOT_A_REPOSITORY')) return couldNotTell(error).finding
    return (await repositoryIsGone(inProject, options, event)) ?? letGo('NOT_ASKED', error.message)
  }
}

/** Null for a directory that never was a repository of the agent's session. */
async function repositoryIsGone(
  { cwd, env, home }: Caller,
  { agent, begin }: GateOptions,
  event: AgentEvent,
): Promise<GateFinding | null> {
  if (begin || event.is === 'begin') return null
  const store = gateStore(stateDir(env, home), cwd)
  const id = sessionId(agent, event)
  const session = await store.session(id)
  if (session === null) return null
  const reason = 'this directory was a repository when the session began, and is none now: bring its .git back'
  const counted = countBlock(session, { ...quiet, word: 'NOT_RUN', go: false, reason, failure: 'no repository' })
  await store.keepSession(id, counted.session)
  return counted.told
}

/** A fault of ours, or of the repository, is no failure of the agent. */
function couldNotTell(error: unknown): StopAnswer {
  const reason = error instanceof Error ? error.message : String(error)
  return { finding: letGo('UNPROVED', `could not tell: ${reason}`), tree: null }
}

function isAsked(event: AgentEvent, { begin, subAgents }: GateOptions): boolean {
  // Some agents also run the hooks of another one: those calls are not the other agent's.
  if (event.is === 'other') return false
  if (begin) return true
  return event.is === 'begin' || event.is === 'stop' || (subAgents && event.is === 'sub-agent stop')
}

export function storeOf(caller: Caller, { repository }: OpenRepository): GateStore {
  return gateStore(stateDir(caller.env, caller.home), repository.place.top)
}

/** Of two agents in one work tree, each has its own session. */
function sessionId({ kind }: AgentKind, { session }: AgentEvent): string {
  return `${kind} ${session ?? ''}`
}

interface GateCall {
  readonly options: GateOptions
  readonly event: AgentEvent
  readonly id: string
}

async function decided(
  caller: Caller,
  openRepo: OpenRepository,
  store: GateStore,
  { options, event, id }: GateCall,
): Promise<StopAnswer> {
  const { off } = await store.worktree()
  if (off !== null && (off.until === null || off.until > clock.now().getTime()))
    return { finding: letGo('OFF', 'the gate is off: git pp gate --on'), tree: null }
  if (options.begin || event.is === 'begin') {
    const { base } = await beginSession(caller, openRepo, store, { id, named: event.session !== null })
    return { finding: letGo('NOT_ASKED', `the base is ${base.is}`), tree: base.tree }
  }
  const transcript = event.transcript === null ? null : await stat(event.transcript).catch(() => null)
  return decideStop(caller, openRepo, store, {
    ...{ session: id, began: transcript?.birthtimeMs ?? null, deadlineMs: options.deadlineMs },
  })
}

function lineOf(
  { agent, begin }: GateOptions,
  event: AgentEvent,
  id: string,
  { finding: { word, go, reason, session }, tree }: StopAnswer,
  began: number,
): GateLine {
  return {
    ...{ at: clock.now().toISOString(), agent: agent.kind, session: digest(id).slice(0, 12) },
    ...{ event: begin || event.is === 'begin' ? 'begin' : 'stop', word, go, reason, tree, proof: session },
    tookMs: Math.round(performance.now() - began),
  }
}

/** The agent with this name. Throws USAGE. */
export function agentNamed(name: string): AgentKind {
  const found = findAgent(name)
  if (found) return found
  const known = agents.map(({ kind }) => kind).join(', ')
  throw new PpError('USAGE', `there is no agent ${name}; known: ${known}`)
}

/** The agent that called; `none` where none is recognised. */
export function agentOf(call: HookCall): AgentKind {
  return agents.find((one) => one.recognises(call)) ?? agentNamed('none')
}

/** What a person decides about the gate of a work tree. `trust`: agrees to the policy of HEAD. */
export type GateSwitch =
  | { readonly is: 'off'; readonly forMs: number | null }
  | { readonly is: 'on' }
  | { readonly is: 'accept' }
  | { readonly is: 'trust'; readonly agreed: (demands: readonly string[]) => Promise<boolean> }

/** Carries out such a decision, and says in one sentence what is now so. Throws USAGE. */
export function switchGate(caller: Caller, asked: GateSwitch): Promise<string> {
  const own = gateCaller(caller, null)
  return withRepository(own, async (openRepo) => {
    const store = storeOf(own, openRepo)
    const worktree = await store.worktree()
    if (asked.is === 'trust') return trust(openRepo, store, asked.agreed)
    if (asked.is === 'on') {
      await store.keepWorktree({ ...worktree, off: null })
      return 'the gate is on'
    }
    if (asked.is === 'off') {
      const until = asked.forMs === null ? null : clock.now().getTime() + asked.forMs
      await store.keepWorktree({ ...worktree, off: { until } })
      return until === null ? 'the gate is off' : `the gate is off until ${new Date(until).toISOString()}`
    }
    const base = await baseNow(openRepo, 'what you accepted')
    const moved = { base, at: clock.now().getTime() }
    await store.keepWorktree({ ...worktree, accepted: base, open: null, moved })
    return 'accepted: only changes from here on count'
  })
}

async function trust(
  openRepo: OpenRepository,
  store: GateStore,
  agreed: (demands: readonly string[]) => Promise<boolean>,
): Promise<string> {
  const { history } = openRepo.repository
  const head = await history.resolve('HEAD')
  if (head === null) throw new PpError('UNSUPPORTED_REPOSITORY', 'this repository has no commit yet')
  const { tree } = await history.commit(head)
  const asked = await readGatePolicy(openRepo.repository, { commit: head, tree }, () => false)
  if (asked.withheld.length === 0) return 'the policy of HEAD asks for nothing that the gate would not give'
  if (!(await agreed(asked.withheld))) return 'nothing was changed'
  const worktree = await store.worktree()
  await store.keepWorktree({ ...worktree, trusted: [...new Set([...worktree.trusted, asked.digest])] })
  return 'the gate now gives what this policy asks for; another policy asks again'
}

/** What the gate said in this work tree, oldest first. */
export function gateLog(caller: Caller): Promise<readonly GateLine[]> {
  const own = gateCaller(caller, null)
  return withRepository(own, (openRepo) => storeOf(own, openRepo).lines())
}
