/** Where everything stands in a bundle. Verifiers of other versions read it, so none of these names changes. */
/**
 * Files at the top. The manifest and the attestations do not belong to a bundle: they are stored next to it when it is
 * written as a directory.
 */
export const FILES = {
  repro: 'repro.json',
  environment: 'environment.json',
  policy: 'policy.json',
  judges: 'judges.json',
  remarks: 'remarks.json',
  spent: 'spent.json',
  minimize: 'minimize.json',
  patch: 'final.patch',
  patchDigest: 'final.patch.digest.json',
  summary: 'final_summary.md',
  manifest: 'manifest.json',
  attestation: 'attestation.json',
} as const

/** Folders of runs that a session has only once. */
export const FOLDERS = {
  baseline: 'attempts/0_baseline',
  ownTests: 'attempts/0_own_tests',
  /** The base with its own judges, if the red tree has other judges. */
  baseJudgesRed: 'verification/judges_of_base_red',
  baseJudges: 'verification/judges_of_base',
  /** The final tree with the judges and the data of the base. */
  baseData: 'verification/data_of_base',
  baseJudgesNamed: 'verification/judges_of_base_named',
  changeJudgesRed: 'verification/judges_of_change_red',
  /** The red tree with the data of the change, without its product. */
  changeDataRed: 'verification/data_of_change_red',
  also: 'verification/also',
  alsoBaseJudges: 'verification/also_with_judges_of_base',
  alsoBaseData: 'verification/also_with_data_of_base',
  addedTest: 'verification/added_failing_test',
} as const

/** The files that are kept of an attempt besides its runs. */
type AttemptFile = 'context.txt' | 'proposal.json' | 'refusal.json' | 'applied.patch' | 'applied.patch.digest.json'

/** What is kept of the runs of one target in a folder of runs. */
type RunFile = 'evidence.json' | 'stdout' | 'stderr' | 'trace.json'

/** Attempts count from 1; a change that the user brings is attempt 1. */
export function attemptFolder(n: number): string {
  return `attempts/${n}`
}

export function attemptFile(n: number, name: AttemptFile): string {
  return `${attemptFolder(n)}/${name}`
}

/** Where the patch of an attempt is kept, or its digest if it is large. */
export function appliedPatch(n: number): { readonly whole: string; readonly digest: string } {
  return { whole: attemptFile(n, 'applied.patch'), digest: attemptFile(n, 'applied.patch.digest.json') }
}

/** Earlier runs of the base, made before it was known which judges the red tree has. */
export function earlierBaselineFolder(n: number): string {
  return `attempts/0_before_${n}`
}

/**
 * The pair `k`: a fresh run without the change and one with it. The first pair are the runs of the base and of the change, so
 * that only its run with the change has a folder here, if the change was minimised. Records of versions 1 and 2 count from
 * the pair after these.
 */
export function pairFolder(k: number, side: 'red' | 'green'): string {
  return `verification/${k}_${side}`
}

/** Run `k` of the failing tests alone, from 1, without the change or with it. */
export function focusedFolder(k: number, side: 'red' | 'green'): string {
  return `verification/failing_tests_${k}_${side}`
}

/**
 * The runs of `--flaky`, `k` from 1: the first pair has the folders in which a proof keeps its base and its change, the
 * others have those of its pairs. `older`: in records of versions 1 and 2.
 */
export function trialFolder(side: 'without' | 'with', k: number, older = false): string {
  if (k > 1) return pairFolder(older ? k - 1 : k, side === 'without' ? 'red' : 'green')
  return side === 'without' ? FOLDERS.baseline : attemptFolder(1)
}

/**
 * A folder for further runs of the same kind: `again` for a second run, a number for the k-th of several, `judges_writable`
 * for a run with all judges writable, `failing_tests` for a run of the failing tests alone.
 */
export function furtherFolder(folder: string, which: 'again' | 'judges_writable' | 'failing_tests' | number): string {
  return `${folder}/${which}`
}

/** Turns a name into one safe component of a path. */
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

/** The attempt that a path belongs to; null for any other path and for the base. */
export function attemptOf(path: string): number | null {
  const n = /^attempts\/([1-9]\d*)\//.exec(path)?.[1]
  return n === undefined ? null : Number(n)
}

/** Whether a path belongs to the runs of the base. */
export function isOfBase(path: string): boolean {
  return path.startsWith('attempts/0_')
}

/** The pair that a path belongs to; null if none. No session makes more than 999 pairs. */
export function pairOf(path: string): { readonly k: number; readonly side: 'red' | 'green' } | null {
  const [, k, side] = /^verification\/([1-9]\d{0,2})_(red|green)\//.exec(path) ?? []
  return side === 'red' || side === 'green' ? { k: Number(k), side } : null
}

/** The folder with all that is kept of one run, if `path` is the evidence of it; else null. */
export function evidenceFolder(path: string): string | null {
  const end = '/evidence.json'
  return path.endsWith(end) ? path.slice(0, -end.length) : null
}

/** Whether a path holds what a command printed. */
export function isOutput(path: string): boolean {
  return path.endsWith('/stdout') || path.endsWith('/stderr')
}

/** Whether a path may be cut to its beginning and end. */
export function isStream(path: string): boolean {
  return isOutput(path) || path.endsWith('/context.txt')
}
