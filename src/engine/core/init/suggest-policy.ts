import { literalGlob, writableGlobs } from './layout.ts'
import { detectNode } from './node.ts'
import { detectMake, otherEcosystems } from './other-ecosystems.ts'
import type { DetectedRunner, EcosystemDetector, ProjectSurvey } from './project-survey.ts'
import { detectPython } from './python.ts'

const ECOSYSTEMS: readonly EcosystemDetector[] = [detectPython, detectNode, ...otherEcosystems]

/** The content of a suggested policy. */
export interface PolicySuggestion {
  /** Null: no runner was recognised. */
  readonly main: DetectedRunner | null
  /** Other ways in which the project tests itself. */
  readonly others: readonly DetectedRunner[]
  readonly writable: readonly string[]
  /** Patterns of files that are judges although no convention makes them judges. */
  readonly judges: readonly string[]
  /** Dependency directories that exist and are not included automatically. */
  readonly include: readonly string[]
}

/** Dependency directories besides those that every session includes. */
const DEPENDENCIES = ['__pypackages__', 'bower_components', '.pnp.cjs', '.yarn/cache', 'deps', '.bundle']

/** Suggests a policy from the files alone; nothing of the project is run. */
export function suggestPolicy(survey: ProjectSurvey): PolicySuggestion {
  const found = ECOSYSTEMS.flatMap((find) => find(survey) ?? []).sort((a, b) => b.tests.length - a.tests.length)
  const [main, ...rest] = found.length > 0 ? found : [detectMake(survey)].filter((one) => one !== null)
  const beside = (path: string) =>
    survey.installed(path) === path && !survey.files.some((file) => file === path || file.startsWith(`${path}/`))
  return {
    main: main ?? null,
    others: rest,
    writable: writableGlobs(survey.files),
    judges: (main?.judges ?? []).map(literalGlob),
    include: DEPENDENCIES.filter(beside),
  }
}
