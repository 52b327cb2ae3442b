/** What can be seen of a project without starting anything of it. Paths are relative to the directory of the policy, '/'-separated. */
export interface ProjectSurvey {
  /** Files that git tracks, or would. */
  readonly files: readonly string[]
  /** The text of a small regular file; null for any other. */
  text(path: string): string | null
  /** Where a file of a dependency directory is, from here upwards to the top of the work tree: '../node_modules/.bin/ava'; null: nowhere. */
  installed(path: string): string | null
}

/** One way in which a project tests itself. Texts may hold names of others: whoever writes them quotes. */
export interface DetectedRunner {
  /** The runner, as reports call it. */
  readonly runner: string
  /** What gave it away, as a sentence. */
  readonly because: string
  /** One line for `sh -c`, in the directory of the policy. */
  readonly cmd: string
  /** Its test files: the more, the more it is the project's own way. */
  readonly tests: readonly string[]
  /** Files that the command names as tests though no convention says so. */
  readonly judges: readonly string[]
  /** What would make the dependencies from nothing; needs the network. */
  readonly setup: string | null
  /** Commands that check the rest, such as linters. */
  readonly also: readonly string[]
}

/** One ecosystem; null where a project is none of it. */
export type EcosystemDetector = (survey: ProjectSurvey) => DetectedRunner | null

/** The first of these files that is there. */
export function firstExistingFile(survey: ProjectSurvey, paths: readonly string[]): string | null {
  return paths.find((path) => survey.files.includes(path)) ?? null
}
