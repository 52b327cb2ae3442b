/** What a line is to the stack trace that it may stand in. */
export type Kind =
  /** `opens`: no frame before it can be of the same trace. */
  | { readonly is: 'frame'; readonly inner: 'first' | 'last'; readonly opens: boolean }
  /** Begins a new trace; `demote`: what came before was only on the way to it. */
  | { readonly is: 'break'; readonly demote: boolean }
  | { readonly is: 'note' }
  | { readonly is: 'via' }
  | { readonly is: 'inside' }
  | { readonly is: 'plain' }

const CHAINED = /^(?:E +)?(?:During handling of the above exception|The above exception was the direct cause)/
const BREAKS =
  /^(?:Traceback \(most recent|_{3,} .* _{3,}$|(?:FAIL|ERROR): |={30,}$|Caused by: |panic: |goroutine \d+ \[|thread '.*panicked at|\s*(?:not )?ok \d+|✖ | *FAIL {2}| {2}● )/
const INNER_FIRST =
  /^\s*(?:(?:async )?at |from (?=\S+:\d)|❯ |› |#\d+ |\d+: 0x|# (?=\S+:\d))|^\s+\S+\.go:\d+(?: \+0x[0-9a-f]+)?$|^\s+(?=\w)[\w.<>$ ]{1,300} \(\S+:\d+:\d+\)$|^\s+\S+:\d+:in [`']/
const OPENS = /^\S+:\d+:in [`']/
const INNER_LAST = /^\s*(?:E +)?File "|^\S+?:\d+: (?:in \S.*|[\w.]+)?$/
const VIA = /required (?:from|by)|^In file included from|^ +from \S+[:,]$|^make(?:\[\d+\])?: \*\*\* \[/
const NOTE =
  /\bnote: |\bwarning: |declared here|defined here|expected type comes from|previous (?:definition|declaration)/
const INSIDE = /^\s*$|^\s*(?:>\s*)?\d+\s*\||^\s*\||^ {4}|^\t|^\w[\w./*()-]{0,200}\(|^created by |^\s+\d+: /

/** Reads a line on its own; the order matters, since a frame may also look like a diagnostic. */
export function kindOf(line: string): Kind {
  if (CHAINED.test(line)) return { is: 'break', demote: true }
  if (VIA.test(line)) return { is: 'via' }
  if (NOTE.test(line)) return { is: 'note' }
  if (BREAKS.test(line)) return { is: 'break', demote: false }
  if (INNER_LAST.test(line)) return { is: 'frame', inner: 'last', opens: false }
  if (OPENS.test(line)) return { is: 'frame', inner: 'first', opens: true }
  if (INNER_FIRST.test(line)) return { is: 'frame', inner: 'first', opens: false }
  return INSIDE.test(line) ? { is: 'inside' } : { is: 'plain' }
}
