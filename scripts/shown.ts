import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

/**
 * Runs everything that this project claims a figure for, in full, and writes the figures to docs/results.md, a section
 * each. usage: npm run shown [-- NAME…] [-- --sample N]; NAME: only these; `--sample N` runs a part of each, for CI, and writes
 * nothing. Status 1 when one of them does not show what it should.
 */
const TOP = join(import.meta.dirname, '..')
const PAGE = join(TOP, 'docs', 'results.md')
const INTRO = '# Results\n\nWritten by `npm run shown`. Read ratios, not milliseconds.\n'

interface Show {
  readonly title: string
  readonly script: string
  /** Said in full runs only. */
  readonly args?: readonly string[]
  /** Knows `--sample N`. */
  readonly sample?: boolean
}

const SHOWS: Readonly<Record<string, Show>> = {
  programs: { title: '40 small programs, each with one bug', script: 'scripts/shown/quixbugs.ts', sample: true },
  flaky: { title: 'Chance', script: 'scripts/shown/flaky.ts', sample: true },
  attacks: {
    title: 'Changes that mend nothing, and changes that do',
    script: 'scripts/shown/attacks.ts',
    args: ['--write'],
    sample: true,
  },
  kills: { title: 'Sessions ended at any moment', script: 'scripts/shown/kills.ts', sample: true },
  sandboxes: { title: 'Attacks on the sandboxes', script: 'scripts/shown/sandboxes.ts', args: ['--write'] },
  forgeries: { title: 'Forged proofs', script: 'scripts/shown/forgeries.ts', args: ['--write'] },
  cost: { title: 'Cost of a run', script: 'bench/run.ts' },
}

const words = process.argv.slice(2)
const at = words.indexOf('--sample')
const sample = at === -1 ? null : words.slice(at, at + 2)
const named = words.filter((_, index) => at === -1 || index < at || index > at + 1)
const unknown = named.find((name) => !(name in SHOWS))
if (unknown !== undefined) throw new Error(`nothing is shown as ${unknown}; known: ${Object.keys(SHOWS).join(', ')}`)

let failed = 0
for (const [name, show] of Object.entries(SHOWS)) {
  if (named.length > 0 ? !named.includes(name) : sample !== null && !show.sample) continue
  console.log(`\n## ${show.title}`)
  const argv = [show.script, ...(sample ?? show.args ?? [])]
  const { status, text } = await run(argv)
  if (status !== 0) failed += 1
  if (sample === null) writeSection(show.title, section(argv, status, text))
}
process.exitCode = failed === 0 ? 0 : 1

function section(argv: readonly string[], status: number | null, text: string): string {
  const day = new Date().toISOString().slice(0, 10)
  const machine = `${cpus().length} processors, Node ${process.versions.node}, ${process.platform}`
  const end = status === 0 ? '' : `; ended with status ${status}`
  return `\`npx tsx ${argv.join(' ')}\` on ${day} (${machine})${end}\n\n${text.trim()}\n`
}

/** Puts one section in its place and leaves the others as they are. */
function writeSection(title: string, text: string): void {
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : ''
  const [, ...old] = page.split(/^## /m)
  const sections = new Map(
    old.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n')).trim()]),
  )
  sections.set(title, text.trim())
  const ordered = Object.values(SHOWS).flatMap((show) => {
    const found = sections.get(show.title)
    return found === undefined ? [] : [`## ${show.title}\n\n${found}\n`]
  })
  writeFileSync(PAGE, [INTRO, ...ordered].join('\n'))
}

function run(argv: readonly string[]): Promise<{ status: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import=tsx', ...argv], {
      cwd: TOP,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      process.stdout.write(chunk)
    })
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, text }))
  })
}
