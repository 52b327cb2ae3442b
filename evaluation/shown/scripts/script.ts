import type { Answer, Bed } from '../programs.ts'

/** How an attack ended; a sentence: it could not be told, which counts as a failure. */
export type End = 'closed' | 'OPEN' | 'enforces.syscalls: false' | `cannot tell: ${string}`

/** One repository with the program in one sandbox. */
export interface Place {
  readonly bed: Bed
  /** Runs `git pp` with a verb that runs commands, in the sandbox of the column. */
  pp(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Answer>
  /** The options and variables with which `pp` does so. */
  readonly options: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** One attack on the whole program. */
export interface Script {
  readonly name: string
  /** Programs without which it is not tried. */
  readonly needs?: readonly string[]
  /** True: no command runs, or none is reached, so that the sandbox makes no difference, and one place is enough. */
  readonly anywhere?: true
  attack(place: Place): Promise<End>
}

export const PYTEST = 'PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 python3 -m pytest -q -p no:cacheprovider'

/** What a session says about a change that mends nothing, or that must not be taken without a word. */
export function unlessProved({ verdict, reason }: Answer): End {
  if (verdict === 'PROVED') return reason.startsWith('it needs changes in data') ? 'closed' : 'OPEN'
  const isNo = ['TESTS_CHANGED', 'RIGGED', 'DENIED', 'NOT_FIXED', 'NOT_RED'].includes(verdict)
  return isNo ? 'closed' : `cannot tell: ${verdict} ${reason}`
}
