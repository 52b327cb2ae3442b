import test from 'ava'
import { firstLook } from '../../../../src/engine/flows/proof/index.ts'
import type { Runner } from '../../../../src/engine/ports/runner.ts'
import { CALC, type Story, sessionOf } from '../../../support/fakes.ts'
import type { Program } from '../../../support/sandbox.ts'
import { runnerWith } from '../../../support/suite.ts'

/** Runs only what `only` or `in` selects. */
const narrow: Program = ({ command }) => {
  if (command.includes(' only adds')) return { output: 'not ok adds: calc.js lacks right\n', ended: 1 }
  return command.includes(' in ') ? { output: 'ok halves\nok doubles\n', ended: 0 } : { output: 'all\n', ended: 0 }
}
const byFiles: Runner = {
  ...runnerWith(),
  selectFiles: (command, files) => ('shell' in command ? { shell: `${command.shell} in ${files.join()}` } : null),
}

async function look(story: Partial<Story>, failing: readonly string[], files: readonly string[]) {
  const { session } = await sessionOf({ base: CALC, command: narrow, ...story })
  const known = new Map(session.targets.map(({ name }) => [name, { runner: 'lines', failing }]))
  const runners = [story.runner ?? byFiles]
  return firstLook(session, { tree: session.base.tree, known, files, runners, cutAfterMs: 60_000 })
}

test('tests that failed before and those of touched files run, and nothing else', async (t) => {
  const found = await look({}, ['adds'], ['test/calc.test.js'])
  t.deepEqual(
    found?.failing.map(({ id }) => id),
    ['adds'],
  )
  t.is(found?.passed, 2)
})

test('where nothing can be selected nothing is told', async (t) => {
  t.is(await look({}, [], []), null)
  t.is(await look({ runner: runnerWith() }, [], ['test/calc.test.js']), null)
})

test('what a reader of reports decodes is told without secrets', async (t) => {
  const secret = 'correct-horse-battery-staple'
  const decoding: Runner = {
    ...byFiles,
    read: (output, execution) => {
      const report = runnerWith().read(output, execution)
      return report && { ...report, tests: report.tests.map((one) => ({ ...one, message: `got ${secret}` })) }
    },
  }
  const secrets = [{ name: 'TOKEN', value: secret }]
  const found = await look({ runner: decoding, secrets }, ['adds'], [])
  t.is(found?.failing.length, 1)
  t.notRegex(JSON.stringify(found), new RegExp(secret))
})
