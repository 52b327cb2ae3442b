import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as z from 'zod'
import { COLUMNS } from './columns.ts'

/** What a row was asked, and what makes it the same row when a run goes on later. */
const Asked = z.strictObject({
  project: z.string(),
  commit: z.string(),
  column: z.enum(COLUMNS),
  /** The test files of the fix, or the project's whole suite. */
  scope: z.enum(['tests', 'whole']),
  runs: z.string(),
})
export type Asked = z.infer<typeof Asked>

export const Row = Asked.extend({
  program: z.string(),
  date: z.string(),
  command: z.string(),
  expected: z.array(z.string()),
  outcome: z.discriminatedUnion('how', [
    z.strictObject({
      how: z.literal('answered'),
      verdict: z.string(),
      reason: z.string(),
      right: z.boolean(),
      session: z.string().nullable(),
      /** The whole session. */
      seconds: z.number(),
      /** Each execution of the command in it. */
      executions: z.array(z.number()),
      /** How the tests were weakened, or which plain runs disagreed. */
      remark: z.string().nullable(),
    }),
    z.strictObject({ how: z.literal('not applicable'), why: z.string() }),
  ]),
})
export type Row = z.infer<typeof Row>

export function keyOf({ project, commit, column, scope, runs }: Asked): string {
  return [project, commit, column, scope, runs].join(' ')
}

/** The newest row of each key; a line that a crash cut off is asked again. */
export async function readRows(file: string): Promise<ReadonlyMap<string, Row>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return new Map(
    text
      .split('\n')
      .flatMap((line) => parsed(line))
      .map((row) => [keyOf(row), row]),
  )
}

export async function addRow(file: string, row: Row): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await appendFile(file, `${JSON.stringify(Row.parse(row))}\n`)
}

function parsed(line: string): readonly Row[] {
  try {
    return [Row.parse(JSON.parse(line))]
  } catch {
    return []
  }
}
