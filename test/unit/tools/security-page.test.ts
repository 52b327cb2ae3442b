import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { GROUPS } from '../../helpers/bought/groups.ts'
import { FORGERIES } from '../../helpers/forgeries/groups.ts'

const page = await readFile(join(import.meta.dirname, '..', '..', '..', 'docs', 'security.md'), 'utf8')
const attestation = await readFile(join(import.meta.dirname, '..', '..', '..', 'docs', 'attestation.md'), 'utf8')

for (const { title, cases } of GROUPS)
  test(`docs/security.md has every row of "${title}"`, (t) => {
    const table = page.split(`### ${title}\n`)[1]?.split('\n#')[0] ?? ''
    const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| change'))
    t.deepEqual(
      rows,
      cases.map(({ name, verdict, first, because }) => {
        const needs = first?.startsWith('it needs') ? `, begins with "${first.split('; ', 1)[0]}"` : ''
        return `| ${name}${because === undefined ? '' : `: ${because}`} | ${verdict}${needs} |`
      }),
    )
  })

for (const { title, cases } of FORGERIES)
  test(`docs/attestation.md has every row of "${title}"`, (t) => {
    const table = attestation.split(`### ${title}\n`)[1]?.split('\n#')[0] ?? ''
    const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| forgery'))
    t.deepEqual(
      rows,
      cases.map(({ attack, verdict }) => `| ${attack} | ${verdict} | ${verdict} |`),
    )
  })
