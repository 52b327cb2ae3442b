/** What a line means for the stack trace around it. */
export type StackLine =
  /** `opens`: frames before it belong to another trace. */
  | { readonly is: 'frame'; readonly inner: 'first' | 'last'; readonly opens: boolean }
  /** Begins a new trace; `demote`: the trace before it only led to this one. */
  | { readonly is: 'break'; readonly demote: boolean }
  /** Begins a trace that shows where something was made that failed elsewhere. */
  | { readonly is: 'aside' }
  | { readonly is: 'note' }
  | { readonly is: 'via' }
  | { readonly is: 'inside' }
  | { readonly is: 'blank' }
  | { readonly is: 'plain' }

const CHAINED = /^(?:E +)?(?:During handling of the above exception|The above exception was the direct cause)/
const BREAKS =
  /^(?:(?:Exception Group )?Traceback \(most recent|_{3,} .* _{3,}$|(?:FAIL|ERROR): |={30,}$|Caused by: |panic: |goroutine \d+ \[|thread '.*panicked at|\s*(?:not )?ok \d+|✖ | *FAIL {2}| {2}● |-\+?-{10,} )/
/** Sanitizers and valgrind print a trace of the access, then those of the block that was accessed. */
const ASIDE =
  /^(?:freed|(?:previously )?allocated) by thread|\b(?:free'd|alloc'd)(?: at)?$|^ {0,4}Thread T\d[^\n]{0,200} created by /
const INNER_FIRST =
  /^\s*(?:(?:async )?at |by 0x|from (?=\S+:\d)|❯ |› |#\d+ |\d+: 0x|# (?=\S+:\d))|^\s+\S+\.go:\d+(?: \+0x[0-9a-f]+)?$|^\s+(?=\w)[\w.<>$ ]{1,300} \(\S+:\d+:\d+\)$|^\s*\S+:\d+:in [`'][^\n]{1,300}'$|^\S+\.\w{1,10}:\d+$/
const OPENS = /^\S+:\d+:in [`'][^\n]{1,300}?': /
const INNER_LAST = /^\s*(?:E +)?File "|^\S+?:\d+: (?:in \S.*|[\w.]+)?$/
const VIA =
  /required (?:from|by)|^In file included from|^ +from \S+[:,]$|^g?make(?:\[\d+\])?: \*\*\* \[|^#\d+ \S+\(\d+\): |\bcalled at \S+ line \d/
const NOTE =
  /^::(?:warning|notice) |\bnote: |(?:\b|[a-z])[wW]arning: |declared here|defined here|expected type comes from|previous (?:definition|declaration)/
const INSIDE = /^\s*(?:>\s*)?\d+\s*\||^\s*\||^ {4}|^\t|^\w[\w./*()-]{0,200}\(|^created by |^\s+\d+: /

/** What stands before each line of a trace: the number of a process, the bars of a group of exceptions. */
const MARGIN = /^(?:==\d+== ?|\s{1,40}(?:[|+] ?){1,20}\s{0,40}(?=File "|Exception Group|Traceback|During|The above|-))/

/** Classifies a line by itself. The order of the checks matters, because a frame may also look like a diagnostic. */
export function stackLineOf(printed: string): StackLine {
  const line = /^[ =]/.test(printed) ? printed.replace(MARGIN, '') : printed
  if (/^\s*$/.test(line)) return { is: 'blank' }
  if (CHAINED.test(line)) return { is: 'break', demote: true }
  if (ASIDE.test(line)) return { is: 'aside' }
  if (VIA.test(line)) return { is: 'via' }
  if (NOTE.test(line)) return { is: 'note' }
  if (BREAKS.test(line)) return { is: 'break', demote: false }
  if (INNER_LAST.test(line)) return { is: 'frame', inner: 'last', opens: false }
  if (OPENS.test(line)) return { is: 'frame', inner: 'first', opens: true }
  if (INNER_FIRST.test(line)) return { is: 'frame', inner: 'first', opens: false }
  return INSIDE.test(line) ? { is: 'inside' } : { is: 'plain' }
}
