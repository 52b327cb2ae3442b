/** One line of a hunk. `text` is a byte string without its '\n'; `bare` = the file ends after it without a newline. */
export interface PatchLine {
  readonly sign: ' ' | '+' | '-'
  readonly text: string
  readonly bare: boolean
}

/** Starts are 1-based as printed; a side of no lines has the number of the line before it. */
export interface PatchHunk {
  readonly oldStart: number
  readonly oldLines: number
  readonly newStart: number
  readonly newLines: number
  /** The text after the second '@@ ' of the header; '' if there is none. */
  readonly section: string
  readonly lines: readonly PatchLine[]
}

/**
 * One file of a strict patch. Paths are byte strings without a/ or b/; null = /dev/null. Modes are null if the patch does not
 * name them.
 */
export interface PatchFile {
  readonly oldPath: string | null
  readonly newPath: string | null
  readonly oldMode: string | null
  readonly newMode: string | null
  readonly hunks: readonly PatchHunk[]
}
