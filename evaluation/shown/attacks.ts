import type { Case } from '../../test/helpers/bought/case.ts'
import { GROUPS } from '../../test/helpers/bought/groups.ts'
import { layCase, provingOf } from '../../test/helpers/bought/lay.ts'
import { putInto } from './page.ts'
import { bed, inParallel } from './programs.ts'

/**
 * Tries to get PROVED for changes that mend nothing, and proves changes that do; one row each. `--sample N`: about N rows of
 * each table. `--write`: the tables go into docs/security.md, too. Status 1 when a verdict is not the expected one.
 */
const at = process.argv.indexOf('--sample')
const sample = at > 0 ? Number(process.argv[at + 1]) : Number.POSITIVE_INFINITY

let wrong = 0
const tables: string[] = []
for (const { title, cases } of GROUPS) {
  const step = Math.max(1, Math.floor(cases.length / sample))
  const tried = cases.filter((_, n) => n % step === 0)
  const rows = await inParallel(tried, async (one) => row(one, await verdictOf(one)))
  tables.push(`### ${title}\n\n| change | verdict |\n|---|---|\n${rows.join('\n')}\n`)
}
const text = tables.join('\n')
console.log(text)
if (process.argv.includes('--write') && wrong === 0) {
  await putInto('security.md', 'attacks', text)
}
process.exitCode = wrong === 0 ? 0 : 1

async function verdictOf(one: Case): Promise<string> {
  const repo = await bed('attack')
  try {
    await layCase(repo.dir, one, repo.commit)
    return (await repo.pp(provingOf(one))).answer.verdict
  } finally {
    await repo.remove()
  }
}

function row({ name, verdict, because }: Case, is: string): string {
  if (is !== verdict) wrong += 1
  const expected = is === verdict ? '' : ` (expected ${verdict})`
  return `| ${name.replaceAll('|', '\\|')}${because === undefined ? '' : `: ${because}`} | ${is}${expected} |`
}
