/** Files that say which dependencies there have to be. */
const ASKS =
  /(?:^|\/)(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|pyproject\.toml|setup\.(?:py|cfg)|requirements[^/]*\.(?:txt|in)|poetry\.lock|pdm\.lock|uv\.lock|Pipfile(?:\.lock)?|go\.(?:mod|sum)|composer\.(?:json|lock)|Gemfile(?:\.lock)?|Cargo\.(?:toml|lock))$/

/** Whether a change of this file is a reason for dependencies to change. */
export function asksForDependencies(path: string): boolean {
  return ASKS.test(path)
}
