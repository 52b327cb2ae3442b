import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { findAgent } from '../../../src/engine/agents/index.ts'
import { PROPOSERS, RUNNERS } from '../../../src/engine/model/kinds.generated.ts'
import {
  BACKENDS,
  KEY_MODES,
  OFFERED_PROPOSERS,
  REGISTRABLE_AGENTS,
  SIGN_MODES,
} from '../../../src/engine/model/kinds.ts'

const top = join(import.meta.dirname, '..', '..', '..')
const read = (path: string) => readFileSync(join(top, path), 'utf8')
const PROVIDERS = PROPOSERS.map(({ kind }) => kind)

/** Lines of a text that begin with `start`, the first cells of a row for one. */
const lines = (path: string, start: string) =>
  read(path)
    .split('\n')
    .filter((line) => line.startsWith(start))

for (const [option, kinds] of [
  ['--sandbox', BACKENDS],
  ['--sign', KEY_MODES],
  ['--provider', OFFERED_PROPOSERS],
] as const)
  test(`the reference and the man page name every kind that ${option} takes`, (t) => {
    const [row = ''] = lines('docs/reference.md', `| \`${option} `)
    for (const kind of kinds) t.regex(row, new RegExp(`\\b${kind}\\b`))
    const page = read('man/git-pp.1').replaceAll('\\-', '-')
    for (const kind of kinds) t.regex(page, new RegExp(`\\b${kind}\\b`))
  })

for (const [page, section, kinds] of [
  ['docs/reference.md', 'Providers', PROVIDERS],
  ['docs/reference.md', 'Sandboxes', BACKENDS.filter((kind) => kind !== 'auto')],
  ['docs/attestation.md', 'Keys', KEY_MODES],
] as const)
  test(`the table below ${section} in ${page} has a row for each kind`, (t) => {
    const [, table = ''] = read(page).split(`\n## ${section}\n`)
    const [rows = ''] = table.trimStart().split('\n\n')
    const first = [...rows.matchAll(/^\| `([^`]+)` \|/gm)].map(([, kind]) => kind)
    t.deepEqual(first.sort(), [...kinds].sort())
  })

test('the page about coding agents has a row for each agent, with the files that are written', (t) => {
  for (const kind of REGISTRABLE_AGENTS) {
    const registration = findAgent(kind)?.registration
    const [row = ''] = lines('docs/agents.md', '| ').filter((one) => one.includes(`| \`${kind}\` |`))
    t.true(row.includes(`| \`${registration?.project}\` |`), kind)
    const { directory, file } = registration?.user ?? { directory: '', file: '' }
    t.true(row.includes(`| \`~/${join(directory, file)}\` |`), kind)
  }
})

test('the shell completions offer the kinds that there are', (t) => {
  const bash = read('contrib/completion/git-pp.bash')
  const fish = read('contrib/completion/git-pp.fish')
  for (const kinds of [BACKENDS, SIGN_MODES, OFFERED_PROPOSERS]) {
    t.true(fish.includes(`'${kinds.join(' ')}'`), kinds.join(' '))
    if (kinds !== OFFERED_PROPOSERS) t.true(bash.includes(`"${kinds.join(' ')}"`), kinds.join(' '))
  }
})

/** What people call a runner, where that is not the name of its kind. */
const CALLED: Readonly<Record<string, string>> = { gtest: 'GoogleTest' }

test('docs/security.md names every test runner that is known', (t) => {
  const known = /\(known are ([^)]+)\)/.exec(read('docs/security.md'))?.[1]?.split(', ') ?? []
  const plain = (name: string) => name.toLowerCase().replace(/\Wtest$|[^a-z]/g, '')
  const kinds = RUNNERS.map(({ kind }) => plain((CALLED[kind] ?? kind).replace('-', ' ')))
  t.deepEqual(known.map(plain).sort(), kinds.sort())
})
