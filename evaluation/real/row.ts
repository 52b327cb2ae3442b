import { type Arranged, arrange } from './arrange.ts'
import { ask, type Told } from './ask.ts'
import type { Bed } from './bed.ts'
import { expected } from './columns.ts'
import { partsOf } from './fix.ts'
import type { Fix, Project } from './projects.ts'
import type { Asked, Row } from './rows.ts'
import { disagree, tenRuns } from './ten.ts'

interface Under {
  readonly project: Project
  readonly bed: Bed
  readonly fix: Fix
  /** The directory of the built tool, and what to call it. */
  readonly program: string
  readonly programName: string
}

/** One row: the commits are made, the tool is asked, its verdict is compared with the right ones. */
export async function rowOf(asked: Asked, { project, bed, fix, program, programName }: Under): Promise<Row> {
  const parts = await partsOf(bed, project, fix.commit)
  const changed = [...parts.tests, ...parts.source, ...parts.others].map(({ path }) => path)
  const right = expected(asked.column, fix, changed)
  const whole = asked.scope === 'whole'
  const arranged = await arrange(asked.column, { project, bed, fix, parts, whole })
  const common = { ...asked, program: programName, date: new Date().toISOString(), expected: [...right] }
  if (typeof arranged === 'string') {
    return { ...common, command: '', outcome: { how: 'not applicable', why: arranged } }
  }
  const argv = [...arranged.argv, arranged.command, ...(arranged.agent ? ['--provider', 'command'] : [])]
  const told = await ask(program, bed, [...argv, '--runs', asked.runs], arranged.agent)
  const judged = await judge(told, right, bed, arranged)
  return { ...common, command: arranged.command, outcome: { how: 'answered', ...judged } }
}

/** FLAKY is right only where ten plain runs of one of the trees disagree too. */
async function judge(told: Told, right: readonly string[], bed: Bed, { red, green, command, remark }: Arranged) {
  const plain = { ...told, executions: [...told.executions] }
  if (told.verdict !== 'FLAKY') return { ...plain, right: right.includes(told.verdict), remark }
  const without = await tenRuns(bed, red, command)
  const withIt = await tenRuns(bed, green, command)
  const flaky = disagree(without) || disagree(withIt)
  return { ...plain, right: flaky, remark: `outside, without: ${without}; with: ${withIt}`.slice(0, 600) }
}
