import { mkdir } from 'node:fs/promises'
import { afterKill, clean, tempOf } from '../../test/helpers/aftermath.ts'
import { launch } from '../../test/helpers/launch.ts'
import { type Doom, doom, type Moment } from '../../test/helpers/moment.ts'
import { pp } from '../../test/helpers/pp.ts'
import { type TestRepo, tempRepo, type Undoing } from '../../test/helpers/repo.ts'
import { inParallel } from './programs.ts'

/**
 * Ends sessions by kill -9, Ctrl-C and SIGTERM at chosen and at random moments, with each sandbox, and looks at what is left.
 * Prints moment × signal: how often, and how often all was well. `--sample N`: so many of them, for CI. Status 1 when one was not.
 */
const SANDBOXES = ['none', 'unshare', 'bubblewrap'] as const
const STATE = `bad\n${'line\n'.repeat(20)}end\n`
const FIXED = `good\n${'line\n'.repeat(20)}END\n`
const FIX = `--- a/state.txt
+++ b/state.txt
@@ -1,2 +1,2 @@
-bad
+good
 line
@@ -21,2 +21,2 @@
 line
-end
+END
`
/** A session that is ended: what is typed, and the processes below it that can be waited for. */
interface Story {
  readonly name: string
  readonly args: (command: string, setup: string) => readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** The verdict where it is not ended. */
  readonly whole: string
  /** How many gits it starts at least. */
  readonly gits: number
  readonly waits: readonly (readonly [name: string, words: RegExp])[]
}

const COMMAND = 'grep -q good state.txt'
const HANGS = 'sleep 311.7'
const EDIT = `printf '%s' "$FIXED" >state.txt`
const SETUP = 'mkdir deps && touch deps/a'
const SET_UP: Story['waits'] = [
  ['the sandbox is set up', /\bbwrap\b.*--args|pivot_root|--mount-proc/],
  ['the self-test', /socket\.setTimeout/],
]
const RUNS: Story['waits'] = [['the command runs', /^sleep 311\.7/]]

const STORIES: readonly Story[] = [
  {
    name: 'run',
    args: (command) => ['run', command, '--provider', 'stub'],
    env: { PP_STUB_REPLY: `\`\`\`diff\n${FIX}\`\`\`\n` },
    whole: 'PROVED',
    gits: 36,
    waits: [...SET_UP, ...RUNS],
  },
  {
    name: 'prove',
    args: (command) => ['prove', command],
    env: {},
    whole: 'PROVED',
    gits: 20,
    waits: [...SET_UP, ...RUNS],
  },
  {
    name: 'run with an agent',
    args: () => ['run', COMMAND, '--provider', 'command'],
    env: {},
    whole: 'PROVED',
    gits: 16,
    waits: [['the agent works', /sleep 311\.7/]],
  },
  {
    name: 'run with a setup',
    args: (_, setup) => ['run', COMMAND, '--setup', setup],
    env: {},
    whole: 'NOT_FIXED',
    gits: 12,
    waits: [['the setup runs', /^sleep 311\.7/]],
  },
]

interface Trial {
  readonly n: number
  readonly story: Story
  readonly sandbox: (typeof SANDBOXES)[number]
  readonly doom: Doom
  /** What the table calls the moment; null: the git that was reached. */
  readonly label: string | null
  /** Another session works in the repository meanwhile. */
  readonly beside: boolean
}

interface Row {
  readonly moment: string
  readonly signal: string
  readonly wrong: readonly string[]
}

async function main(): Promise<number> {
  const at = process.argv.indexOf('--sample')
  const all = trials(at > 0 ? Number(process.argv[at + 1]) : 250)
  const rows = await inParallel(all, async (trial) => {
    const row = await tried(trial)
    if (row === null) return null
    const told = row.wrong.length === 0 ? 'clean' : row.wrong.join('\n  ')
    process.stderr.write(`${trial.n} ${row.signal} ${trial.story.name}, ${trial.sandbox}, ${row.moment}: ${told}\n`)
    return row
  })
  return print(rows.filter((row) => row !== null))
}

/** `kills` sessions that die by kill -9, and a quarter as many each that get Ctrl-C and SIGTERM. */
function trials(kills: number): Trial[] {
  const chance = random(20261127)
  const signals = ['SIGKILL', 'SIGINT', 'SIGTERM'] as const
  const times = { SIGKILL: kills, SIGINT: Math.ceil(kills / 4), SIGTERM: Math.ceil(kills / 4) }
  const made = signals.flatMap((signal) => Array.from({ length: times[signal] }, () => signal))
  return made.map((signal, n) => {
    // Half of them during the two long stories; chosen moments come in turn, so that a sample has each kind.
    const story = STORIES[[0, 1, 0, 1, 2, 3][n % 6] ?? 0] as Story
    const sandbox = SANDBOXES[Math.floor(n / 2) % SANDBOXES.length] ?? 'none'
    const { moment, label } = momentOf(story, sandbox, n, chance)
    return { n, story, sandbox, doom: { moment, signal }, label, beside: signal === 'SIGKILL' && n % 5 === 4 }
  })
}

