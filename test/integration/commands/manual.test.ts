import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { VERBS as ALL } from '../../../src/commands/verbs.ts'
import { type ErrorCode, STATUS_OF_ERROR, STATUS_OF_VERDICT } from '../../../src/engine/index.ts'
import { STATUS_OF_WORD } from '../../../src/engine/model/verification.ts'

const VERBS = [...ALL].flatMap(([name, { hidden }]) => (hidden ? [] : [name]))
const top = fileURLToPath(new URL('../../../', import.meta.url))

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')

/** The manual page as plain words: fonts and escapes of roff taken off. */
const manual = (await read('man/git-pp.1'))
  .replaceAll(/\\f[BIR]/g, '')
  .replaceAll('\\-', '-')
  .replaceAll('"', '')
const reference = await read('docs/reference.md')
const pages = { 'man/git-pp.1': manual, 'docs/reference.md': reference }

for (const [page, text] of Object.entries(pages)) {
  test(`${page} describes every verb`, (t) => {
    for (const verb of VERBS) t.regex(text, new RegExp(`^(\\.BR? ${verb}\\b|\\| \`${verb}\\b)`, 'm'))
  })

  test(`${page} has every verdict and every exit status`, (t) => {
    for (const verdict of Object.keys({ ...STATUS_OF_VERDICT, ...STATUS_OF_WORD }))
      t.regex(text, new RegExp(`\\b${verdict}\\b`), verdict)
    const statuses = new Set([...Object.values(STATUS_OF_VERDICT), ...Object.values(STATUS_OF_ERROR)])
    for (const status of statuses) t.regex(text, new RegExp(`^(\\.B |\\| )${status}\\b`, 'm'), `${status}`)
  })
}

test('the pages and completions say what the verbs declare', (t) => {
  const script = spawnSync(process.execPath, ['--import=tsx', 'tools/generate-pages.ts', '--check'], { cwd: top })
  t.is(script.status, 0, script.stderr.toString())
})

test('the reference names every code of an error', (t) => {
  for (const code of Object.keys(STATUS_OF_ERROR) as ErrorCode[]) t.true(reference.includes(`\`${code}\``), code)
})
