import type { Ended, TestReport } from '../../model/evidence.ts'

/** What a red looked like: the runner's report, how the command ended, and its most informative line. */
export interface RedFailure {
  readonly tests: TestReport | null
  readonly ended: Ended
  readonly headline: string
}

type Replacements = readonly (readonly [RegExp, string])[]

/** Values that each process gets anew: ids, addresses, temporary paths. */
const GIVEN: Replacements = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  // A cut-off representation may begin in the middle of an address.
  [/(?:\b0x[0-9a-f]+\b|(?:\.{3}|…)(?:0?x)?(?=[a-f]*\d)[0-9a-f]{4,}(?=[>)\]'"\s]|$))/gim, '<address>'],
  [/(?:\/private)?(?:\/var)?\/(?:tmp|folders)\/[^\s'"`:;,)\]]*|\b[A-Z]:\\[^\s'"]*\\Temp\\[^\s'"]*/g, '<temp>'],
]

/** What differs between runs of the same failure, and the word that replaces it. */
const PASSING: Replacements = [
  [/\r\n?/g, '\n'],
  [/[ \t]+$/gm, ''],
  ...GIVEN,
  [/\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{12,}\b/gi, '<hex>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?Z| ?[+-]\d\d:?\d\d)?)?/g, '<time>'],
  [/\b\d\d?:\d\d:\d\d(?:[.,]\d+)?\b/g, '<time>'],
  [/\b\d+(?:\.\d+)? ?(?:ns|[µu]s|ms|s|secs?|seconds?|minutes?)\b/g, '<duration>'],
  [/\b(pid|process|goroutine|thread|port)([ =:#]+)\d+/gi, '$1$2<n>'],
  [/^==\d+==/gm, '==<n>=='],
  [/(thread '[^']*') \(\d+\)/g, '$1 (<n>)'],
  [/((?:127\.0\.0\.1|localhost|\[::1\]|0\.0\.0\.0):)\d+/g, '$1<n>'],
]

/**
 * A text without the parts that differ between two runs of the same code: addresses, times, temporary paths, process ids,
 * ports.
 */
export function normaliseOutput(text: string): string {
  return replaced(text, PASSING).trim()
}

/** A name without the values that each process gets anew; dates, durations and other values stay. */
export function withoutAddresses(name: string): string {
  return replaced(name, GIVEN)
}

function replaced(text: string, replacing: Replacements): string {
  return replacing.reduce((rest, [pattern, word]) => rest.replace(pattern, word), text)
}

/**
 * Patterns from the surest to the vaguest. 'last': the line of an exception ends its traceback, and of chained exceptions the
 * last one counts.
 */
const TELLING: readonly (readonly [RegExp, 'first' | 'last'])[] = [
  [/^(?:panic: |fatal error: |Exception in thread |thread '.*' .*panicked at )/, 'first'],
  [
    /^(?:E {3,})?(?:Uncaught )?(?:[\w$]+[.:])*[A-Z]\w*(?:Error|Exception|Failure|Exit|Interrupt|Panic)\b(?: \[\w+\])?(?::|$)/,
    'last',
  ],
  [/\bAssertion\b.*\bfailed\b|\b(?:Address|Leak|Thread|Memory)Sanitizer: |: runtime error: /, 'first'],
  [/(?:^|[\s:])(?:fatal )?error(?:\[\w+\]|:| TS\d+:)|^(?:FAIL|FAILED|ERROR|not ok)\b|^fatal: /, 'first'],
  [/\b(?:error|failed|failure|fatal|cannot|can't|undefined|not found|no such|denied|aborted)\b/i, 'first'],
]
const SEARCHED = 200_000
const HEADLINE = 300

/** The line of an output that says most about why it failed, normalised; '' for an empty output. */
export function headline(output: string): string {
  const text = output.length > 2 * SEARCHED ? `${output.slice(0, SEARCHED)}\n${output.slice(-SEARCHED)}` : output
  const lines = text.split('\n').map((line) => line.slice(0, 2000).trim())
  for (const [pattern, which] of TELLING) {
    const told =
      which === 'first' ? lines.find((line) => pattern.test(line)) : lines.findLast((line) => pattern.test(line))
    if (told !== undefined) return normaliseOutput(told.replace(/^E {3,}/, '')).slice(0, HEADLINE)
  }
  return normaliseOutput(lines.findLast((line) => line !== '') ?? '').slice(0, HEADLINE)
}

/**
 * Null if two reds are the same failure: they ended alike, in the same tests, and with the same kind of exception if both
 * name one. Else one phrase about the difference. `messageDifference` compares the messages.
 */
export function failureDifference(a: RedFailure, b: RedFailure): string | null {
  if (a.ended.how !== b.ended.how) return `${spellEnd(a.ended)}, then ${spellEnd(b.ended)}`
  if (a.ended.how === 'timed-out') return null
  if (a.ended.how === 'signalled')
    return spellEnd(a.ended) === spellEnd(b.ended) ? null : `${spellEnd(a.ended)}, then ${spellEnd(b.ended)}`
  const one = failed(a.tests)
  const other = failed(b.tests)
  if (one.size === 0 && other.size === 0) return sameEnd(a, b)
  const gone = [...one.keys()].find((id) => !other.has(id))
  const come = [...other.keys()].find((id) => !one.has(id))
  if (gone !== undefined) return `${gone} failed only once`
  if (come !== undefined) return `${come} failed only the second time`
  return differing(one, other, sameKind)
}

/** Null if the tests that failed in both have the same messages, apart from numbers and the order of sets; else one phrase. */
export function messageDifference(a: RedFailure, b: RedFailure): string | null {
  return differing(failed(a.tests), failed(b.tests), sameText)
}

/** The tests that failed in both with exceptions of different kinds. */
export function failedOtherwise(before: TestReport | null, now: TestReport | null): readonly string[] {
  const earlier = failed(before)
  return (now?.tests ?? [])
    .filter(({ outcome }) => outcome === 'failed' || outcome === 'error')
    .filter(({ id, message }) => !sameKind(earlier.get(normaliseOutput(id)) ?? '', message ?? ''))
    .map(({ id }) => id)
}

/** Whether the test gave this message before. If its earlier messages differ from each other in numbers, numbers are ignored. */
export function sameMessage(before: readonly string[], now: string): boolean {
  const told = new Set(before.map(normaliseOutput))
  return told.has(normaliseOutput(now)) || (told.size > 1 && before.some((one) => sameText(one, now)))
}

function differing(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
  alike: (a: string, b: string) => boolean,
): string | null {
  for (const [id, message] of one) {
    const next = other.get(id)
    if (next !== undefined && message !== '' && next !== '' && !alike(message, next))
      return `${id} failed with ${quote(message)}, then with ${quote(next)}`
  }
  return null
}

/** Compares two reds without known tests: the exit status and the most informative line. */
function sameEnd(a: RedFailure, b: RedFailure): string | null {
  if (spellEnd(a.ended) !== spellEnd(b.ended)) return `${spellEnd(a.ended)}, then ${spellEnd(b.ended)}`
  return sameReason(a.headline, b.headline) ? null : `${quote(a.headline)}, then ${quote(b.headline)}`
}

function failed(tests: TestReport | null): ReadonlyMap<string, string> {
  const bad = (tests?.tests ?? []).filter(({ outcome }) => outcome === 'failed' || outcome === 'error')
  return new Map(bad.map(({ id, message }) => [normaliseOutput(id), message ?? '']))
}

/** Compares the types of the exceptions if both lines name one; else the words, with all numbers treated as equal. */
function sameReason(a: string, b: string): boolean {
  if (a === '' || b === '') return true
  const [one, other] = [typeOf(a), typeOf(b)]
  return one !== null && other !== null ? one === other : sameText(a, b)
}

function sameKind(a: string, b: string): boolean {
  const [one, other] = [typeOf(a), typeOf(b)]
  return one === null || other === null || one === other
}

function sameText(a: string, b: string): boolean {
  return skeleton(a) === skeleton(b)
}

function typeOf(message: string): string | null {
  if (/^(?:E +)?assert\b/.test(message)) return 'AssertionError'
  return (
    /^(?:E {3,})?(?:Uncaught )?((?:[\w$]+[.:])*[A-Z]\w*(?:Error|Exception|Failure|Exit|Interrupt))\b(?: \[\w+\])?(?::|$)/.exec(
      message,
    )?.[1] ?? null
  )
}

function skeleton(text: string): string {
  return normaliseOutput(text)
    .replace(/-?\d+(?:\.\d+)?/g, '0')
    .replace(/\{([^{}]*)\}/g, (_, inside: string) => `{${inside.split(', ').sort().join(', ')}}`)
    .replace(/(?:\.\.\.|…)$/, '')
}

function spellEnd(ended: Ended): string {
  switch (ended.how) {
    case 'exited':
      return `exit status ${ended.code}`
    case 'signalled':
      return `killed by ${ended.signal}`
    case 'timed-out':
      return 'stopped by its time limit'
    case 'limited':
      return `stopped by the limit on ${ended.by}`
    case 'not-run':
      return 'not run'
  }
}

function quote(text: string): string {
  return `'${text.length > 120 ? `${text.slice(0, 120)}…` : text}'`
}
