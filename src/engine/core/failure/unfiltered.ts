/** What git-lfs leaves in a tree instead of a file's content. */
const POINTER = 'https://git-lfs.github.com/spec/v1'

/**
 * What to do where a failing output looks as if a pointer of git-lfs had been read: it shows one, or names such a file.
 * `files`: those that attributes give to git-lfs. Null: it looks like nothing of that.
 */
export function readPointer(output: string, files: readonly string[]): string | null {
  const named = files.find((path) => names(output, path)) ?? (output.includes(POINTER) ? files[0] : undefined)
  if (named === undefined) return null
  return `${named} is a pointer of git-lfs in every run, also after git lfs pull: no filter is run; let the test read a copy that git ignores, and add --include with its path`
}

/** As a whole path or by its last part, which is how most programs name what they open. */
function names(output: string, path: string): boolean {
  const base = path.slice(path.lastIndexOf('/') + 1)
  for (let at = output.indexOf(base); at !== -1; at = output.indexOf(base, at + 1))
    if (!/[\w.-]/.test(output[at - 1] ?? ' ') && !/[\w-]/.test(output[at + base.length] ?? ' ')) return true
  return false
}
