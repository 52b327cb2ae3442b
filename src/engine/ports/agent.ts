import type { RegistrationContent } from '../model/agent-registration.ts'
import type { AgentName } from '../model/kinds.generated.ts'

/** What a hook of a coding agent got. */
export interface HookCall {
  /** The JSON object on stdin; null: there was none. */
  readonly said: Readonly<Record<string, unknown>> | null
  readonly env: Readonly<Record<string, string | undefined>>
}

/** What a call of a hook means, in our words. */
export interface AgentEvent {
  /** `sub-agent stop`: a helper of the agent is done, and not the agent itself. `other`: nothing to decide. */
  readonly is: 'begin' | 'stop' | 'sub-agent stop' | 'other'
  /** The id of the agent's session, as the agent writes it; null: it tells none. */
  readonly session: string | null
  /** The agent's project, an absolute path; null: it tells none. */
  readonly directory: string | null
  /** The file in which the agent keeps the session; its age tells when the session began. Null: it tells none. */
  readonly transcript: string | null
}

/** What the process of a hook prints, and its status. */
export interface AgentAnswer {
  readonly stdout: string
  readonly stderr: string
  readonly status: number
}

/** Where and how an agent is told to call the gate. */
export interface AgentRegistration {
  /** The file of a project, from the top of its work tree. */
  readonly project: string
  /** The user's own file: `file` in the directory that `variable` names, else in `directory` of the home directory. */
  readonly user: { readonly variable: string | null; readonly directory: string; readonly file: string }
  readonly content: RegistrationContent
  /** What a person still has to do before the agent calls the gate, a sentence without a full stop; null: nothing. */
  readonly trust: string | null
  /** Programs on PATH, and files of a project, that show that this agent is used. */
  readonly programs: readonly string[]
  readonly traces: readonly string[]
  /** Asks the agent itself whether it will call the gate. Absent: it cannot be asked. */
  readonly askTrust?: (question: TrustQuestion) => Promise<AgentTrust>
}

export interface TrustQuestion {
  /** The agent's program, an absolute path. */
  readonly program: string
  /** The project, an absolute path. */
  readonly directory: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** `unknown`: the agent did not tell. `text`: a sentence without a full stop. */
export interface AgentTrust {
  readonly is: 'trusted' | 'not trusted' | 'unknown'
  readonly text: string
}

/** A file of the agents room: `export default` one of these. */
export interface AgentKind {
  readonly kind: AgentName
  /** As its maker writes it: 'Claude Code'. */
  readonly title: string
  /** Whether it was this agent that called. */
  recognises(call: HookCall): boolean
  read(call: HookCall): AgentEvent
  /**
   * `reason`: why the agent is sent back, for the agent; null: it may go. `notice`: a line for the person who uses it, which is
   * lost where the agent shows none; null: there is nothing to say.
   */
  answer(reason: string | null, notice: string | null): AgentAnswer
  /** Null: nothing can be registered. */
  readonly registration: AgentRegistration | null
}
