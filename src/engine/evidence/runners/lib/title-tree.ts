/** Titles by depth, for reporters that print suites as an indented tree. */
export interface TitleTree {
  /** Opens a suite at a depth and closes all deeper ones. */
  open(depth: number, title: string): void
  /** The titles above a depth and the one given, joined. */
  path(depth: number, title: string): string
  clear(): void
}

export function titleTree(separator = ' > '): TitleTree {
  let titles: string[] = []
  return {
    open(depth, title) {
      titles = [...titles.slice(0, depth), title]
    },
    path: (depth, title) => [...titles.slice(0, depth), title].filter((one) => one !== undefined).join(separator),
    clear() {
      titles = []
    },
  }
}
