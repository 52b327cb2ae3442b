/** Dependency directories that are taken along when they are there and not part of the tree. */
export const DEPENDENCIES: readonly string[] = ['.venv', 'venv', 'node_modules', 'vendor', '.tox']

/** A list of what to take along, in gitignore syntax, as other tools read it, too. */
export const INCLUDE_LIST = '.worktreeinclude'

/** Is it one of them, wherever it stands? */
export function isDependencies(path: string): boolean {
  return DEPENDENCIES.includes(path.slice(path.lastIndexOf('/') + 1))
}
