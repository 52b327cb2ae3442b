/** Dependency directories that are included automatically if they exist and are not part of the tree. */
export const DEPENDENCIES: readonly string[] = ['.venv', 'venv', 'node_modules', 'vendor', '.tox']

/** A list of paths to include, in gitignore syntax; other tools read it, too. */
export const INCLUDE_LIST = '.worktreeinclude'

/** Whether a path is one of these directories, at any depth. */
export function isDependencies(path: string): boolean {
  return DEPENDENCIES.includes(path.slice(path.lastIndexOf('/') + 1))
}
