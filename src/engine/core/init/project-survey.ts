/**
 * What can be seen of a project without running anything of it. Paths are relative to the directory of the policy,
 * '/'-separated.
 */
export interface ProjectSurvey {
  /** Files that git tracks, or would track. */
  readonly files: readonly string[]
  /** The text of a small regular file; null for any other. */
  text(path: string): string | null
  /**
   * Where a file of a dependency directory is, searched from here upwards to the top of the work tree:
   * '../node_modules/.bin/ava'; null: nowhere.
   */
  installed(path: string): string | null
}

/**
 * One way in which a project tests itself. The texts may contain names from the project, so code that prints them must quote
 * them.
 */
export interface DetectedRunner {
  /** The name of the runner in reports. */
  readonly runner: string
  /** How it was recognised, as a sentence. */
  readonly because: string
  /** One line for `sh -c`, in the directory of the policy. */
  readonly cmd: string
  /** Its test files; the way with the most files is taken as the main one. */
  readonly tests: readonly string[]
  /** Files that the command names as tests although no convention makes them tests. */
  readonly judges: readonly string[]
  /** The command that would install the dependencies from scratch; needs the network. */
  readonly setup: string | null
  /** Commands for the other checks, such as linters. */
  readonly also: readonly string[]
}

/** Detects one ecosystem; null if the project does not use it. */
export type EcosystemDetector = (survey: ProjectSurvey) => DetectedRunner | null

/** The first of these files that exists. */
export function firstExistingFile(survey: ProjectSurvey, paths: readonly string[]): string | null {
  return paths.find((path) => survey.files.includes(path)) ?? null
}
