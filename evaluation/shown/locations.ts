import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { stripAnsi } from '../../src/engine/core/bytes/plain-text.ts'
import { filesNamedByCommand, locations } from '../../src/engine/core/locations/locations.ts'
import { resolveLocations } from '../../src/engine/core/locations/resolve-locations.ts'
import { putInto, table } from './page.ts'

/**
 * How many of the places that recorded tool outputs are known to name are found. `--corpus DIR`: pairs <name>.txt (the
 * output) and <name>.json: {command, cwd, project, expected: [{file, line|null, role}]}; `--projects` (DIR-projects, with
 * the last 's' of DIR left out) holds the files of each project. `--write`: docs/context.md gets the table. Status 1 where
 * less than 99 % of the failing places are found, or one outside of the project is.
 */
interface Expected {
  readonly file: string
  readonly line: number | null
  readonly role: 'fail' | 'frame' | 'cause'
}

interface Sample {
  readonly command: string
  readonly cwd: string
  readonly project: string
  readonly expected: readonly Expected[]
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

const { values } = parseArgs({
  options: {
    corpus: { type: 'string' },
    projects: { type: 'string' },
    misses: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
if (values.corpus === undefined) {
  console.log('not measured, for want of --corpus DIR')
  process.exit(0)
}
const corpus = values.corpus.replace(/\/+$/, '')
const projects = values.projects ?? `${corpus.replace(/s$/, '')}-projects`
const count = () => ({ all: 0, found: 0, exact: 0 })
const totals = { fail: count(), frame: count(), cause: count() }
let outside = 0
let shown = 0
for (const name of readdirSync(corpus)
  .filter((file) => file.endsWith('.json'))
  .sort()) {
  const sample = JSON.parse(readFileSync(join(corpus, name), 'utf8')) as Sample
  const output = stripAnsi(readFileSync(join(corpus, name.replace(/json$/, 'txt')), 'utf8'))
  const tracked = filesOf(join(projects, sample.project))
  const found = resolveLocations([...locations(output), ...filesNamedByCommand(sample.command)], tracked, {
    root: sample.cwd,
  })
  shown += found.length
  outside += found.filter(({ path }) => !tracked.includes(path)).length
  for (const { file, line, role } of sample.expected) {
    const hits = found.filter((one) => one.path === file && (line === null || one.line === line))
    totals[role].all++
    if (hits.length > 0) totals[role].found++
    if (hits.some((one) => one.role === role)) totals[role].exact++
    if (values.misses && !hits.some((one) => one.role === role))
      console.log(
        `${hits.length > 0 ? 'role' : 'MISS'} ${name}: ${file}:${line} ${role} ${hits.map((one) => one.role)}`,
      )
  }
}
const text = table(
  ['role of the place', 'expected', 'found', 'found in this role'],
  Object.entries(totals).map(([role, { all, found, exact }]) => [role, all, found, exact]),
)
const told = `${text}\n\n${shown} places named in all, ${outside} of them outside of the project.`
console.log(told)
if (values.write) await putInto('context.md', 'places', told)
process.exitCode = totals.fail.found >= 0.99 * totals.fail.all && outside === 0 ? 0 : 1
