import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'

/**
 * Runs everything that this project claims a figure for, in full, and writes the figures to docs/results.md.
 * `--sample N` runs a part of each, for CI, and writes nothing. `--corpora DIR`: recorded replies of models and outputs of
 * tools, which are not part of this repository, in its folders model-diffs and tool-outputs; without it they are left out.
 */
const top = join(import.meta.dirname, '..')
const sampled = process.argv.includes('--sample')
const more = sampled ? process.argv.slice(process.argv.indexOf('--sample'), process.argv.indexOf('--sample') + 2) : []

const corpora = process.argv.includes('--corpora')
  ? (process.argv[process.argv.indexOf('--corpora') + 1] ?? null)
  : null
const recorded = (folder: string) => (corpora === null ? [] : ['--corpus', join(corpora, folder)])

interface Show {
  readonly title: string
  readonly script: string
  readonly args: readonly string[]
  /** False: left out of samples. */
  readonly sample: boolean
}

const SHOWS: readonly Show[] = [
  { title: '40 small programs, each with one bug', script: 'scripts/shown/quixbugs.ts', args: more, sample: true },
  { title: 'Chance', script: 'scripts/shown/flaky.ts', args: more, sample: true },
  {
    title: 'Changes that mend nothing, and changes that do',
    script: 'scripts/shown/attacks.ts',
    args: sampled ? more : ['--write'],
    sample: true,
  },
  { title: 'Attacks on the sandboxes', script: 'scripts/shown/sandboxes.ts', args: ['--write'], sample: false },
  {
    title: 'From replies to diffs',
    script: 'scripts/shown/diffs.ts',
    args: [...recorded('model-diffs'), ...(sampled ? more : ['--write'])],
    sample: true,
  },
  {
    title: 'From outputs to places',
    script: 'scripts/shown/locations.ts',
    args: [...recorded('tool-outputs'), ...(sampled ? [] : ['--write'])],
    sample: true,
  },
  {
    title: 'From failures to contexts',
    script: 'scripts/shown/context.ts',
    args: sampled ? more : ['--write'],
    sample: true,
  },
  { title: 'Cost of a run', script: 'bench/run.ts', args: [], sample: false },
]

const results: string[] = []
let failed = 0
for (const show of SHOWS.filter(({ sample }) => sample || !sampled)) {
  console.log(`\n## ${show.title}`)
  const { status, text } = await run(show)
  if (status !== 0) failed += 1
  results.push(
    `## ${show.title}\n\n\`npx tsx ${[show.script, ...show.args].map((word) => (word === corpora || word.startsWith(`${corpora}/`) ? 'DIR' : word)).join(' ')}\`\n\n${text.trim()}\n`,
  )
}
if (!sampled) await writeFile(join(top, 'docs', 'results.md'), page(results))
process.exitCode = failed === 0 ? 0 : 1

function page(sections: readonly string[]): string {
  const day = new Date().toISOString().slice(0, 10)
  const machine = `${cpus().length} processors, Node ${process.versions.node}, ${process.platform}`
  return `# Results\n\nWritten by \`npm run shown\` on ${day} (${machine}). Read ratios, not milliseconds.\n\n${sections.join('\n')}`
}

function run({ script, args }: Show): Promise<{ status: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import=tsx', script, ...args], {
      cwd: top,
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
