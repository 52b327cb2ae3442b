import type { CandidateWord } from '../model/validation.ts'
import type { TracedRun } from './tracer.ts'

/** A candidate that replaces a part of one file. Offsets and text are in characters of one byte each (latin1). */
export interface CandidateEdit {
  readonly path: string
  readonly start: number
  readonly end: number
  readonly text: string
}

/** What came of a batch of candidates; null: it was not reached. */
export type ValidationResult =
  | {
      readonly how: 'tried'
      /** The test runner that was met. */
      readonly by: string
      /** In the order of the candidates. */
      readonly words: readonly (CandidateWord | null)[]
      /** What those that pass do for inputs that are not the tests', a digest for each input; null: not known. */
      readonly behaviour: readonly (readonly string[] | null)[]
      /** The time for candidates alone, in ms. */
      readonly ms: number
      /** How many were tried again, or are to be, because a control showed that the process was spoilt. */
      readonly dropped: number
    }
  | { readonly how: 'cannot'; readonly reason: string }

/**
 * Tries many candidates in one process that has loaded the tests, only through the environment of the unchanged command. It
 * decides nothing: its words order candidates, and what passes is run with the whole command. A file of the
 * evidence/validators room: `export default` one of these.
 *
 * Its program reads pp-candidates.jsonl in the report directory and writes pp-words.jsonl there; `src/engine/model/validation.ts`
 * has both forms.
 */
export interface Validator {
  readonly kind: string
  /** True for files whose candidates it can try. */
  validates(path: string): boolean
  /** The files that must be in the report directory before the run: name → bytes. */
  files(): ReadonlyMap<string, Uint8Array>
  env(run: Pick<TracedRun, 'reports' | 'root' | 'env'>): Readonly<Record<string, string>>
}
