import { safeName, safePath } from '../advice/index.ts'
import { nearest } from '../nearest/index.ts'

/** What is known of programs outside of the sandbox. */
export interface ProgramLookup {
  /** Names on the caller's PATH and in the package directories of the checkout. */
  readonly names: readonly string[]
  /** A file of this name or path that is in the checkout but not in git, and the part of its path to include; null: none. */
  readonly beside: (name: string) => { readonly path: string; readonly include: string } | null
}

/** What to say about a program that was not found. Only existing things are named, and --include only if it would help. */
export function programNotFound(
  name: string | null,
  { names, beside }: ProgramLookup,
): { reason: string; mend: string } {
  if (name === null)
    return { reason: 'the command could not find a program (exit status 127)', mend: 'git pp show prints the output' }
  const reason = `program not found: ${name}`
  const found = beside(name)
  const [path, include] = [found && safePath(found.path), found && safePath(found.include)]
  if (path && include)
    return {
      reason,
      mend: `git does not track ${path}, so add --include ${include}${name.includes('/') ? '' : ` and write ${path} in the command`}`,
    }
  if (names.includes(name))
    return {
      reason,
      mend: 'it is on your PATH, but in a directory that the sandbox does not show; install it for the whole machine, or into the project',
    }
  const near = safeName(nearest(name, names) ?? '')
  return {
    reason,
    mend: near === null ? 'install it, or install it with worktree.setup in pp.yaml' : `did you mean ${near}?`,
  }
}
