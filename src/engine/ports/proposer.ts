import type * as z from 'zod'
import type { DoctorFinding } from '../model/doctor.ts'
import type { ProposerAnswer } from '../model/proposal.ts'
import type { CandidateEdit, ValidationResult } from './validator.ts'
import type { IncludedDependency } from './workspace.ts'

/** One earlier attempt for the next request: one sentence on what happened, and the diff if there was one. */
export interface EarlierAttempt {
  readonly n: number
  readonly verdict: string
  readonly sentence: string
  readonly patch: string | null
  /** The output of the failing command, redacted and shortened like that of the base. */
  readonly output: string | null
  /** The tests that passed before and fail with the patch, with their messages; redacted and marked as untrusted. */
  readonly broken: string | null
}

/** A place in a file that the failure named, best first. `line` is 1-based. */
export interface SuspectLocation {
  readonly path: string
  readonly line: number | null
  readonly score: number
}

/** In ms. */
export interface TrialCosts {
  readonly wholeMs: number
  readonly failingMs: number | null
}

export interface ProposalRequest {
  readonly n: number
  /** The command as typed, for the prompt. */
  readonly command: string
  /** The body of the prompt: already packed, redacted and marked as untrusted. */
  readonly context: string
  readonly suspects: readonly SuspectLocation[]
  /** Numbers and strings of the failing assertions that the product does not hold: a change that adds one is hardly a repair. */
  readonly expected: ReadonlySet<string>
  readonly earlier: readonly EarlierAttempt[]
  /** Files of the base that may be seen. Files that are not product are judges; a change of them is refused. */
  readonly files: {
    list(): readonly string[]
    isProduct(path: string): boolean
    /** The bytes of a file; null if it is too large, or may not be seen. They are read anew each time. */
    read(path: string): Promise<Uint8Array | null>
  }
  /** What runs have beside the tree: dependency directories and included files. A proposer never gets more than a copy of them. */
  readonly beside: readonly IncludedDependency[]
  /**
   * Runs a candidate in a scratch work tree under the session's sandbox and policy; true = every failing target passes. If
   * `signal` aborts, the run is ended and the promise is rejected. `likely`: it passed in a process, so it gets more time.
   */
  readonly trial: (
    edits: ReadonlyMap<string, Uint8Array>,
    how?: { readonly signal?: AbortSignal; readonly likely?: boolean },
  ) => Promise<boolean>
  /**
   * What a trial takes without a change, in ms: all that fails, and the failing tests alone, which a candidate has to pass first;
   * null: it has not to, because the whole is quick or they cannot be selected.
   */
  readonly trialCosts: () => Promise<TrialCosts>
  /**
   * Tries candidates in a process that has loaded the tests, in their order and for `ms` at most. It is much faster than `trial`, and
   * its words are only a hint: what passes has to pass a trial, too. Null: not in this session.
   */
  readonly validate:
    | ((candidates: readonly CandidateEdit[], ms: number, signal: AbortSignal) => Promise<ValidationResult>)
    | null
  /** How many candidates may be tried at once. */
  readonly jobs: number
  /**
   * What may still be used: time in ms (in total, and for a search), tokens of a model (null = no limit), candidates of a
   * search.
   */
  readonly budget: {
    readonly ms: number
    readonly searchMs: number
    readonly tokens: number | null
    readonly candidates: number
  }
  /** Tells people something that stays readable: one line. */
  readonly tell: (line: string) => void
  /** Reports progress to people: one short line, which the next one may replace. */
  readonly progress: (line: string) => void
  readonly signal: AbortSignal
}

export interface Proposer {
  readonly kind: string
  readonly model: string | null
  /** True if its text is sent to another machine. */
  readonly remote: boolean
  /** False: it ran without a sandbox, and the proof says so. */
  readonly sandboxed: boolean
  /** True: the answers to one request differ, so that it makes sense to ask for several of them. */
  readonly varies?: true
  propose(request: ProposalRequest): Promise<ProposerAnswer>
}

/** A part of the user's home that a program may see, read-only, or that stays hidden in such a part. Absolute paths. */
export interface HomePart {
  readonly at: string
  /** Null: it is hidden. */
  readonly from: string | null
  readonly is: 'shown' | 'no directory' | 'no file'
}

/** The values that a proposer is opened with: its own options (its own schema checks them) and the caller's environment. */
export interface ProposerHost {
  readonly env: Readonly<Record<string, string | undefined>>
  /** True when the user named this kind by flag, so generic variables may be read too. */
  readonly named: boolean
  /** From flags or user git config only, never from the tree: pp.command, pp.model, pp.stub … */
  readonly settings: Readonly<Record<string, string>>
  /** The top of the user's work tree, and the parts of home with toolchains; absent: a program gets no private home. */
  readonly place?: { readonly checkout: string; readonly homeParts: () => readonly HomePart[] }
}

/** A file of the proposers room: `export default` one of these. */
export interface ProposerKind {
  readonly kind: string
  /** Its place in the list that help shows; null: it is not listed, but works if it is named. */
  readonly offered: number | null
  /** True: it is suggested to users whose other proposers found nothing. */
  readonly suggested: boolean
  /** What a new policy file says beside its name. */
  readonly note: string | null
  /** A setting pp.NAME and a variable with the same meaning; the variable has priority. */
  readonly setting: { readonly name: string; readonly variable: string } | null
  readonly options: z.ZodType
  /** Throws PROPOSER_FAILED if it cannot work (no key, no program), before anything runs. */
  open(host: ProposerHost): Promise<Proposer>
  /**
   * Whether the service that it asks is available, checked with the cheapest possible question. `contacts` is told whom it
   * asks and how, before it does. Absent: there is nothing to ask. Throws PROPOSER_FAILED.
   */
  reach?(host: ProposerHost, contacts: (what: string) => void, signal: AbortSignal): Promise<DoctorFinding>
}
