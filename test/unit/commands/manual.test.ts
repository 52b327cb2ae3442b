import { readFile } from 'node:fs/promises'
import test from 'ava'
import { VERBS as ALL } from '../../../src/commands/verbs.ts'
import { type ErrorCode, STATUS_OF_ERROR, STATUS_OF_VERDICT, STATUS_OF_WORD } from '../../../src/engine/index.ts'

const VERBS = [...ALL].filter(([, { hidden }]) => !hidden)

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')

/** The manual page as plain words: fonts and escapes of roff taken off. */
const manual = (await read('man/git-pp.1'))
  .replaceAll(/\\f[BIR]/g, '')
  .replaceAll('\\-', '-')
  .replaceAll('"', '')
const reference = await read('docs/reference.md')
const pages = { 'man/git-pp.1': manual, 'docs/reference.md': reference }

for (const [page, text] of Object.entries(pages)) {
  for (const [verb, entry] of VERBS) {
    test(`${page} describes ${verb} and every option of it`, async (t) => {
      t.regex(text, new RegExp(`^(\\.BR? ${verb}\\b|\\| \`${verb}\\b)`, 'm'))
      const { default: Class } = await entry.load()
      for (const [long, flag] of Object.entries({ ...Class.baseFlags, ...Class.flags })) {
        if (flag.hidden) continue
        t.regex(text, new RegExp(`--${long}(?![\\w-])`), `--${long} of ${verb}`)
        if (flag.char !== undefined) t.regex(text, new RegExp(`-${flag.char}(?![\\w-])`), `-${flag.char} of ${verb}`)
      }
    })
  }

  test(`${page} has every verdict and every exit status`, (t) => {
    for (const verdict of Object.keys({ ...STATUS_OF_VERDICT, ...STATUS_OF_WORD }))
      t.regex(text, new RegExp(`\\b${verdict}\\b`), verdict)
    const statuses = new Set([...Object.values(STATUS_OF_VERDICT), ...Object.values(STATUS_OF_ERROR)])
    for (const status of statuses) t.regex(text, new RegExp(`^(\\.B |\\| )${status}\\b`, 'm'), `${status}`)
  })
}

for (const shell of ['bash', 'fish']) {
  test(`the completion of ${shell} knows every verb and option`, async (t) => {
    const completion = await read(`contrib/completion/git-pp.${shell}`)
    for (const [verb, entry] of VERBS) {
      t.regex(completion, new RegExp(`\\b${verb}\\b`))
      const { default: Class } = await entry.load()
      for (const [long, flag] of Object.entries({ ...Class.baseFlags, ...Class.flags })) {
        if (flag.hidden) continue
        t.regex(completion, new RegExp(`\\b${long}\\b`), `--${long} of ${verb}`)
      }
    }
  })
}

test('the reference names every code of an error', (t) => {
  for (const code of Object.keys(STATUS_OF_ERROR) as ErrorCode[]) t.true(reference.includes(`\`${code}\``), code)
})
