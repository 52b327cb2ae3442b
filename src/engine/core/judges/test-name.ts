/** Words that only tests are called by. */
const TEST = /^(?:unit|self|all|run)?tests?(?:suite|case|main|runner|lib|util|er)?s?$/
/** Words that tests are called by, and other code as well. */
const CHECK = /^(?:(?:run|all)?(?:checks?|specs?|verify|verification|validate|suites?|units?|smoke|regress(?:ion)?s?))$/
/** Run with a word such as 'jsontest' it is a test; in a list of sources it could be 'latest'. */
const GLUED = /^tests?[a-z]{2,}$|[a-z]{2,}tests?$/

/** How a recipe or a script uses a file, and what it is asked to make. */
export interface Use {
  readonly runs: boolean
  readonly goal: string
}

/**
 * Whether a file that the recipe of a test names is called a test. What else could be called so judges only where it is run, or
 * bears the name of what is made: `make check` with check.c.
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
