/** One line of a hunk. `text` is a byte string without its '\n'; `bare` = no newline stands at the end of the file after it. */
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
  /** What follows the second '@@ ' of the header, '' for nothing. */
  readonly section: string
  readonly lines: readonly PatchLine[]
}

/** One file of a strict patch. Paths are byte strings without a/ or b/; null = /dev/null. Modes are null where not said. */
export interface PatchFile {
  readonly oldPath: string | null
  readonly newPath: string | null
  readonly oldMode: string | null
  readonly newMode: string | null
  readonly hunks: readonly PatchHunk[]
}
