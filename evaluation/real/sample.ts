import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { programName } from './ask.ts'
import { type Bed, bedAt } from './bed.ts'
import { choose } from './choose.ts'
import { COLUMNS } from './columns.ts'
import { Project } from './projects.ts'
import { rowOf } from './row.ts'
import type { Row } from './rows.ts'
import { SAMPLE, type SampleProject } from './sample-projects.ts'
import { tableOf, wrongIn } from './table.ts'

/**
 * The table for four tiny projects that are made on the spot: the whole way without a network. Status 1: a wrong verdict.
 * usage: npx tsx evaluation/real/sample.ts [--sample]; `--sample`: everything of the first project, and the fix of each other one
 */
const { values } = parseArgs({ options: { sample: { type: 'boolean', default: false } } })
const program = join(import.meta.dirname, '..', '..')
const called = await programName(program)
const rows: Row[] = []
for (const sample of SAMPLE) {
  const root = await mkdtemp(join(tmpdir(), 'pp-sample-'))
  try {
    rows.push(...(await rowsOf(sample, join(root, 'checkout'))))
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}
console.log(tableOf(rows))
const missing = rows.filter(({ outcome }) => outcome.how === 'not applicable')
process.exitCode = wrongIn(rows) === 0 && missing.length === 0 ? 0 : 1

async function rowsOf(sample: SampleProject, dir: string): Promise<readonly Row[]> {
  const bed = bedAt(dir)
  const commit = await made(sample, bed)
  const pinned = { url: 'https://example.com/', commit, install: { from: 'nothing' }, fixes: [], dropped: {} }
  const project = await choose(Project.parse({ ...sample.project, ...pinned }), bed, () => {})
  const [fix] = project.fixes
  if (fix === undefined) throw new Error(`${project.name}: ${Object.keys(project.dropped).join(', ')}`)
  const found: Row[] = []
  for (const column of values.sample && sample !== SAMPLE[0] ? COLUMNS.slice(0, 1) : COLUMNS) {
    const asked = { project: project.name, commit, column, scope: 'tests', runs: '1' } as const
    const row = await rowOf(asked, { project, bed, fix, program, programName: called })
    const { outcome } = row
    console.error(`${project.name} ${column}: ${outcome.how === 'answered' ? outcome.verdict : outcome.why}`)
    found.push(row)
  }
  return found
}

/** The base and the fix as two commits with fixed dates; the fix's id. */
async function made({ files, base, fix }: SampleProject, bed: Bed): Promise<string> {
  await mkdir(bed.dir, { recursive: true })
  await bed.git('init', '-q', '-b', 'main')
  await bed.git('config', 'user.name', 'Sample')
  await bed.git('config', 'user.email', 'sample@example.com')
  for (const tree of [{ ...files, ...base }, fix]) {
    for (const [path, text] of Object.entries(tree)) {
      await mkdir(dirname(join(bed.dir, path)), { recursive: true })
      await writeFile(join(bed.dir, path), text)
    }
    await bed.git('add', '-A')
    await bed.git('commit', '-q', '-m', tree === fix ? 'Mend two faults' : 'A shop')
  }
  return (await bed.git('rev-parse', 'HEAD')).trim()
}
