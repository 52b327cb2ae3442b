/** Why a command was run: the kind of step in a session, and its label in records and JSON answers. */

/** The label of the first run of each kind. For kinds in `Counted`, a number follows. */
const LABELS = {
  base: 'base',
  'base-judges': "base with the base's judges",
  'base-tests': 'base with its own tests',
  attempt: 'attempt',
  change: 'change',
  minimise: 'minimise',
  red: 'red',
  green: 'green',
  'focused-red': 'red, only the failing tests',
  'focused-green': 'green, only the failing tests',
  without: 'without',
  with: 'with',
  'green-base-judges': "green with the base's judges",
  'green-base-data': "green with the base's judges and data",
  'green-named-tests': "green with the base's judges and the tests that the command names",
  'red-change-judges': "red with the change's judges",
  'red-change-data': "red with the change's data",
  also: 'separate command',
  'also-base-judges': "separate command with the base's judges",
  'also-base-data': "separate command with the base's judges and data",
  'added-test': 'added failing test',
  'added-test-without': 'added failing test, without the change',
  'left-out': 'without those tests',
  'probe-changed': 'probe: changed files',
  'probe-product': 'probe: all product files',
  'probe-named': 'probe: without what the output names',
  'probe-judges': 'probe: all tests and configuration',
  'list-without': 'list of tests without the change',
  'list-with': 'list of tests with the change',
  trial: 'trial',
  final: 'final',
} as const

type StepKind = keyof typeof LABELS

/** Kinds whose runs all have a number. */
type Counted = 'attempt' | 'red' | 'green' | 'focused-red' | 'focused-green' | 'without' | 'with'

/** `n` counts from 1. `again`: the same run a second time, because the first one counted against the change. */
export type RunPurpose = (
  | { readonly is: Counted; readonly n: number }
  | { readonly is: Exclude<StepKind, Counted>; readonly n?: number }
) & { readonly again?: true; readonly judges?: 'writable' }

/** Labels of second runs that do not follow the pattern of the first label with `once more`. */
const LABELS_AGAIN: { readonly [kind in StepKind]?: string } = {
  'green-base-judges': "once more with the base's judges",
  'green-named-tests': `${LABELS['green-named-tests']}, once more`,
  'red-change-judges': "once more with the change's judges",
}

const ONCE_MORE = ' once more'
const JUDGES_WRITABLE = ', judges writable'

/** The label of a step, which is `on` in records and JSON answers. */
export function labelOf(step: RunPurpose): string {
  const first = step.n === undefined ? LABELS[step.is] : `${LABELS[step.is]} ${step.n}`
  const label = step.again ? (LABELS_AGAIN[step.is] ?? `${first}${ONCE_MORE}`) : first
  return step.judges ? `${label}${JUDGES_WRITABLE}` : label
}

/** The step that a label of a record stands for; null for a label that no version of git pp has written. */
export function stepOf(label: string): RunPurpose | null {
  const [rest, isWritable] = withoutEnd(label, JUDGES_WRITABLE)
  const other = Object.entries(LABELS_AGAIN).find(([, words]) => words === rest)?.[0]
  const [first, isAgain] = other ? [LABELS[other as StepKind], true] : withoutEnd(rest, ONCE_MORE)
  const [, words, n] = /^(.*?)(?: ([1-9]\d*))?$/.exec(first) ?? []
  const kind = Object.entries(LABELS).find(([, known]) => known === words)?.[0]
  if (kind === undefined) return null
  const step = {
    is: kind as StepKind,
    ...(n === undefined ? {} : { n: Number(n) }),
    ...(isAgain ? { again: true as const } : {}),
    ...(isWritable ? { judges: 'writable' as const } : {}),
  }
  return isWhole(step) && labelOf(step) === label ? step : null
}

function withoutEnd(text: string, end: string): [rest: string, had: boolean] {
  return text.endsWith(end) ? [text.slice(0, -end.length), true] : [text, false]
}

const COUNTED: ReadonlySet<string> = new Set<Counted>([
  'attempt',
  'red',
  'green',
  'focused-red',
  'focused-green',
  'without',
  'with',
])

function isWhole(step: { readonly is: StepKind; readonly n?: number }): step is RunPurpose {
  return step.n !== undefined || !COUNTED.has(step.is)
}
