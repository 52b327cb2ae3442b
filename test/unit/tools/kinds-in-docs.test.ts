import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { PROPOSERS } from '../../../src/engine/model/kinds.generated.ts'
import { BACKENDS, KEY_MODES, SIGN_MODES } from '../../../src/engine/model/kinds.ts'

const top = join(import.meta.dirname, '..', '..', '..')
const read = (path: string) => readFileSync(join(top, path), 'utf8')
const PROVIDERS = PROPOSERS.map(({ kind }) => kind)
const code = (kinds: readonly string[]) => kinds.map((kind) => `\`${kind}\``).join(', ')

/** Lines of a text that begin with `start`, the first cells of a row for one. */
const lines = (path: string, start: string) =>
  read(path)
    .split('\n')
    .filter((line) => line.startsWith(start))

for (const [row, kinds] of [
  ['| `--sandbox KIND` | run, prove, replay |', BACKENDS],
  ['| `--sign MODE` | run, prove |', SIGN_MODES],
  ['| `--provider KIND[,KIND]` | run |', PROVIDERS],
  ['| `--mode MODE` | verify |', KEY_MODES],
  ['| `--mode MODE` | attest |', SIGN_MODES],
] as const)
  test(`reference.md lists in the row ${row} the kinds that there are`, (t) => {
    const found = lines('docs/reference.md', row)
    t.is(found.length, 1)
    t.true(found[0]?.includes(code(kinds)), found[0])
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

test('the man page names the kinds that there are', (t) => {
  const page = read('man/git-pp.1')
    .replaceAll('\\-', '-')
    .replaceAll(/\\f[BR]/g, '')
  const [sandbox, sign, provider] = ['auto (default), ', 'Signs the proof: ', 'Who proposes patches, '].map(
    (start) => page.split('\n').find((line) => line.startsWith(start)) ?? '',
  )
  for (const kind of BACKENDS) t.regex(sandbox ?? '', new RegExp(`\\b${kind}\\b`))
  for (const kind of SIGN_MODES) t.regex(sign ?? '', new RegExp(`\\b${kind}\\b`))
  for (const kind of PROVIDERS) t.regex(provider ?? '', new RegExp(`\\b${kind}\\b`))
})
