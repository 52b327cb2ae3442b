import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cost, median } from './cpu.ts'

/**
 * What it costs to start git pp, against `node -e 0`, in turn: CPU of all processes, medians, and their ratios. The repository has
 * one proof. usage: npm run bench:start [-- --rounds 25]
 */
const bin = join(import.meta.dirname, '..', '..', 'bin', 'git-pp.cjs')
const rounds = Number(process.argv[process.argv.indexOf('--rounds') + 1 || -1] ?? '25')

const CASES: Readonly<Record<string, readonly string[]>> = {
  '--version': ['--version'],
  '--help': ['--help'],
  'run --help': ['run', '--help'],
  'a verb that does not exist': ['rnu'],
  'an option that does not exist': ['run', '--flie', 'x'],
  log: ['log'],
  show: ['show'],
  verify: ['verify', '--allow-unsigned'],
}

const root = mkdtempSync(join(tmpdir(), 'pp-bench-'))
const [home, repo] = [join(root, 'home'), join(root, 'repo')]
const env = { PATH: process.env['PATH'] ?? '', HOME: home, GIT_CONFIG_NOSYSTEM: '1', LANG: 'C.UTF-8' }
try {
  layOneProof()
  const floor: number[] = []
  const found = new Map<string, number[]>(Object.keys(CASES).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    floor.push((await measured(['-e', '0'])).cpu)
    for (const [name, words] of Object.entries(CASES)) found.get(name)?.push((await measured([bin, ...words])).cpu)
  }
  console.log(
    `| command | CPU × node -e 0 | CPU ms |\n|---|---|---|\n| node -e 0 | 1.00 | ${median(floor).toFixed(1)} |`,
  )
  for (const [name, spent] of found)
    console.log(`| ${name} | ${(median(spent) / median(floor)).toFixed(2)} | ${median(spent).toFixed(1)} |`)
} finally {
  rmSync(root, { recursive: true, force: true })
}

function measured(args: readonly string[]) {
  return cost([process.execPath, ...args], { cwd: repo, env }, [0, 2])
}

function layOneProof(): void {
  for (const made of [home, repo]) mkdirSync(made)
  writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Bench\n\temail = bench@example.com\n[gc]\n\tauto = 0\n')
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: repo, env, stdio: 'ignore' })
  run('git', 'init', '-q', '-b', 'main')
  for (const answer of ['41\n', '42\n']) {
    writeFileSync(join(repo, 'answer'), answer)
    run('git', 'add', '-A')
    run('git', 'commit', '-q', '-m', `answer ${answer}`)
  }
  run(process.execPath, bin, 'prove', 'HEAD', 'grep -qx 42 answer', '--runs', '1')
}
