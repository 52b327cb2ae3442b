import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { GROUPS } from '../../helpers/bought/groups.ts'

const page = await readFile(join(import.meta.dirname, '..', '..', '..', 'docs', 'security.md'), 'utf8')

for (const { title, cases } of GROUPS)
  test(`docs/security.md has every row of "${title}"`, (t) => {
    const table = page.split(`### ${title}\n`)[1]?.split('\n#')[0] ?? ''
    const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| change'))
    t.deepEqual(
      rows,
      cases.map(
        ({ name, verdict, because }) => `| ${name}${because === undefined ? '' : `: ${because}`} | ${verdict} |`,
      ),
    )
  })