function momentOf(
  { gits, waits }: Story,
  sandbox: Trial['sandbox'],
  n: number,
  chance: () => number,
): { moment: Moment; label: string | null } {
  const kind = Math.floor(n / 6) % 4
  if (kind === 3) return { moment: { at: 'time', ms: 150 + chance() * 3500 }, label: 'any time' }
  if (kind === 2) {
    // Without network deny nothing is tested.
    const there = waits.filter(([name]) => sandbox !== 'none' || name !== 'the self-test')
    const [label = '', words = /$^/] = there[Math.floor(chance() * there.length)] ?? []
    return { moment: { at: 'process', words, nth: 1 }, label }
  }
  const when = chance() < 0.5 ? 'before' : 'after'
  return { moment: { at: 'git', nth: 1 + Math.floor(chance() * gits), when }, label: null }
}

/** Null: the session was over before its moment came. */
async function tried({ story, sandbox, doom: death, label, beside }: Trial): Promise<Row | null> {
  const undo: (() => unknown)[] = []
  const scope: Undoing = { teardown: (fn) => void undo.push(fn) }
  try {
    const repo = await tempRepo(scope, { 'state.txt': STATE, 'other.txt': 'x\n', '.gitignore': 'deps/\n' })
    await mkdir(tempOf(repo), { recursive: true })
    await repo.write(story.name === 'prove' ? 'state.txt' : 'other.txt', story.name === 'prove' ? FIXED : 'dirty\n')
    const before = await repo.snapshotState()
    const bare = sandbox === 'none' ? ['--network', 'allow'] : []
    const command = label === 'the command runs' ? `${HANGS}; ${COMMAND}` : COMMAND
    // Only what is waited for hangs: a session whose moment never comes has to end by itself.
    const setup = label === 'the setup runs' ? `${SETUP} && ${HANGS}` : SETUP
    const agent = label === 'the agent works' ? `${EDIT}; ${HANGS}` : EDIT
    const args = [...story.args(command, setup), '--sandbox', sandbox, ...bare, '--json']
    const env = { ...story.env, PP_COMMAND: agent, FIXED, TMPDIR: tempOf(repo) }
    const living = beside ? await another(scope, repo) : null
    const tool = await doom(scope, repo, args, death, env)
    const [ended, reached] = [await tool.ended, await tool.reached]
    if (reached === null) return null
    const wrong = [
      ...(living === null ? [] : await living.unharmed()),
      ...(death.signal === 'SIGKILL'
        ? await afterKill(repo, before)
        : await stopped(repo, death.signal, ended, story.whole)),
      ...(death.signal === 'SIGKILL' ? [] : await clean(repo, before)),
    ]
    return { moment: label ?? reached, signal: death.signal, wrong }
  } finally {
    for (const one of undo.reverse()) await one()
  }
}

type Ended = Awaited<ReturnType<typeof pp>>

/** What an interrupted session owes: its status, one object, and what was found. */
async function stopped(
  repo: TestRepo,
  signal: string,
  { status, json, stderr }: Ended,
  whole: string,
): Promise<string[]> {
  // It died before Node listened, or had said all when the signal came.
  if (status === null || json.verdict === whole) return []
  const wanted = signal === 'SIGINT' ? 130 : 143
  if (status !== wanted || json.verdict !== 'INTERRUPTED') return [`status ${status}, ${json.reason}: ${stderr}`]
  if (json['session'] === undefined) return []
  const shown = await pp(repo, ['show', String(json['session']), '--json'])
  return shown.status === 0 && shown.json.verdict === 'INTERRUPTED' ? [] : [`show answers ${shown.stdout}`]
}

/** A session that lives on beside the one that dies, while `gc` is called. */
async function another(scope: Undoing, repo: TestRepo) {
  const go = `${repo.home}/go`
  const command = `while [ ! -e ${go} ]; do sleep 0.1; done; grep -q good state.txt`
  const stub = { PP_STUB_REPLY: `\`\`\`diff\n${FIX}\`\`\`\n`, TMPDIR: tempOf(repo) }
  const bare = ['--sandbox', 'none', '--network', 'allow', '--base', 'HEAD', '--no-minimize', '--json']
  const tool = launch(scope, repo, ['run', command, '--provider', 'stub', ...bare], stub)
  await tool.said('does it fail')
  return {
    async unharmed(): Promise<string[]> {
      const swept = await pp(repo, ['gc', '--json'])
      await repo.write('../home/go', '')
      const { json, stderr } = await tool.ended
      return json.verdict === 'PROVED' && swept.status === 0 ? [] : [`the other: ${json.reason ?? stderr}`]
    },
  }
}

/** The same numbers in every run: Lehmer's generator. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

function print(rows: readonly Row[]): number {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const name = `${row.moment} | ${row.signal}`
    groups.set(name, [...(groups.get(name) ?? []), row])
  }
  const clean = (some: readonly Row[]) => some.filter(({ wrong }) => wrong.length === 0).length
  const lines = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, some]) => `| ${name} | ${some.length} | ${clean(some)} |\n`)
  const head = '| moment | signal | sessions ended | clean afterwards |\n|---|---|---|---|\n'
  console.log(`${head}${lines.join('')}| all | | ${rows.length} | ${clean(rows)} |`)
  return clean(rows) === rows.length && rows.length > 0 ? 0 : 1
}

process.exitCode = await main()
