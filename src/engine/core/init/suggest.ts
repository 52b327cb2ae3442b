import { literally, writable } from './layout.ts'
import { node } from './node.ts'
import { make, others } from './others.ts'
import { python } from './python.ts'
import type { Ecosystem, Finding, Survey } from './survey.ts'

const ECOSYSTEMS: readonly Ecosystem[] = [python, node, ...others]

/** What a policy for a project would say. */
export interface Suggestion {
  /** Null: no runner was recognised. */
  readonly main: Finding | null
  /** Other ways in which the project tests itself. */
  readonly others: readonly Finding[]
  readonly writable: readonly string[]
  /** Patterns of files that judge though no convention says so. */
  readonly judges: readonly string[]
  /** Dependency directories that are there and do not come along by themselves. */
  readonly include: readonly string[]
}

/** Beside those that every session takes along. */
const DEPENDENCIES = ['__pypackages__', 'bower_components', '.pnp.cjs', '.yarn/cache', 'deps', '.bundle']

/** By files alone: nothing of the project is started. */
export function suggest(survey: Survey): Suggestion {
  const found = ECOSYSTEMS.flatMap((find) => find(survey) ?? []).sort((a, b) => b.tests.length - a.tests.length)
  const [main, ...rest] = found.length > 0 ? found : [make(survey)].filter((one) => one !== null)
  const beside = (path: string) =>
    survey.installed(path) === path && !survey.files.some((file) => file === path || file.startsWith(`${path}/`))
  return {
    main: main ?? null,
    others: rest,
    writable: writable(survey.files),
    judges: (main?.judges ?? []).map(literally),
    include: DEPENDENCIES.filter(beside),
  }
}
