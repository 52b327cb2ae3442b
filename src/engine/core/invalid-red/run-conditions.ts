/** Why a red shows that something is missing and not a bug, and the one thing that would help. */
export interface InvalidReason {
  readonly reason: string
  readonly mend: string
}

/** The conditions under which a command failed. */
export interface RunConditions {
  /** Variables of the caller's environment that the command did not get. */
  readonly droppedVariables: readonly string[]
  readonly network: 'deny' | 'allow'
  /** Whether the repository itself holds something importable by that name. */
  readonly hasModule: (name: string) => boolean
  /** What the sandbox shows of the history: nothing, back to the nearest tag, or this many commits. */
  readonly history: 'none' | 'tags' | number
  /**
   * Finds a path that git ignores and that exists in the user's checkout, though the command did not see it. `path` is a name
   * from an output, relative to the top; it may lack the file's extension. Returns what to type after --include; null: there
   * is no such file.
   */
  readonly ignored: (path: string) => string | null
  /** The directory of the command, from the top; '' = the top. */
  readonly cwd: string
  /** A program of another architecture that the run names and whose system calls the sandbox refuses; null: there is none. */
  readonly foreign: string | null
}

/** A text as part of a regular expression. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
