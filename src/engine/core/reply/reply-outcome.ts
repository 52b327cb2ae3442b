/** Why a reply gives no edits; docs/diffs.md explains each reason. */
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
  | 'withdrawn'

/**
 * The first line of a hunk that differs from the file at the place where the hunk fits best. Lines are 1-based; `patchLine`
 * counts within the hunk.
 */
export interface FirstDifference {
  readonly patchLine: number
  readonly patchText: string
  readonly fileLine: number
  /** null = the file ends before this line. */
  readonly fileText: string | null
}

/** Another place that would fit as well, 1-based. */
export interface AlternativeLocation {
  readonly path: string
  readonly line: number
}

export interface RefusedReply {
  readonly ok: false
  readonly reason: RefusalReason
  /** One sentence for a person or a model: what is wrong and what would help. */
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
  /** Modes that the reply asks for explicitly. */
  readonly modes: ReadonlyMap<string, '100644' | '100755'>
  /** Which kinds of leniency were needed and where, one line each; empty for a clean diff. */
  readonly notes: readonly string[]
}

export type ReplyOutcome = ProposedEdits | RefusedReply

/** The tree that a reply is applied to. Paths are relative, '/'-separated; `text` returns null for a file that does not exist. */
export interface ReplyFiles {
  list(): readonly string[]
  text(path: string): Uint8Array | null
}

/** Carries a refusal out of a parser; it is never thrown out of this room. */
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
