import { literalGlob, writableGlobs } from './layout.ts'
import { detectNode } from './node.ts'
import { detectMake, otherEcosystems } from './other-ecosystems.ts'
import type { DetectedRunner, EcosystemDetector, ProjectSurvey } from './project-survey.ts'
import { detectPython } from './python.ts'

const ECOSYSTEMS: readonly EcosystemDetector[] = [detectPython, detectNode, ...otherEcosystems]

/** What a policy for a project would say. */
export interface PolicySuggestion {
  /** Null: no runner was recognised. */
  readonly main: DetectedRunner | null
  /** Other ways in which the project tests itself. */
  readonly others: readonly DetectedRunner[]
  readonly writable: readonly string[]
  /** Patterns of files that judge though no convention says so. */
  readonly judges: readonly string[]
  /** Dependency directories that are there and do not come along by themselves. */
  readonly include: readonly string[]
}

/** Beside those that every session takes along. */
const DEPENDENCIES = ['__pypackages__', 'bower_components', '.pnp.cjs', '.yarn/cache', 'deps', '.bundle']

/** By files alone: nothing of the project is started. */
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
