/** A function of a file. Lines count from 1 and are inclusive; decorators and annotations belong to it. */
export interface FunctionSlice {
  /** The name with the classes around it: 'Queue.push'. */
  readonly name: string
  readonly start: number
  readonly end: number
  /** The last line of its head: name, parameters, types. */
  readonly headEnd: number
}

/** What one test, or a whole run, executed: tracked path → lines inside functions. */
export interface Spectrum {
  /** The name from the runner; null = everything that ran. */
  readonly test: string | null
  readonly failed: boolean
  readonly lines: ReadonlyMap<string, ReadonlySet<number>>
}

/** What ran while tests were called, without what ran while files were loaded. */
export interface TestCalls {
  readonly ran: Spectrum['lines']
  /** The lines that can run at all, of files for which the tracer knows them. */
  readonly runnable: Spectrum['lines']
}

/** A file that was opened to be read, and the tracked file whose code was nearest to the call. */
export interface FileRead {
  readonly path: string
  readonly by: string
}

/** What a traced run executed. */
export interface Trace {
  readonly spectra: readonly Spectrum[]
  /** Tracked files whose code outside of functions ran. */
  readonly loaded: readonly string[]
  /** What ran inside functions before the first test, for all of them: decorators, tables that are computed on import. */
  readonly before: Spectrum['lines']
  readonly reads: readonly FileRead[]
  /** Tracked files with functions that the test runner itself called, other than tests: fixtures and hooks. */
  readonly calledByRunner: readonly string[]
  /** Where a run that had to be ended was at that moment, innermost first. */
  readonly frames: readonly { readonly path: string; readonly line: number }[]
}
