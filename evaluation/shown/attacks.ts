import { spawnSync } from 'node:child_process'
import type { Case } from '../../test/helpers/bought/case.ts'
import { GROUPS } from '../../test/helpers/bought/groups.ts'
import { environmentOf, layCase, provingOf } from '../../test/helpers/bought/lay.ts'
import { putInto } from './page.ts'
import { type Answer, bed, inParallel } from './programs.ts'
import { scriptTable } from './script-table.ts'

/**
 * Tries to get PROVED for changes that mend nothing, and proves changes that do; one row each. Then attacks the whole program in
 * every sandbox that works here. `--sample N`: about N rows of each table of changes, and no other table. `--scripts`: only the
 * table of the whole program. `--write`: the tables of changes go into docs/security.md, too. Status 1 when a verdict is not the
 * expected one, or an attack came through.
 */
const at = process.argv.indexOf('--sample')
const sample = at > 0 ? Number(process.argv[at + 1]) : Number.POSITIVE_INFINITY

let wrong = 0
if (!process.argv.includes('--scripts')) await changes()
if (at < 0) {
  const { text, isOpen } = await scriptTable()
  console.log(`### The whole program\n\n${text}`)
  if (isOpen) wrong += 1
}
process.exitCode = wrong === 0 ? 0 : 1

async function changes(): Promise<void> {
  const tables: string[] = []
  for (const { title, cases } of GROUPS) {
    const step = Math.max(1, Math.floor(cases.length / sample))
    const tried = cases.filter((_, n) => n % step === 0)
    const rows = await inParallel(tried, async (one) => row(one, await answerTo(one)))
    tables.push(`### ${title}\n\n| change | verdict |\n|---|---|\n${rows.join('\n')}\n`)
  }
  const text = tables.join('\n')
  console.log(text)
  if (process.argv.includes('--write') && wrong === 0) await putInto('security.md', 'attacks', text)
}

async function answerTo(one: Case): Promise<Answer | { readonly absent: string }> {
  const absent = (one.needs ?? []).find((need) => spawnSync('sh', ['-c', `command -v ${need}`]).status !== 0)
  if (absent !== undefined) return { absent }
  const repo = await bed('attack')
  try {
    await layCase(repo.dir, one, repo.commit)
    return (await repo.pp(provingOf(one), { env: environmentOf(one) })).answer
  } finally {
    await repo.remove()
  }
}

function row(one: Case, answer: Answer | { readonly absent: string }): string {
  const { name, because } = one
  return `| ${name.replaceAll('|', '\\|')}${because === undefined ? '' : `: ${because}`} | ${'verdict' in answer ? ended(one, answer) : `not tried: no ${answer.absent}`} |`
}

function ended({ verdict, first }: Case, answer: Answer): string {
  const begins = first ?? (answer.verdict === 'PROVED' ? 'red in ' : '')
  const isRight = answer.verdict === verdict && answer.reason.startsWith(begins)
  if (!isRight) wrong += 1
  const said = answer.reason.startsWith('it needs') ? `, begins with "${answer.reason.split('; ', 1)[0]}"` : ''
  return `${answer.verdict}${said}${isRight ? '' : ` (expected ${verdict}${first === undefined ? '' : `, "${first}"`})`}`
}
