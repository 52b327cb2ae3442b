import { named } from './named.ts'

/** What git-lfs leaves in a tree instead of a file's content. */
const POINTER = 'https://git-lfs.github.com/spec/v1'

/**
 * What to do where a failing output looks as if a pointer of git-lfs had been read: it shows one, or names such a file.
 * `files`: those that attributes give to git-lfs. Null: it looks like nothing of that.
 */
export function lfsPointerHint(output: string, files: readonly string[]): string | null {
  const file = files.find((path) => named(output, path)) ?? (output.includes(POINTER) ? files[0] : undefined)
  if (file === undefined) return null
  return `${file} is only a git-lfs pointer in every run, even after git lfs pull, because git pp runs no filters; let the test read a copy that git ignores, and add --include with the path of the copy`
}
