import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { printedText } from '../../src/engine/core/bytes/index.ts'
import { outputEnds, outputExcerpt } from '../../src/engine/core/context/index.ts'
import { failuresInOutput, runners } from '../../src/engine/evidence/index.ts'
import type { Execution } from '../../src/engine/model/evidence.ts'

/** What an output that was recorded from a real runner says to people. */
export interface RecordedFailures {
  readonly name: string
  readonly output: string
  readonly command: string
  readonly status: number
  /** `test`: all of it is in the id of the failing test. `says`: one of it is in its message: what was expected, or what was found. */
  readonly failing: readonly { readonly test: readonly string[]; readonly says: readonly string[] }[]
  /** Parts of the ids of packages, suites and programs that may be called failing, too, because they hold a failing test. */
  readonly also?: readonly string[]
  /** Texts without which nobody can mend it; of each entry, one spelling is enough. */
  readonly essential: readonly (readonly string[])[]
}

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'failures')

/** The recorded outputs of a folder, sorted by name: pairs of NAME.txt and NAME.json. */
export function recordedFailures(folder: string = FOLDER): RecordedFailures[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const expected = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<RecordedFailures, 'name' | 'output'>
      const output = readFileSync(join(folder, file.replace(/json$/, 'txt')), 'utf8')
      return { ...expected, name: file.replace(/\.json$/, ''), output }
    })
}

/** In characters: a tenth of the budgets of the first three requests. */
export const BUDGETS = [1440, 2880, 5760] as const

/** How much of an output is told. */
export interface ToldOfOutput {
  readonly failing: number
  readonly named: number
  /** Messages that hold what was expected or what was found. */
  readonly said: number
  /** Everything that was called failing, and the ids of what does not fail. */
  readonly called: number
  readonly wrong: readonly string[]
  readonly essential: number
  /** How many essential texts an excerpt of each budget keeps. */
  readonly kept: readonly number[]
  /** The longest excerpt beyond its budget, in characters; 0 if none is. */
  readonly over: number
}

export function toldOf(one: RecordedFailures): ToldOfOutput {
  const execution = executionOf(one)
  const found = failuresInOutput(one.command, execution, runners)
  const hits = one.failing.map(({ test }) => found.filter(({ id }) => test.every((part) => id.includes(part))))
  const meant = new Set(hits.flat())
  const wrong = found.filter((each) => !meant.has(each) && !one.also?.some((part) => each.id.includes(part)))
  const output = outputEnds(printedText(execution))
  const excerpts = BUDGETS.map((budget) => outputExcerpt(output, budget, found))
  return {
    failing: one.failing.length,
    named: hits.filter((each) => each.length > 0).length,
    said: one.failing.filter(({ says }, at) =>
      hits[at]?.some(({ message = '' }) => says.some((text) => message.includes(text))),
    ).length,
    called: found.length,
    wrong: wrong.map(({ id }) => id),
    essential: one.essential.length,
    kept: excerpts.map(
      (text) => one.essential.filter((each) => each.some((spelling) => text.includes(spelling))).length,
    ),
    over: Math.max(0, ...excerpts.map((text, at) => text.length - (BUDGETS[at] ?? 0))),
  }
}

function executionOf({ output, status }: RecordedFailures): Execution {
  const stream = (text: string) => {
    const kept = new TextEncoder().encode(text)
    return { kept, bytes: kept.length, sha256: '0'.repeat(64), truncated: false, redactions: 0 }
  }
  return {
    ended: { how: 'exited', code: status },
    startedAt: '2026-01-01T00:00:00Z',
    durationMs: 1,
    stdout: stream(output),
    stderr: stream(''),
    reports: new Map(),
  }
}
