/** Words that only occur in names of tests. */
const TEST = /^(?:unit|self|all|run)?tests?(?:suite|case|main|runner|lib|util|er)?s?$/
/** Words that occur in names of tests, and of other code as well. */
const CHECK = /^(?:(?:run|all)?(?:checks?|specs?|verify|verification|validate|suites?|units?|smoke|regress(?:ion)?s?))$/
/** Words like 'jsontest'. If such a file is run, it is a test; in a list of sources the word could be 'latest'. */
const GLUED = /^tests?[a-z]{2,}$|[a-z]{2,}tests?$/

/** How a recipe or a script uses a file, and what it is asked to make. */
export interface Use {
  readonly runs: boolean
  readonly goal: string
}

/**
 * Whether a file that a recipe for tests names has the name of a test. A name that may also mean something else counts only
 * if the file is run, or has the name of the goal: `make check` with check.c.
 */
export function isTestName(path: string, { runs, goal }: Use): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const stem = name.replace(/(?<=.)\..*$/, '')
  const parts = stem
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])(?=[A-Z][a-z])/g, '$1 ')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((part) => part !== '')
  if (parts.some((part) => TEST.test(part) || /^[a-z]{2,}tests$/.test(part))) return true
  if (runs) return parts.some((part) => CHECK.test(part) || GLUED.test(part))
  return CHECK.test(stem.toLowerCase()) && singular(stem.toLowerCase()) === singular(goal.toLowerCase())
}

function singular(word: string): string {
  return word.replace(/s$/, '')
}
