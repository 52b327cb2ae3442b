/** Where everything stands in a bundle. Verifiers of other versions read it, so none of these names changes. */
/** Files at the top. The manifest and the attestations are no part of a bundle: they stand beside it where it is written as a directory. */
export const FILES = {
  repro: 'repro.json',
  environment: 'environment.json',
  policy: 'policy.json',
  judges: 'judges.json',
  minimize: 'minimize.json',
  patch: 'final.patch',
  patchDigest: 'final.patch.digest.json',
  summary: 'final_summary.md',
  manifest: 'manifest.json',
  attestation: 'attestation.json',
} as const

/** Folders of runs of which there is one a session. */
export const FOLDERS = {
  baseline: 'attempts/0_baseline',
  ownTests: 'attempts/0_own_tests',
  /** The base with its own judges, where the tree that has to be red holds others. */
  baseJudgesRed: 'verification/judges_of_base_red',
  baseJudges: 'verification/judges_of_base',
  baseJudgesNamed: 'verification/judges_of_base_named',
  changeJudgesRed: 'verification/judges_of_change_red',
  also: 'verification/also',
  addedTest: 'verification/added_failing_test',
} as const

/** What is kept of an attempt beside its runs. */
type AttemptFile = 'context.txt' | 'proposal.json' | 'refusal.json' | 'applied.patch'

/** What is kept of the runs of one target in a folder of runs. */
type RunFile = 'evidence.json' | 'stdout' | 'stderr' | 'trace.json'

/** Attempts count from 1; a change that is given is attempt 1. */
export function attemptFolder(n: number): string {
  return `attempts/${n}`
}

export function attemptFile(n: number, name: AttemptFile): string {
  return `${attemptFolder(n)}/${name}`
}

/** Runs of the base from before it was known which judges the tree that has to be red holds. */
export function earlierBaselineFolder(n: number): string {
  return `attempts/0_before_${n}`
}

/** The pair `k`, from 1: a fresh run without the change and one with it. */
export function pairFolder(k: number, side: 'red' | 'green'): string {
  return `verification/${k}_${side}`
}

/** The runs of `--flaky`, `k` from 1: the first pair stands where a proof has its base and its change, the others as its pairs. */
export function trialFolder(side: 'without' | 'with', k: number): string {
  if (k > 1) return pairFolder(k - 1, side === 'without' ? 'red' : 'green')
  return side === 'without' ? FOLDERS.baseline : attemptFolder(1)
}

/** Further runs of the same: `again` once more, or the k-th of several, or once more with all judges writable. */
export function furtherFolder(folder: string, which: 'again' | 'judges_writable' | number): string {
  return `${folder}/${which}`
}

/** A name as one safe component of a path. */
function slug(name: string): string {
  const safe = name
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
  return safe.slice(0, 60) || 'target'
}

export function runFile(folder: string, target: string, name: RunFile): string {
  return `${folder}/${slug(target)}/${name}`
}

/** The attempt that a path is of; null: of none, or of the base. */
export function attemptOf(path: string): number | null {
  const n = /^attempts\/([1-9]\d*)\//.exec(path)?.[1]
  return n === undefined ? null : Number(n)
}

/** Whether a path is of runs of the base. */
export function isOfBase(path: string): boolean {
  return path.startsWith('attempts/0_')
}

/** The pair that a path is of; null: of none. No session makes more than 999. */
export function pairOf(path: string): { readonly k: number; readonly side: 'red' | 'green' } | null {
  const [, k, side] = /^verification\/([1-9]\d{0,2})_(red|green)\//.exec(path) ?? []
  return side === 'red' || side === 'green' ? { k: Number(k), side } : null
}

/** The folder with all that is kept of one run, if `path` is the evidence of it; else null. */
export function evidenceFolder(path: string): string | null {
  const end = '/evidence.json'
  return path.endsWith(end) ? path.slice(0, -end.length) : null
}

/** Whether a path is of what a command printed. */
export function isOutput(path: string): boolean {
  return path.endsWith('/stdout') || path.endsWith('/stderr')
}

/** Whether a path may be cut to its beginning and end. */
export function isStream(path: string): boolean {
  return isOutput(path) || path.endsWith('/context.txt')
}
