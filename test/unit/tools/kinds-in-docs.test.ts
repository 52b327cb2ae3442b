import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { PROPOSERS } from '../../../src/engine/model/kinds.generated.ts'
import { BACKENDS, KEY_MODES, SIGN_MODES } from '../../../src/engine/model/kinds.ts'

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
  ['--provider', PROVIDERS],
] as const)
  test(`the reference and the man page name every kind that ${option} takes`, (t) => {
    const [row = ''] = lines('docs/reference.md', `| \`${option} `)
    for (const kind of kinds) t.regex(row, new RegExp(`\\b${kind}\\b`))
    const page = read('man/git-pp.1').replaceAll('\\-', '-')
    for (const kind of kinds) t.regex(page, new RegExp(`\\b${kind}\\b`))
  })

for (const [section, kinds] of [
  ['Providers', PROVIDERS],
  ['Sandboxes', BACKENDS.filter((kind) => kind !== 'auto')],
] as const)
  test(`the table below ${section} in reference.md has a row for each kind`, (t) => {
    const [, table = ''] = read('docs/reference.md').split(`\n## ${section}\n`)
    const [rows = ''] = table.trimStart().split('\n\n')
    const first = [...rows.matchAll(/^\| `([^`]+)` \|/gm)].map(([, kind]) => kind)
    t.deepEqual(first.sort(), [...kinds].sort())
  })

test('the shell completions offer the kinds that there are', (t) => {
  const bash = read('contrib/completion/git-pp.bash')
  const fish = read('contrib/completion/git-pp.fish')
  for (const kinds of [BACKENDS, SIGN_MODES, PROVIDERS]) {
    t.true(fish.includes(`'${kinds.join(' ')}'`), kinds.join(' '))
    if (kinds !== PROVIDERS) t.true(bash.includes(`"${kinds.join(' ')}"`), kinds.join(' '))
  }
})
