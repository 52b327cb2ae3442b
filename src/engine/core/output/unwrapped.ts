/** The time before a line, as CI systems, `docker compose logs -t` and `concurrently` print it. */
const STAMP = /^[[(]?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?[\])]?(?:[ \t]|$)/
/** The name of a program before a line: '[web] ', 'web  | ', 'web:test: ', 'packages/web test: ', 'web<tab>'. */
const LABEL = /^(\[[^\]\t]{1,60}\]|[^\s"'`([{<#|][^\t|"'`]{0,60}?(?: *\||:)(?=[ \t]|$)|[^\t]{1,60}(?=\t))[ \t]?/
/** A place in a file, or how bad a message is: these belong to the line and are no name. */
const NO_NAME = /\.\w{1,10}:$|:\d+\b|^\W*(?:info|error|warn|warning|debug|trace|fatal|notice|success|fail|ok)\W*$/i

/** The part of the lines that has to have a prefix, since wrappers also print lines of their own. */
const SHARE = 0.75
const LEAST_LINES = 8
const LEAST_OF_ONE = 3
const MOST_NAMES = 40
/** A CI system may print the output of a wrapper of a wrapper. */
const LAYERS = 4

/**
 * The output of each program without what wrappers print before its lines, the lines of the wrapper itself first. A prefix is
 * what nearly all lines have in the same shape. Without one, the text is returned as it is.
 */
export function unwrapped(text: string): readonly string[] {
  return peeled(text.split('\n'), LAYERS).map((lines) => lines.join('\n'))
}

function peeled(lines: readonly string[], layers: number): (readonly string[])[] {
  if (layers === 0) return [lines]
  const full = lines.filter((line) => line.trim() !== '')
  if (full.length < LEAST_LINES) return [lines]
  const stamped = full.filter((line) => STAMP.test(line)).length
  if (stamped >= SHARE * full.length)
    return peeled(
      lines.map((line) => line.replace(STAMP, '')),
      layers - 1,
    )
  const streams = byLabel(lines, full)
  return streams === null ? [lines] : streams.flatMap((stream) => peeled(stream, layers - 1))
}

function byLabel(lines: readonly string[], full: readonly string[]): (readonly string[])[] | null {
  const counts = new Map<string, number>()
  for (const line of full) {
    const name = labelOf(line)
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const names = new Set([...counts].filter(([, count]) => count >= LEAST_OF_ONE).map(([name]) => name))
  const labelled = [...names].reduce((sum, name) => sum + (counts.get(name) ?? 0), 0)
  if (labelled < SHARE * full.length || names.size > MOST_NAMES) return null
  const own: string[] = []
  const streams = new Map<string, string[]>([...names].map((name) => [name, []]))
  for (const line of lines) {
    const name = labelOf(line)
    const stream = name === null ? undefined : streams.get(name)
    if (stream) stream.push(line.replace(LABEL, ''))
    else own.push(line)
  }
  return own.some((line) => line.trim() !== '') ? [own, ...streams.values()] : [...streams.values()]
}

function labelOf(line: string): string | null {
  const name = LABEL.exec(line)?.[1]
  return name === undefined || NO_NAME.test(name) ? null : name
}
