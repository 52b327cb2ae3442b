import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { VERBS } from '../../../src/commands/verbs.ts'
import { ANSWERS } from '../../../src/engine/model/answers.ts'

const TOP = join(import.meta.dirname, '../../..')
const COMMANDS = join(TOP, 'src/commands')
const shown = [...VERBS].flatMap(([name, { hidden }]) => (hidden ? [] : [name]))

test('src/commands/verbs.ts names every file with a verb', (t) => {
  const files = readdirSync(COMMANDS).filter((name) => name.endsWith('.ts'))
  const verbs = files.filter((name) => / class \w+ extends Verb\b/.test(readFileSync(join(COMMANDS, name), 'utf8')))
  const named = readFileSync(join(COMMANDS, 'verbs.ts'), 'utf8')
  t.true(verbs.length > 10)
  t.deepEqual(
    verbs.filter((name) => !named.includes(`import('./${name}')`)),
    [],
  )
})

test('src/engine/model/answers.ts has the answer of every verb', (t) => {
  t.deepEqual(Object.keys(ANSWERS).sort(), [...shown, 'help', 'version'].sort())
})

test('docs/reference.md tells the keys of the answer of every verb', (t) => {
  const reference = readFileSync(join(TOP, 'docs/reference.md'), 'utf8')
  const told = [...reference.matchAll(/\*\*((?:`[a-z]+`(?:, )?)+)\*\*/g)].flatMap(([, names = '']) =>
    [...names.matchAll(/`([a-z]+)`/g)].map(([, name]) => name),
  )
  t.deepEqual(
    shown.filter((name) => !told.includes(name)),
    [],
  )
})
