import { tellingLines } from '../../../core/output/index.ts'
import type { TestCase, TestOutcome } from '../../../model/evidence.ts'
import { placeOf } from './place-of.ts'

/** What a runner tells of a test besides its outcome. `body`: the lines below its title that may belong to its message. */
export interface ToldOfTest {
  readonly message?: string | undefined
  readonly body?: readonly string[] | undefined
  readonly at?: { readonly file: string; readonly line: number } | undefined
}

/**
 * A case without undefined keys. The first line of its message is that of `message`, at most 300 characters; the lines of the
 * body that tell something follow.
 */
export function caseOf(id: string, outcome: TestOutcome, { message, body, at }: ToldOfTest = {}): TestCase {
  const [first = ''] = message?.trim().split('\n', 1) ?? []
  const head = first.slice(0, FIRST_LINE)
  const told = tellingLines(body ?? []).filter((line) => !repeats(line, first))
  const whole = [...(head === '' ? [] : [head]), ...told, ...callersIn(body ?? [], at)].join('\n')
  return { id, outcome, ...(whole === '' ? {} : { message: whole }), ...(at ?? {}) }
}

const FIRST_LINE = 300

/** The line of the test, if it failed in a file that the test called. */
function callersIn(body: readonly string[], at: ToldOfTest['at']): string[] {
  const frames =
    at === undefined ? [] : body.flatMap((line) => (/^\s*(?:at|❯|›) /.test(line) ? (placeOf(line) ?? []) : []))
  const inside = frames.findIndex(({ file, line }) => file === at?.file && line === at.line)
  const caller = inside === -1 ? undefined : frames.slice(inside).find(({ file }) => file !== at?.file)
  return caller === undefined ? [] : [`called at ${caller.file}:${caller.line}`]
}

/** Whether a line says what the first line says, as the value of a key or with the code of an error. */
function repeats(line: string, first: string): boolean {
  const bare = (text: string) => text.trim().replace(/^([\w.]+) \[\w+\]:/, '$1:')
  const value = bare(line)
    .replace(/^\w+: (?=['"])/, '')
    .replace(/^(['"])(.*)\1,?$/, '$2')
    .replaceAll("\\'", "'")
  return value !== '' && bare(first).endsWith(value)
}
