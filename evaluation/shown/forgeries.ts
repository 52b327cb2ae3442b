import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FORGERIES } from '../../test/helpers/forgeries/groups.ts'

/**
 * Prints forgery × verifier from what test/integration/flows/verify/forgeries.test.ts logs. `--write`: docs/attestation.md gets the tables,
 * too. Status 1 when that test fails.
 */
const TOP = join(import.meta.dirname, '..', '..')
const TEST = 'test/integration/flows/verify/forgeries.test.ts'
const PAGE = join(TOP, 'docs', 'attestation.md')

const { status, tap } = await new Promise<{ status: number; tap: string }>((resolve) => {
  const argv = [join(TOP, 'node_modules', 'ava', 'entrypoints', 'cli.mjs'), '--tap', TEST]
  execFile(
    process.execPath,
    argv,
    { cwd: TOP, maxBuffer: 1 << 26, env: { ...process.env, WHOLE: '1' } },
    (error, stdout) => resolve({ status: error ? 1 : 0, tap: stdout }),
  )
})
const found = verdicts(tap)
const text = FORGERIES.map(({ title, cases }) => table(title, cases)).join('\n')
console.log(text)
if (process.argv.includes('--write') && status === 0) {
  const page = await readFile(PAGE, 'utf8')
  const marks = /(<!-- forgeries: generated -->\n)[\s\S]*(<!-- end of forgeries -->)/
  await writeFile(
    PAGE,
    page.replace(marks, (_, start: string, end: string) => `${start}\n${text}\n${end}`),
  )
}
process.exitCode = status

function table(title: string, cases: readonly { readonly attack: string }[]): string {
  const rows = cases.map(
    ({ attack }) => `| ${attack} | ${(found.get(`${title}: ${attack}`) ?? ['', '']).join(' | ')} |`,
  )
  return `### ${title}\n\n| forgery | command | portable |\n|---|---|---|\n${rows.join('\n')}\n`
}

/** Title of a test → what each verifier said. */
function verdicts(lines: string): ReadonlyMap<string, readonly string[]> {
  const verdictsOf = new Map<string, readonly string[]>()
  let title = ''
  for (const line of lines.split('\n')) {
    title = /^(?:not )?ok \d+ - (.*)$/.exec(line)?.[1] ?? title
    const said = /^# +verdicts: (\S+) (\S+)$/.exec(line)
    if (said) verdictsOf.set(title, said.slice(1))
  }
  return verdictsOf
}
