/** One line of a hunk as the reply has it, line end taken off. */
export interface DraftLine {
  readonly sign: ' ' | '+' | '-'
  readonly text: string
  /** The whole line, sign included. */
  readonly raw: string
  /** True where a context line came without its blank in front. */
  readonly unsigned: boolean
  /** A '\ No newline at end of file' follows. */
  readonly marked: boolean
}

/** The numbers of a header, as far as it has any. */
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
  /** True: the hunk says that it ends where the file ends. */
  readonly atEnd: boolean
  /** How many of the lines may be the hunk's, longest first: what follows may be talk of the reply. Never cuts a change off. */
  readonly cuts: readonly number[]
  /** The texts of an edit tool's 'old string, new string', which may be pieces of lines. */
  readonly swap?: { readonly old: string; readonly young: string }
}

/** What a reply wants done with one file, before anything is checked. Paths are as written. */
export type FileDraft = {
  /** What the draft was read as, for notes and messages. */
  readonly format: string
  /** Paths in the order of trust; the first that means a file counts. */
  readonly paths: readonly string[]
  /** True: the paths are words found in talk, not in a header. */
  readonly hinted: boolean
  /** True: written as a pair in which a/ and b/ are no directories. */
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
      /** 'write': this is what the file becomes; 'file': it is a file's content; 'code': it may be a piece of one. */
      readonly says: 'write' | 'file' | 'code'
    }
