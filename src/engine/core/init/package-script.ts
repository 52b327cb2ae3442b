/** One command of a line of package.json's scripts. */
export interface ScriptStep {
  /** VAR=value words before the program. */
  readonly assigned: readonly string[]
  readonly program: string
  readonly rest: string
}

type PackageScripts = Readonly<Record<string, unknown>>

const MOST_DEPTH = 5
const CALLS = /^(?:npm|pnpm|yarn|bun)(?: (?:-s|--silent|-w))*(?: run(?:-script)?)?(?: (?:-s|--silent))* ([\w:.@/-]+)$/
const ASSIGNED = /^\w+=[^"'\s]*$/
const TESTS = /^(?:npm|pnpm|yarn|bun) (?:t|tst|test)$/
const LISTS = /^(?:npm-run-all|run-s|run-p)((?: (?:-[sp]|--silent|--sequential|--parallel|[\w:.@/-]+))+)$/
/** Programs that only measure or prepare what they run; the test itself is what counts. */
const WRAPPERS = new Set(['c8', 'nyc', 'npx', 'cross-env', 'env', 'bunx'])
const MANAGERS = new Set(['npm', 'pnpm', 'yarn', 'bun'])

/**
 * The steps of a script; scripts that it calls are replaced by their own steps. Null if there is no such script. `known`:
 * programs that a wrapper may run.
 */
export function readScript(
  scripts: PackageScripts,
  name: string,
  known: ReadonlySet<string>,
  depth = 0,
): readonly ScriptStep[] | null {
  const line = scripts[name]
  if (typeof line !== 'string' || depth > MOST_DEPTH) return null
  return split(line).flatMap((command) => {
    const step = unwrapped(command, known)
    const called = calledBy([step.program, step.rest].join(' ').trim(), scripts)
    const steps = called?.map((one) => readScript(scripts, one, known, depth + 1))
    return steps?.every((one) => one !== null) ? steps.flat() : [step]
  })
}

/**
 * Splits at `&&` and `;` outside of quotes. Of a pipe only the first part is kept, because the last part of a pipe decides
 * its status.
 */
function split(line: string): readonly string[] {
  const parts = line.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|(?<!&)&(?!&)|[^&;"'\\])+/g) ?? []
  const fed = parts.map((part) => /^(?:"(?:\\.|[^"\\])*"|'[^']*'|[^|"'])*/.exec(part)?.[0].trim() ?? '')
  return fed.filter((part) => part !== '')
}

function calledBy(command: string, scripts: PackageScripts): readonly string[] | null {
  if (TESTS.test(command)) return ['test']
  const one = CALLS.exec(command)?.[1]
  if (one !== undefined && one in scripts) return [one]
  const list = LISTS.exec(command)?.[1]
    ?.split(' ')
    .filter((word) => word !== '' && !word.startsWith('-'))
  return list?.every((word) => word in scripts) ? list : null
}

function unwrapped(command: string, known: ReadonlySet<string>): ScriptStep {
  const words = command.split(/\s+/)
  const assigned = words.slice(
    0,
    words.findIndex((word) => !ASSIGNED.test(word)),
  )
  const [program = '', ...rest] = words.slice(assigned.length)
  if (!WRAPPERS.has(program)) return { assigned, program, rest: rest.join(' ') }
  // Options of a wrapper may have values of their own, so the program that it runs is found by its name.
  const at = rest.findIndex((word) => known.has(word) || MANAGERS.has(word) || WRAPPERS.has(word))
  if (at === -1) return { assigned, program, rest: rest.join(' ') }
  const inner = unwrapped(rest.slice(at).join(' '), known)
  const before =
    program === 'cross-env' || program === 'env' ? rest.slice(0, at).filter((word) => ASSIGNED.test(word)) : []
  return { ...inner, assigned: [...assigned, ...before, ...inner.assigned] }
}
