import type { ProofView } from '../model/proof-view.ts'
import { STATUS_OF_VERDICT } from '../model/verdict.ts'
import { statusOfVerification, type Verification } from '../model/verification.ts'
import { changedFiles } from './proof-steps.ts'

/** One commit or session for programs. `view` null: there is no proof that can be read. `verified` null: nothing can be said here. */
export interface ReportedProof {
  readonly commit: string | null
  readonly view: ProofView | null
  readonly verified: Verification | null
}

/** What a program makes of it: passed, failed, or nobody can tell. */
export interface ProofState {
  readonly is: 'passed' | 'failed' | 'undecided'
  readonly word: string
  readonly reason: string
  readonly mend: string | null
}

/** A place in a change that somebody has to look at. `line` null: the file is gone, or its content is not known. */
export interface PlaceInChange {
  readonly level: 'error' | 'warning' | 'notice'
  readonly rule: string
  readonly path: string
  readonly line: number | null
  readonly sentence: string
}

const UNKNOWN = { verdict: 'INCONCLUSIVE', reason: 'the proof cannot be verified here', mend: null } as const
/** The statuses of an answer that is a no: not shown, no proof, not trusted, stale. */
const NO = [1, 3, 4, 5]

/** A record that is no proof speaks for itself; a proof passes only if a verifier accepts it. */
export function proofState({ view, verified }: ReportedProof): ProofState {
  const recorded = view?.result
  if (recorded && STATUS_OF_VERDICT[recorded.verdict] !== 0)
    return { is: stateOf(STATUS_OF_VERDICT[recorded.verdict]), word: recorded.verdict, ...textOf(recorded) }
  const said = verified ?? UNKNOWN
  return { is: stateOf(statusOfVerification(said)), word: said.verdict, ...textOf(said) }
}

/** How programs name it: the commit, or the session of a record that is on no commit. */
export function shortName({ commit, view }: ReportedProof): string {
  return commit?.slice(0, 12) ?? view?.session ?? 'no commit'
}

/** Changed expectations of tests, then changed judges, then remarks on the code. */
export function placesOf({ view }: ReportedProof): readonly PlaceInChange[] {
  if (view === null) return []
  const { result } = view
  const level = STATUS_OF_VERDICT[result.verdict] === 0 ? 'notice' : 'error'
  const expected = (result.expectations?.changed ?? []).map(({ path, line, before, after }) => ({
    ...({ level, path, line, rule: 'test-expectation-changed' } as const),
    sentence:
      after === ''
        ? `the change takes this out of a test: ${before}`
        : `a test asks for ${after} now; before: ${before}`,
  }))
  const lines = new Map(changedFiles(result).map(({ path, firstLine }) => [path, firstLine]))
  const judges = result.judgesChanged.map((path) => ({
    ...({ level, path, line: lines.get(path) ?? null, rule: 'judge-changed' } as const),
    sentence: `the change edits ${path}, which decides whether the command passes`,
  }))
  const remarks = (result.remarks ?? []).map(({ path, line, kind, sentence }) => ({
    ...({ level: 'warning', path, line, rule: kind, sentence } as const),
  }))
  return [...expected, ...judges, ...remarks]
}

function stateOf(status: number): ProofState['is'] {
  if (status === 0) return 'passed'
  return NO.includes(status) ? 'failed' : 'undecided'
}

function textOf({ reason, mend }: { readonly reason: string; readonly mend: string | null }) {
  return { reason, mend }
}
