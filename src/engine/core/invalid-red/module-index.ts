/**
 * Whether a repository with these files contains something importable by this name, at any depth: a module, a package, or a
 * directory of that name. Deliberately generous, because a broken import of the repository's own code is a bug.
 */
export function moduleIndex(paths: readonly string[]): (name: string) => boolean {
  const names = new Set<string>()
  for (const path of paths) {
    const parts = path.split('/')
    for (const part of parts.slice(0, -1)) names.add(part)
    const file = parts.at(-1) ?? ''
    names.add(file)
    names.add(file.replace(/(\.d)?\.\w+$/, ''))
  }
  return (name) => {
    const first = name.split(/[./]/)[0] ?? name
    return names.has(name) || names.has(first)
  }
}
