/** Why a reply gives no edits; docs/diffs.md says when each is given. */
export type RefusalReason =
  | 'ambiguous'
  | 'ambiguous-path'
  | 'no-match'
  | 'no-file'
  | 'no-path'
  | 'no-diff'
  | 'no-change'
  | 'exists'
  | 'unsafe-path'
  | 'unsafe-mode'
  | 'binary'
  | 'format'
  | 'elision'
  | 'truncated'
  | 'conflict'
  | 'conflict-markers'
  | 'unanchored'

/** The first line of a hunk that is not in the file where the hunk fits best. Lines are 1-based; `patchLine` counts in the hunk. */
export interface FirstDifference {
  readonly patchLine: number
  readonly patchText: string
  readonly fileLine: number
  /** null = the file ends before this line. */
  readonly fileText: string | null
}

/** A place that would do as well, 1-based. */
export interface AlternativeLocation {
  readonly path: string
  readonly line: number
}

export interface RefusedReply {
  readonly ok: false
  readonly reason: RefusalReason
  /** One sentence for a person or a model: what is wrong and what would mend it. */
  readonly message: string
  readonly path: string | null
  readonly firstDifference?: FirstDifference
  /** At most three. */
  readonly candidates?: readonly AlternativeLocation[]
}

export interface ProposedEdits {
  readonly ok: true
  /** Path → new content, null = removed; only paths whose content changes. */
  readonly edits: ReadonlyMap<string, Uint8Array | null>
  /** Modes the reply asked for in so many words. */
  readonly modes: ReadonlyMap<string, '100644' | '100755'>
  /** Which leniency was used where, one line each; empty for a clean diff. */
  readonly notes: readonly string[]
}

export type ReplyOutcome = ProposedEdits | RefusedReply

/** The tree a reply is read against. Paths are relative, '/'-separated; `text` gives null for what is not there. */
export interface ReplyFiles {
  list(): readonly string[]
  text(path: string): Uint8Array | null
}

/** Carries a refusal out of the depths of a parser; never leaves this room. */
export class ReplyRefusal extends Error {
  readonly refused: RefusedReply

  constructor(
    reason: RefusalReason,
    message: string,
    path: string | null = null,
    more: Pick<RefusedReply, 'firstDifference' | 'candidates'> = {},
  ) {
    super(message)
    this.refused = { ok: false, reason, message, path, ...more }
  }
}
