import { parseArgs } from 'node:util'
import { BUDGETS, recordedFailures, toldOf } from '../../test/support/recorded-failures.ts'
import { table } from './page.ts'

/**
 * How much of recorded outputs of test runners and wrappers a model is told: the failing tests by name, what they expected or
 * found, and the essential texts in excerpts of three budgets. `--corpus DIR`: other outputs than those of
 * test/fixtures/failures. `--rows`: a line for each output. Status 1 where less is told than docs/context.md promises.
 */
const { values } = parseArgs({
  options: { corpus: { type: 'string' }, rows: { type: 'boolean', default: false } },
})
/** What commit bafa999, from before most of these readers, showed of the same outputs. */
const BEFORE = ['211 of 400', '90 of 400', '2 of 221', '321 of 1107', '524 of 1107', '798 of 1107']
const rows = recordedFailures(values.corpus).map((one) => ({ name: one.name, ...toldOf(one) }))
if (values.rows)
  for (const { name, failing, named, said, wrong, kept, essential } of rows)
    console.log(`${name}: ${named}/${failing} named, ${said} said, ${kept.join(', ')} of ${essential}; wrong: ${wrong}`)
const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + of(row), 0)
const failing = sum((row) => row.failing)
const called = sum((row) => row.called)
const essential = sum((row) => row.essential)
const wrong = sum((row) => row.wrong.length)
const counted = (n: number, of: number) => [`${n} of ${of}`, `${((100 * n) / of).toFixed(1)} %`]
const named = sum((row) => row.named)
const said = sum((row) => row.said)
const kept = BUDGETS.map((_, at) => sum((row) => row.kept[at] ?? 0))
const lines = [
  ['failing tests that are named', ...counted(named, failing)],
  ['messages that hold what was expected or found', ...counted(said, failing)],
  ['called failing although they do not fail', ...counted(wrong, called)],
  ...BUDGETS.map((budget, at) => [
    `essential texts in an excerpt of ${budget} characters`,
    ...counted(kept[at] ?? 0, essential),
  ]),
]
const head = [`of ${rows.length} outputs`, 'found', 'part']
console.log(
  values.corpus === undefined
    ? table(
        [...head, 'before'],
        lines.map((line, at) => [...line, BEFORE[at] ?? '']),
      )
    : table(head, lines),
)
const enough =
  named >= 0.97 * failing && said >= 0.93 * failing && wrong <= 0.01 * called && (kept[0] ?? 0) >= 0.92 * essential
process.exitCode = enough ? 0 : 1
