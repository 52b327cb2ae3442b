/** What one of several programs printed at the same time. */
export interface ProgramLines {
  /** Where it ran, if the output says so; relative to the directory that all were started in. */
  readonly within: string | null
  readonly lines: string[]
}

/** pnpm: 'packages/a test$ node --test', then 'packages/a test: …'. Turborepo: 'web:test: cache miss', then 'web:test: …'. */
const ANNOUNCES = /^(?:(\S{1,300}) ([\w:.-]{1,100})\$ |(\S{1,300}:[\w.-]{1,100}): cache (?:miss|hit|bypass))/m

/** The lines of each program, without the program's name before them. Lines without a name come first. */
export function streamsOf(text: string): readonly ProgramLines[] {
  const lines = text.split('\n')
  if (!ANNOUNCES.test(text)) return [{ within: null, lines }]
  const own: ProgramLines = { within: null, lines: [] }
  const named = new Map<string, ProgramLines>()
  for (const line of lines) {
    const [, within, script, task] = ANNOUNCES.exec(line) ?? []
    const name = within === undefined ? task : `${within} ${script}`
    if (name !== undefined && !named.has(name)) named.set(name, { within: within ?? null, lines: [] })
    const colon = line.search(/:(?: |$)/)
    const stream = colon < 0 ? undefined : named.get(line.slice(0, colon))
    if (stream) stream.lines.push(line.slice(colon + 2))
    else own.lines.push(line)
  }
  return [own, ...named.values()]
}
