import { stat } from 'node:fs/promises'
import { agents, findAgent } from '../../agents/index.ts'
import { RUN_MARK } from '../../core/environment/index.ts'
import { countBlock, introductionOf, letGo, noticeOf, sendBack } from '../../core/gate/index.ts'
import { type ErrorCode, PpError } from '../../model/error.ts'
import type { GateAnswer, GateFinding, GateLine } from '../../model/gate.ts'
import type { Caller } from '../../model/options.ts'
import type { AgentEvent, AgentKind, HookCall } from '../../ports/agent.ts'
import { digest, type GateStore, gateStore, projectOfSession, rememberAgentCall, stateDir } from '../../state/index.ts'
import { clock, type OpenRepository, withRepository } from '../../wiring/index.ts'
import { beginSession } from './begin.ts'
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

/** Decides whether an agent may stop. Never throws for what a repository holds: what could not be told is let go, and recorded. */
export async function gate(caller: Caller, options: GateOptions, call: HookCall): Promise<GateAnswer> {
  if (call.env[RUN_MARK] !== undefined) return silent(letGo('NOT_ASKED', 'this is a run of git pp itself'))
  const event = options.agent.read(call)
  if (!isAsked(event, options)) return silent(letGo('NOT_ASKED', 'nothing to decide here'))
  const began = performance.now()
  const id = sessionId(options.agent, event)
  const inProject = await callerInProject(caller, event, id)
  const stops = !options.begin && event.is !== 'begin'
  try {
    return await withRepository(inProject, async (openRepo) => {
      const store = storeOf(inProject, openRepo)
      const answer = await decided(inProject, openRepo, store, { options, event, id, stops }).catch((error: unknown) =>
        faulty(store, stops ? id : null, error),
      )
      await store.tell(lineOf(options, event, id, answer, began))
      const { finding } = answer
      const answered = `${finding.word}: ${finding.reason}`
      const at = clock.now().toISOString()
      const state = stateDir(inProject.env, inProject.home)
      await rememberAgentCall(state, options.agent.kind, { at, directory: inProject.cwd, answered })
      return stops ? await told(store, finding, performance.now() - began) : silent(finding)
    })
  } catch (error) {
    // The project directory is the top of the work tree for all agents that name it.
    const store = gateStore(stateDir(inProject.env, inProject.home), inProject.cwd)
    const { finding } = await faulty(store, stops ? id : null, error)
    const isNone = error instanceof PpError && error.code === 'NOT_A_REPOSITORY'
    return silent(isNone && finding.go ? letGo('NOT_ASKED', error.message) : finding)
  }
}

async function callerInProject(caller: Caller, { directory, session }: AgentEvent, id: string): Promise<Caller> {
  const named = gateCaller(caller, directory)
  if (session === null) return named
  const known = await projectOfSession(stateDir(named.env, named.home), id, named.cwd).catch(() => named.cwd)
  return gateCaller(caller, known)
}

function silent(finding: GateFinding): GateAnswer {
  return { finding, notice: null, introduction: null }
}

async function told(store: GateStore, finding: GateFinding, tookMs: number): Promise<GateAnswer> {
  const worktree = await store.worktree()
  if (!worktree.introduced) await store.keepWorktree({ ...worktree, introduced: true })
  const introduction = worktree.introduced ? null : introductionOf(finding, tookMs)
  return { finding, notice: noticeOf(finding), introduction }
}

/** Faults that an agent can bring about by what it does to the repository. */
const BY_REPOSITORY: ReadonlySet<ErrorCode> = new Set([
  ...(['NOT_A_REPOSITORY', 'FOREIGN_REPOSITORY', 'UNSUPPORTED_REPOSITORY', 'OBJECT_MISSING'] as const),
  ...(['TREE_TOO_LARGE', 'MALFORMED', 'GIT_FAILED'] as const),
])

/**
 * What could be read when the session began, and cannot be now, is the agent's doing; any other fault is not. `id`: the session
 * that wants to stop; null: it begins.
 */
async function faulty(store: GateStore, id: string | null, error: unknown): Promise<StopAnswer> {
  const reason = error instanceof Error ? error.message : String(error)
  const isTheirs = error instanceof PpError && BY_REPOSITORY.has(error.code)
  const session = id !== null && isTheirs ? await store.session(id) : null
  if (id === null || session === null) return { finding: letGo('UNPROVED', `could not tell: ${reason}`), tree: null }
  const refusal = `the repository could be read when the session began, and cannot be now: ${reason}`
  const counted = countBlock(session, sendBack('NOT_RUN', refusal, { failure: 'the repository' }))
  await store.keepSession(id, counted.session)
  return { finding: counted.told, tree: null }
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
  /** False: the session begins. */
  readonly stops: boolean
}

async function decided(
  caller: Caller,
  openRepo: OpenRepository,
  store: GateStore,
  { options, event, id, stops }: GateCall,
): Promise<StopAnswer> {
  const { off } = await store.worktree()
  if (off !== null && (off.until === null || off.until > clock.now().getTime()))
    return { finding: letGo('OFF', 'the gate is off: git pp gate --on'), tree: null }
  if (!stops) {
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

/** What the gate said in this work tree, oldest first. */
export function gateLog(caller: Caller): Promise<readonly GateLine[]> {
  const own = gateCaller(caller, null)
  return withRepository(own, (openRepo) => storeOf(own, openRepo).lines())
}
