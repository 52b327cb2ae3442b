/** Where the tools that print stand: make and ninja say so before, npm afterwards. */
export interface EnteredDirectories {
  readonly entered: string[]
  /** How many places were found when npm began to run a script. */
  since: number
}

const MOVES = /^(?:g?make|ninja)(?:\[\d+\])?: (Entering|Leaving) directory [`'](.{1,1000})'$/
const RUNS = /^> \S+@\S+ \S/
const STOOD = /^npm (?:error|ERR!) (?:location|path) (\/.{1,1000})$/

/** The directory where the places found since `since` were; null: the line says nothing of the kind. */
export function directorySince(where: EnteredDirectories, line: string, found: number): string | null {
  const [, move, directory] = MOVES.exec(line) ?? []
  if (move === 'Entering' && directory !== undefined) where.entered.push(directory)
  if (move === 'Leaving') where.entered.splice(Math.max(0, where.entered.lastIndexOf(directory ?? '')))
  if (RUNS.test(line)) where.since = found
  return STOOD.exec(line)?.[1] ?? null
}
