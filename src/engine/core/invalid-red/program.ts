import { safeName, safePath } from '../advice/index.ts'
import { nearest } from '../nearest/index.ts'

/** What is known of programs outside of the sandbox. */
export interface Programs {
  /** Names on the caller's PATH and in the package directories of the checkout. */
  readonly names: readonly string[]
  /** A file of this name or path that stands in the checkout and in no tree, and what of its path to include; null: none. */
  readonly beside: (name: string) => { readonly path: string; readonly include: string } | null
}

/** What to say of a program that was not found. Only what exists is named, and --include only where that would bring it. */
export function programNotFound(name: string | null, { names, beside }: Programs): { reason: string; mend: string } {
  if (name === null)
    return { reason: 'a program is missing (exit status 127)', mend: 'look at the output: git pp show' }
  const reason = `program not found: ${name}`
  const found = beside(name)
  const [path, include] = [found && safePath(found.path), found && safePath(found.include)]
  if (path && include)
    return {
      reason,
      mend: `${path} is not part of the tree: add --include ${include}${name.includes('/') ? '' : `, and name it ${path}`}`,
    }
  if (names.includes(name))
    return {
      reason,
      mend: 'it is on your PATH, where no sandbox shows it: install it for the whole machine, or into the project',
    }
  const near = safeName(nearest(name, names) ?? '')
  return {
    reason,
    mend: near === null ? 'install it, or let worktree.setup in pp.yaml do so' : `did you mean ${near}?`,
  }
}
