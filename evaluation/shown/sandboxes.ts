import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { putInto } from './page.ts'

/**
 * Prints attack × sandbox from what test/integration/sandboxes/attack.test.ts logs on this machine, with a Docker Engine where one
 * can be started. `--write`: docs/security.md gets the table, too. Status 1 when that test fails.
 */
const TOP = join(import.meta.dirname, '..', '..')
const TEST = 'test/integration/sandboxes/attack.test.ts'

const { status, tap } = await new Promise<{ status: number; tap: string }>((resolve) => {
  const ava = [process.execPath, join(TOP, 'node_modules', 'ava', 'entrypoints', 'cli.mjs'), '--tap', TEST]
  const engine = join(TOP, 'tools', 'docker-engine.sh')
  const [program = '', ...argv] = spawnSync(engine, ['true']).status === 0 ? [engine, ...ava] : ava
  execFile(program, argv, { cwd: TOP, maxBuffer: 1 << 26 }, (error, stdout) =>
    resolve({ status: error ? 1 : 0, tap: stdout }),
  )
})
const text = table(tap)
console.log(text)
if (process.argv.includes('--write') && status === 0) {
  await putInto('security.md', 'sandboxes', text)
}
process.exitCode = status

/** Attack → sandbox → how it ended; where several users tried, 'open' when any of them got through. */
function table(tap: string): string {
  const kinds: string[] = []
  const rows = new Map<string, Map<string, string>>()
  let kind = ''
  for (const line of tap.split('\n')) {
    const point = /^(?:not )?ok \d+ - (?:(\w+): |.*(without a sandbox))/.exec(line)
    if (point) {
      kind = point[2] ? 'none' : (point[1] ?? '')
      if (!kinds.includes(kind)) kinds.push(kind)
    }
    const [, attack, answer] = /^# {3}(\S.*?) {2,}(open|blocked\b.*|-.*)$/.exec(line) ?? []
    if (attack === undefined || answer === undefined || kind === '') continue
    const row = rows.get(attack) ?? new Map<string, string>()
    if (row.get(kind) !== 'open') row.set(kind, answer.split(' ')[0] ?? answer)
    rows.set(attack, row)
  }
  const columns = kinds.sort((a, b) => Number(a === 'none') - Number(b === 'none') || (a < b ? -1 : 1))
  const lines = [...rows].map(
    ([attack, row]) => `| ${attack} | ${columns.map((one) => row.get(one) ?? 'not tried').join(' | ')} |`,
  )
  return `| attack | ${columns.join(' | ')} |\n|---|${'---|'.repeat(columns.length)}\n${lines.join('\n')}\n`
}
