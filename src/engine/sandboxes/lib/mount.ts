/**
 * One entry of the command's file tree. `at` is a path inside, `from` a path of this machine, both absolute. A plan is a list
 * of these, parents before children; a path that no entry names does not exist inside.
 */
export type Mount =
  /** A file or a directory with all that is mounted below it. */
  | { readonly is: 'bind'; readonly from: string; readonly at: string; readonly writable: boolean }
  /**
   * A directory that the command can write to without changing the original: an overlay, or read-only with empty `caches` in
   * it.
   */
  | { readonly is: 'layer'; readonly from: string; readonly at: string; readonly caches: readonly string[] }
  | { readonly is: 'tmpfs'; readonly at: string; readonly mode: string; readonly bytes: number }
  | { readonly is: 'symlink'; readonly at: string; readonly to: string }
  | { readonly is: 'proc' | 'devpts'; readonly at: string }
  /** Hides a path that a directory above would show. */
  | { readonly is: 'mask'; readonly at: string; readonly directory: boolean }

/** What is at a path of this machine; symlinks are not followed. `real` is the final target, null for a dangling link. */
export interface InspectedPath {
  readonly is: 'file' | 'directory' | 'symlink' | 'other'
  readonly real: string | null
  /** The target text of a symlink. */
  readonly to?: string
}

export type PathInspector = (path: string) => InspectedPath | null
