import { join } from 'node:path'
import { startModelServer } from '../../test/helpers/model-server.ts'
import { type Bed, bed, inParallel, type Program, programs } from './programs.ts'

/** What happened to one program; every field is a verdict of the tool. */
interface Row {
  readonly id: string
  readonly run: string
  readonly replay: string
  readonly unpatched: string
  readonly testsOnly: string
  readonly fixAndTest: string
  readonly counts: string
  readonly seconds: number
}

// Twice the time that the slowest right program takes on a busy machine.
const HANG = ['--hang-after', '20']

/** `--sample N`: every so many programs only, for CI, from the second on: the first one hangs, and costs minutes. */
async function main(): Promise<number> {
  const at = process.argv.indexOf('--sample')
  const sample = at > 0 ? Number(process.argv[at + 1]) : null
  const all = await programs(join(import.meta.dirname, '..', 'bench', 'data', 'quixbugs.jsonl'))
  const chosen = sample === null ? all : all.filter((_, index) => index % Math.ceil(all.length / sample) === 1)
  const rows = await inParallel(chosen, async (program) => {
    const row = await tryProgram(program)
    process.stderr.write(
      `${row.id}: ${row.run} ${row.replay} / ${row.unpatched} / ${row.testsOnly} / ${row.fixAndTest} (${row.seconds} s)\n`,
    )
    return row
  })
  return print(rows)
}

async function tryProgram(program: Program): Promise<Row> {
  const started = Date.now()
  const proved = await runAndReplay(program)
  const refuted = await neverProved(program)
  const fixAndTest = await commitOfFixAndTest(program)
  return { id: program.id, ...proved, ...refuted, fixAndTest, seconds: Math.round((Date.now() - started) / 1000) }
}

/** `run` with a model that answers with the right patch, then `replay` in a clone that fetched with plain git. */
async function runAndReplay(program: Program): Promise<Pick<Row, 'run' | 'replay' | 'counts'>> {
  return onBed(program, async (repo) => {
    await repo.write({ ...program.files, [program.file]: program.buggy })
    await repo.commit('A program with a bug')
    const patch = await rightPatch(repo, program)
    const server = await startModelServer([
      { does: 'reply', text: `The cause is one line.\n\`\`\`diff\n${patch}\`\`\`\n` },
    ])
    try {
      const env = { PP_LOCAL_BASE_URL: server.url, PP_LOCAL_MODEL: 'scripted' }
      const { answer } = await repo.pp(['run', program.command, '--provider', 'local', ...HANG], { env })
      const replay = answer.verdict === 'PROVED' ? await replayInClone(repo, String(answer['final'])) : 'none'
      const counts = answer['counts'] as { reds: number; greens: number }
      return { run: told(answer), replay, counts: `${counts?.reds}/${counts?.greens}` }
    } finally {
      await server.close()
    }
  })
}

async function rightPatch(repo: Bed, program: Program): Promise<string> {
  await repo.write({ [program.file]: program.correct })
  const patch = await repo.git('diff')
  await repo.git('checkout', '-q', '--', '.')
  return `${patch}\n`
}

async function replayInClone(repo: Bed, final: string): Promise<string> {
  const clone = join(repo.root, 'clone')
  await repo.git('clone', '-q', repo.dir, clone)
  await repo.git('-C', clone, 'fetch', '-q', 'origin', 'refs/pp/*:refs/pp/*', 'refs/notes/pp/*:refs/notes/pp/*')
  return told((await repo.pp(['replay', final], { cwd: clone })).answer)
}

/** A change that leaves the bug alone, and one that edits only the test: neither may be PROVED. */
async function neverProved(program: Program): Promise<Pick<Row, 'unpatched' | 'testsOnly'>> {
  return onBed(program, async (repo) => {
    await repo.write({ ...program.files, [program.file]: program.buggy })
    await repo.commit('A program with a bug')
    await repo.write({ [program.file]: `${program.buggy}\n# nothing was mended\n` })
    const unpatched = told((await repo.pp(['prove', program.command, ...HANG])).answer)
    await repo.git('checkout', '-q', '--', '.')
    const test = `python_testcases/test_${program.id}.py`
    const text = (program.files[test] ?? '').replace(
      /^def (test_\w+)\(.*$/gm,
      'def $1():\n    return\n\n\ndef unused_$1(*_):',
    )
    await repo.write({ [test]: text.replace(/^@pytest.*$/gm, '') })
    const testsOnly = told((await repo.pp(['prove', program.command, ...HANG])).answer)
    return { unpatched, testsOnly }
  })
}

/** A commit of the usual kind: the fix and the test that shows it, together. */
async function commitOfFixAndTest(program: Program): Promise<string> {
  return onBed(program, async (repo) => {
    const test = `python_testcases/test_${program.id}.py`
    const { [test]: added = '', ...others } = program.files
    await repo.write({ ...others, [program.file]: program.buggy })
    await repo.commit('A program with a bug and no test')
    await repo.write({ [test]: added, [program.file]: program.correct })
    await repo.commit('Mend it, with a test')
    return told((await repo.pp(['prove', 'HEAD', program.command, ...HANG])).answer)
  })
}

async function onBed<T>(program: Program, use: (repo: Bed) => Promise<T>): Promise<T> {
  const repo = await bed(program.id)
  try {
    return await use(repo)
  } finally {
    await repo.remove()
  }
}

function told({ verdict, reason }: { verdict: string; reason: string }): string {
  return verdict === 'PROVED' || verdict === 'REPRODUCED' ? verdict : `${verdict} (${reason.slice(0, 90)})`
}

function print(rows: readonly Row[]): number {
  const count = (holds: (row: Row) => boolean) => `${rows.filter(holds).length} of ${rows.length}`
  const never = (field: 'unpatched' | 'testsOnly') => rows.filter((row) => row[field].startsWith('PROVED')).length
  console.log(`run with the right patch: PROVED ${count(({ run }) => run === 'PROVED')}`)
  console.log(
    `replay in a clone that fetched with plain git: REPRODUCED ${count(({ replay }) => replay === 'REPRODUCED')}`,
  )
  console.log(`a change that mends nothing: PROVED ${never('unpatched')} of ${rows.length}`)
  console.log(`a change of the test alone: PROVED ${never('testsOnly')} of ${rows.length}`)
  console.log(`commits of fix and test together: PROVED ${count(({ fixAndTest }) => fixAndTest === 'PROVED')}`)
  const wrong = rows.filter(
    (row) =>
      row.run !== 'PROVED' ||
      row.replay !== 'REPRODUCED' ||
      row.fixAndTest !== 'PROVED' ||
      row.unpatched.startsWith('PROVED') ||
      row.testsOnly.startsWith('PROVED'),
  )
  for (const row of wrong) console.log(JSON.stringify(row))
  return wrong.length === 0 ? 0 : 1
}

process.exitCode = await main()
