/**
 * One thing that stands in the command's file tree. `at` is a path inside, `from` a path of this machine, both absolute.
 * A plan is a list of these, parents before children; what no entry names is not there.
 */
export type Mount =
  /** A file or a directory with all that is mounted below it. */
  | { readonly is: 'bind'; readonly from: string; readonly at: string; readonly writable: boolean }
  /** A directory that the command may write to without touching it: an overlay, or read-only with empty `caches` over it. */
  | { readonly is: 'layer'; readonly from: string; readonly at: string; readonly caches: readonly string[] }
  | { readonly is: 'tmpfs'; readonly at: string; readonly mode: string; readonly bytes: number }
  | { readonly is: 'symlink'; readonly at: string; readonly to: string }
  | { readonly is: 'proc' | 'devpts'; readonly at: string }
  /** Hides what a directory above brought along. */
  | { readonly is: 'mask'; readonly at: string; readonly directory: boolean }

/** What stands at a path of this machine: nothing is followed; `real` is where it leads in the end, null for a dangling link. */
export interface InspectedPath {
  readonly is: 'file' | 'directory' | 'symlink' | 'other'
  readonly real: string | null
  /** What a symlink says. */
  readonly to?: string
}

export type PathInspector = (path: string) => InspectedPath | null
