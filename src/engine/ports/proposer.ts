import type * as z from 'zod'
import type { DoctorFinding } from '../model/doctor.ts'
import type { ProposerAnswer } from '../model/proposal.ts'

/** One earlier attempt, as the next request tells it: one sentence on what happened, and the diff if there was one. */
export interface EarlierAttempt {
  readonly n: number
  readonly verdict: string
  readonly sentence: string
  readonly patch: string | null
  /** The end of what the failing command printed, redacted. */
  readonly output: string | null
}

/** A place in a file that the failure named, best first. `line` is 1-based. */
export interface SuspectLocation {
  readonly path: string
  readonly line: number | null
  readonly score: number
}

export interface ProposalRequest {
  readonly n: number
  /** The command as typed, for the prompt. */
  readonly command: string
  /** What the prompt holds: already packed, redacted and marked as untrusted. */
  readonly context: string
  readonly suspects: readonly SuspectLocation[]
  readonly earlier: readonly EarlierAttempt[]
  /** Files of the base that may be seen: path → bytes. Those that are no product judge, and a change of them is refused. */
  readonly files: {
    list(): readonly string[]
    isProduct(path: string): boolean
    read(path: string): Promise<Uint8Array>
  }
  /** Runs a candidate in a scratch work tree under the session's sandbox and policy; true = every failing target passes. */
  readonly trial: (edits: ReadonlyMap<string, Uint8Array>) => Promise<boolean>
  /** What may still be spent: wall time in ms (in all, and on a search), tokens of a model (null = no limit), candidates of a search. */
  readonly budget: {
    readonly ms: number
    readonly searchMs: number
    readonly tokens: number | null
    readonly candidates: number
  }
  /** Progress for people: one short line. */
  readonly progress: (line: string) => void
  readonly signal: AbortSignal
}

export interface Proposer {
  readonly kind: string
  readonly model: string | null
  /** True when its text leaves this machine. */
  readonly remote: boolean
  /** False: it ran without a sandbox, and the proof says so. */
  readonly sandboxed: boolean
  propose(request: ProposalRequest): Promise<ProposerAnswer>
}

/** What a proposer is opened with: its own options (checked by its own schema) and the caller's environment. */
export interface ProposerHost {
  readonly env: Readonly<Record<string, string | undefined>>
  /** True when the user named this kind by flag, so generic variables may be read too. */
  readonly named: boolean
  /** From flags or user git config only, never from the tree: pp.command, pp.model, pp.stub … */
  readonly settings: Readonly<Record<string, string>>
}

/** A file of the proposers room: `export default` one of these. */
export interface ProposerKind {
  readonly kind: string
  /** Its place among those that help names; null: it works where it is named, and is not offered. */
  readonly offered: number | null
  /** True: named to whoever asked others and got nothing. */
  readonly suggested: boolean
  /** What a new policy file says beside its name. */
  readonly note: string | null
  /** The setting pp.NAME and the variable that say the same; of the two the variable counts. */
  readonly setting: { readonly name: string; readonly variable: string } | null
  readonly options: z.ZodType
  /** Throws PROPOSER_FAILED when it cannot work (no key, no program), before anything ran. */
  open(host: ProposerHost): Promise<Proposer>
  /**
   * Whether what it asks is there, by the cheapest question there is; `contacts` is told whom and how, before it happens.
   * Absent: there is nothing to ask. Throws PROPOSER_FAILED.
   */
  reach?(host: ProposerHost, contacts: (what: string) => void, signal: AbortSignal): Promise<DoctorFinding>
}
