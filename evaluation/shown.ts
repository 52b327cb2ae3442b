import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * Runs everything that this project claims a figure for, in full, and writes the figures to docs/results.md, a section each.
 * usage: npm run shown -- [NAME…] [--sample N] [--corpora DIR] [--clones DIR]; NAME: only these; `--sample N`: a part of each, for
 * CI, and nothing is written; DIR of --corpora: recorded replies of models and outputs of tools, which are not part of this
 * repository, in its folders model-diffs, tool-outputs, gaming and repair; DIR of --clones: clones of real projects, without which their fixes are
 * left out. Status 1 when one of them does not show what it should.
 */
const TOP = join(import.meta.dirname, '..')
const PAGE = join(TOP, 'docs', 'results.md')
const INTRO = '# Results\n\nWritten by `npm run shown`. Read ratios, not milliseconds.\n'

interface Show {
  readonly title: string
  readonly script: string
  /** What comes before the options. */
  readonly words?: readonly string[]
  /** The page of docs/ that it can `--write` its table into; the section then only leads there. */
  readonly page?: string
  /** Knows `--sample N`. */
  readonly sample?: boolean
  /** The folder of the corpora that it can be given. */
  readonly corpus?: string
  /** Runs only where clones of real projects are given. */
  readonly clones?: true
}

const SHOWS: Readonly<Record<string, Show>> = {
  programs: { title: '40 small programs, each with one bug', script: 'quixbugs.ts', sample: true },
  search: { title: 'The built-in search', script: 'search.ts', sample: true, corpus: 'repair' },
  flaky: { title: 'Chance', script: 'flaky.ts', sample: true },
  attacks: {
    title: 'Changes that mend nothing, and changes that do',
    script: 'attacks.ts',
    page: 'security.md',
    sample: true,
  },
  observation: { title: 'Observing what a command reads', script: 'observation.ts' },
  bombs: { title: 'Small inputs that ask for much work', script: 'bombs.ts' },
  gaming: {
    title: 'Changes that please a test, and what is remarked on them',
    script: 'gaming.ts',
    page: 'security.md',
    sample: true,
    corpus: 'gaming',
  },
  kills: { title: 'Sessions ended at any moment', script: 'kills.ts', sample: true },
  sandboxes: { title: 'Attacks on the sandboxes', script: 'sandboxes.ts', page: 'security.md' },
  forgeries: { title: 'Forged proofs', script: 'forgeries.ts', page: 'attestation.md' },
  diffs: { title: 'From replies to diffs', script: 'diffs.ts', page: 'diffs.md', sample: true, corpus: 'model-diffs' },
  places: { title: 'From outputs to places', script: 'locations.ts', page: 'context.md', corpus: 'tool-outputs' },
  failures: { title: 'From outputs to failing tests', script: 'failures.ts' },
  contexts: { title: 'From failures to contexts', script: 'context.ts', page: 'context.md', sample: true },
  seeded: { title: 'Seeded bugs in real projects', script: 'seeded.ts', page: 'context.md', clones: true },
  'fixes-context': {
    title: 'What a request shows of real fixes',
    script: 'fixes-context.ts',
    page: 'context.md',
    clones: true,
  },
  tests: { title: 'Tests that run over a table', script: 'tests.ts' },
  agents: { title: 'Real agents at the gate', script: 'agents.ts' },
  'proposing-agents': { title: 'Real agents as proposers', script: 'proposing-agents.ts' },
  real: { title: 'Real fixes of real projects', script: '../real/run.ts', words: ['run'], clones: true },
  house: { title: 'Structure of the sources', script: 'house.ts' },
  newcomer: { title: 'What a newcomer types, on a bare machine', script: 'newcomer.ts' },
  patches: {
    title: 'A file of patches',
    script: 'patches.ts',
    sample: true,
    corpus: 'repair',
  },
  scale: { title: 'A million proofs a day, calculated', script: '../scale/run.ts', page: 'scale.md' },
  machines: { title: 'Jobs on many machines', script: 'machines.ts', sample: true },
  slow: { title: 'A proof of a slow suite', script: 'slow-suite.ts' },
  cost: { title: 'Cost of a run', script: '../bench/run.ts' },
}

const { values, positionals: named } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string' }, corpora: { type: 'string' }, clones: { type: 'string' } },
})
const unknown = named.find((name) => !(name in SHOWS))
if (unknown !== undefined) throw new Error(`nothing is shown as ${unknown}; known: ${Object.keys(SHOWS).join(', ')}`)

let failed = 0
for (const [name, show] of Object.entries(SHOWS)) {
  if (named.length > 0 ? !named.includes(name) : values.sample !== undefined && !show.sample) continue
  if (show.clones && values.clones === undefined) {
    if (named.includes(name)) throw new Error(`${name} needs --clones DIR`)
    continue
  }
  console.log(`\n## ${show.title}`)
  const { status, text } = await run(argvOf(show, values.corpora, values.clones))
  if (status !== 0) failed += 1
  if (values.sample === undefined) writeSection(show.title, section(show, status, text))
}
process.exitCode = failed === 0 ? 0 : 1

function argvOf(
  { script, words = [], page, corpus, clones: ofClones }: Show,
  corpora: string | undefined,
  clones: string | undefined,
): readonly string[] {
  const recorded = corpus === undefined || corpora === undefined ? [] : ['--corpus', join(corpora, corpus)]
  const extent = values.sample === undefined ? (page === undefined ? [] : ['--write']) : ['--sample', values.sample]
  const cloned = ofClones && clones !== undefined ? ['--clones', clones] : []
  return [join('evaluation', 'shown', script), ...words, ...cloned, ...recorded, ...extent]
}

function section(show: Show, status: number | null, text: string): string {
  const { page } = show
  const argv = argvOf(show, values.corpora && 'DIR', values.clones && 'DIR')
  const day = new Date().toISOString().slice(0, 10)
  const machine = `${cpus().length} processors, Node ${process.versions.node}, ${process.platform}`
  const end = status === 0 ? '' : `; ended with status ${status}`
  const shown = page !== undefined && status === 0 ? `The table stands in [${page}](${page}).` : text.trim()
  return `\`npx tsx ${argv.join(' ')}\` on ${day} (${machine})${end}\n\n${shown}\n`
}

/** Puts one section in its place, or at the end, and leaves the others as they are, also those that people wrote. */
function writeSection(title: string, text: string): void {
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : ''
  const [, ...old] = page.split(/^## /m)
  const sections = new Map(
    old.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n')).trim()]),
  )
  sections.set(title, text.trim())
  const all = [...sections].map(([name, found]) => `## ${name}\n\n${found}\n`)
  writeFileSync(PAGE, [INTRO, ...all].join('\n'))
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
