/** The directories in which the printing tools run. make and ninja print them before their output, npm afterwards. */
export interface EnteredDirectories {
  readonly entered: string[]
  /** How many places were found when npm began to run a script. */
  since: number
}

const MOVES = /^(?:g?make|ninja)(?:\[\d+\])?: (Entering|Leaving) directory [`'](.{1,1000})'$/
const RUNS = /^> \S+@\S+ \S/
const STOOD = /^npm (?:error|ERR!) (?:location|path) (\/.{1,1000})$/

/** The directory of the places that were found since `since`; null: the line names no directory. */
export function directorySince(where: EnteredDirectories, line: string, found: number): string | null {
  const [, move, directory] = MOVES.exec(line) ?? []
  if (move === 'Entering' && directory !== undefined) where.entered.push(directory)
  if (move === 'Leaving') where.entered.splice(Math.max(0, where.entered.lastIndexOf(directory ?? '')))
  if (RUNS.test(line)) where.since = found
  return STOOD.exec(line)?.[1] ?? null
}
