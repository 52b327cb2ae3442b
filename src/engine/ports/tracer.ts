import type { TestCalls, Trace } from '../model/trace.ts'

/** The circumstances of a traced run, as the command sees them. */
export interface TracedRun {
  /** The private report directory; it also contains the tracer's own files. */
  readonly reports: string
  /** The top of the work tree. */
  readonly root: string
  /** The environment without tracing. */
  readonly env: Readonly<Record<string, string>>
  /** When the run will be ended if it hangs, in ms; null = it is expected to end by itself. */
  readonly endsAfterMs: number | null
  /** Ids of the tests that failed without a tracer, as far as they are known. */
  readonly failing: readonly string[]
}

/** The files of the repository in the languages that are traced. */
export interface TrackedFiles {
  has(path: string): boolean
  /** As the file ran; null if it is too large to be read. */
  text(path: string): Promise<string | null>
}

/**
 * Finds out what a command executes in one language, only through the environment: nothing is installed in the project, and
 * the command does not change. A file of the evidence/tracers room: `export default` one of these.
 */
export interface Tracer {
  readonly kind: string
  /** True for files of its language. */
  traces(path: string): boolean
  /** The files that must be in the report directory before the run: name → bytes. */
  files(): ReadonlyMap<string, Uint8Array>
  env(run: TracedRun): Readonly<Record<string, string>>
  /** What the reports say about tracked files; null when they say nothing. Never throws for what is in a report. */
  read(
    reports: ReadonlyMap<string, Uint8Array>,
    tracked: TrackedFiles,
    run: Pick<TracedRun, 'root'>,
  ): Promise<Trace | null>
  /**
   * A run that tells the tests of one process apart. `env` comes in place of the other one. `read` gives null if no failing test
   * was told apart. Absent: the other run does so already, or nothing does.
   */
  readonly tests?: Pick<Tracer, 'env' | 'read'>
  /**
   * A run of which only the calls of tests are wanted. `env` comes in addition to the other one. `read` gives null if the
   * reports do not tell where tests were called. Absent: such a run is not possible.
   */
  readonly calls?: {
    env(run: TracedRun): Readonly<Record<string, string>>
    read(
      reports: ReadonlyMap<string, Uint8Array>,
      tracked: TrackedFiles,
      run: Pick<TracedRun, 'root'>,
    ): Promise<TestCalls | null>
  }
}
