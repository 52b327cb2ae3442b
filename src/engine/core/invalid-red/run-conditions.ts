/** Why a red shows the want of something and no bug, and the one thing that would help. */
export interface InvalidReason {
  readonly reason: string
  readonly mend: string
}

/** What is known of the surroundings of a command that failed. */
export interface RunConditions {
  /** Variables of the caller's environment that the command did not get. */
  readonly droppedVariables: readonly string[]
  readonly network: 'deny' | 'allow'
  /** Whether the repository itself holds something importable by that name. */
  readonly hasModule: (name: string) => boolean
  /** What the sandbox shows of the history: nothing, down to the nearest tag, or so many commits. */
  readonly history: 'none' | 'tags' | number
  /**
   * A path from the top that git ignores and that stands in the user's checkout, though the command did not see it, for a name
   * in an output: the path itself, or one that it means without its ending. As it is typed after --include; null: there is none.
   */
  readonly ignored: (path: string) => string | null
  /** Where the command started, from the top; '' = the top. */
  readonly cwd: string
}

/** A text as part of a regular expression. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
