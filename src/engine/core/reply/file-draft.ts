/** One line of a hunk as it is in the reply, without its line end. */
export interface DraftLine {
  readonly sign: ' ' | '+' | '-'
  readonly text: string
  /** The whole line, sign included. */
  readonly raw: string
  /** True for a context line without its leading blank. */
  readonly unsigned: boolean
  /** The next line is '\ No newline at end of file'. */
  readonly marked: boolean
}

/** The numbers of a header, if it has any. */
export interface HunkRange {
  readonly oldStart: number
  readonly oldLines: number
  readonly newLines: number
}

export interface DraftHunk {
  readonly range: HunkRange | null
  /** Lines named after '@@', outermost first. */
  readonly scopes: readonly string[]
  readonly lines: readonly DraftLine[]
  /** True: the hunk says that it ends at the end of the file. */
  readonly atEnd: boolean
  /**
   * How many of the lines may belong to the hunk, longest first; lines after these may be prose of the reply. A cut never
   * splits a change.
   */
  readonly cuts: readonly number[]
  /** The 'old string, new string' of an edit tool; they may be parts of lines. */
  readonly swap?: TextSwap
  /** The lines of prose before it, nearest first. */
  readonly near?: readonly string[]
}

/** `times`: how often the old text must occur, each of which is meant; null = it must occur once. */
export interface TextSwap {
  readonly old: string
  readonly young: string
  readonly times: number | 'all' | null
}

/** What a reply wants done with one file, before anything is checked. Paths are as written. */
export type FileDraft = {
  /** What the draft was read as, for notes and messages. */
  readonly format: string
  /** Paths, the most reliable first; the first one that means a file is used. */
  readonly paths: readonly string[]
  /** True: the paths are words found in prose, not in a header. */
  readonly hinted: boolean
  /** True: the paths are written as a pair in which a/ and b/ are not directories. */
  readonly prefixed: boolean
  readonly mode: string | null
} & FileOperation

export type FileOperation =
  | {
      readonly wish: 'edit'
      readonly hunks: readonly DraftHunk[]
      readonly moveTo: string | null
      readonly fresh: boolean
    }
  | { readonly wish: 'create'; readonly lines: readonly string[]; readonly finalNewline: boolean }
  | { readonly wish: 'delete'; readonly hunks: readonly DraftHunk[] }
  | {
      readonly wish: 'write'
      readonly lines: readonly string[]
      /** 'write': the file becomes this; 'file': it is the content of a file; 'code': it may be a part of one. */
      readonly says: 'write' | 'file' | 'code'
    }
  /** The function of this name becomes these lines; it begins in line `at` of them, 0-based. */
  | { readonly wish: 'rewrite'; readonly name: string; readonly at: number; readonly lines: readonly string[] }
