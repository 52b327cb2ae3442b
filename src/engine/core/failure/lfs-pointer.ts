import { named } from './named.ts'

/** The first line of a pointer, which git-lfs puts into a tree instead of a file's content. */
const POINTER = 'https://git-lfs.github.com/spec/v1'

/**
 * What to do if a failing output looks as if a git-lfs pointer had been read: it shows one, or names such a file. `files`:
 * the files that attributes assign to git-lfs. Null: it does not look like that.
 */
export function lfsPointerHint(output: string, files: readonly string[]): string | null {
  const file = files.find((path) => named(output, path)) ?? (output.includes(POINTER) ? files[0] : undefined)
  if (file === undefined) return null
  return `${file} is only a git-lfs pointer in every run, even after git lfs pull, because git pp runs no filters; let the test read a copy that git ignores, and add --include with the path of the copy`
}
