import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Cost, cost, median } from './cpu.ts'

/**
 * `run` against a plain shell script that does the same by hand, in turn, on repositories of three sizes: ratios of CPU
 * and wall, medians; of the largest a fifth of the rounds. usage: npm run bench [-- --sizes 20,5000,50000] [--rounds 5]
 */
const top = join(import.meta.dirname, '..', '..')
const bin = join(top, 'bin', 'git-pp.cjs')
const option = (name: string, fallback: string) => process.argv[process.argv.indexOf(name) + 1 || -1] ?? fallback
const sizes = option('--sizes', '20,5000,50000').split(',').map(Number)
const rounds = Number(option('--rounds', '5'))

const BUGGY = 'exports.add = (a, b) => a - b\n'
const TEST =
  "const test = require('node:test')\nconst assert = require('node:assert')\nconst { add } = require('./calc.cjs')\ntest('adds', () => assert.equal(add(2, 3), 5))\n"
const PATCH =
  'diff --git a/calc.cjs b/calc.cjs\n--- a/calc.cjs\n+++ b/calc.cjs\n@@ -1 +1 @@\n-exports.add = (a, b) => a - b\n+exports.add = (a, b) => a + b\n'

const root = mkdtempSync(join(tmpdir(), 'pp-bench-'))
const env = { PATH: process.env['PATH'] ?? '', HOME: join(root, 'home'), GIT_CONFIG_NOSYSTEM: '1', LANG: 'C.UTF-8' }
try {
  mkdirSync(env.HOME)
  writeFileSync(join(env.HOME, '.gitconfig'), '[user]\n\tname = Bench\n\temail = bench@example.com\n[gc]\n\tauto = 0\n')
  writeFileSync(join(root, 'patch'), PATCH)
  writeFileSync(join(root, 'reply'), `\`\`\`diff\n${PATCH}\`\`\`\n`)
  console.log(
    '| files | runs | rounds | CPU ratio | wall ratio | CPU ms (floor) | wall ms (floor) |\n|---|---|---|---|---|---|---|',
  )
  for (const size of sizes) {
    const repo = fixture(size)
    for (const runs of [2, 4] as const) console.log(await compare(repo, size, runs))
    rmSync(repo, { recursive: true, force: true })
  }
} finally {
  rmSync(root, { recursive: true, force: true })
}

function fixture(size: number): string {
  const repo = join(root, `repo-${size}`)
  const files: Record<string, string> = { 'calc.cjs': BUGGY, 'calc.test.cjs': TEST }
  for (let n = 2; n < size; n++) files[`lib/d${n % 97}/f${n}.txt`] = `file ${n}\n`.repeat(20 + (n % 300))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repo, path)), { recursive: true })
    writeFileSync(join(repo, path), text)
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', repo, ...args], { env, stdio: 'ignore', maxBuffer: 1 << 28 })
  git('init', '-q', '-b', 'main')
  git('add', '-A')
  git('commit', '-q', '-m', 'base')
  git('gc', '-q')
  return repo
}

async function compare(repo: string, size: number, runs: 2 | 4): Promise<string> {
  const floor: Cost[] = []
  const ours: Cost[] = []
  const count = size > 10_000 ? Math.ceil(rounds / 5) : rounds
  const argv = [
    process.execPath,
    bin,
    'run',
    'node --test',
    '--provider',
    'stub',
    '--runs',
    runs === 2 ? '0' : '1',
    '--no-minimize',
  ] as const
  for (let round = 0; round < count; round++) {
    floor.push(
      await cost([join(import.meta.dirname, 'floor.sh'), repo, join(root, 'patch'), String(runs)], { cwd: repo, env }),
    )
    ours.push(await cost([...argv], { cwd: repo, env: { ...env, PP_STUB_REPLY: join(root, 'reply') } }))
  }
  const of = (all: readonly Cost[], key: keyof Cost) => median(all.map((one) => one[key]))
  const ratio = (key: keyof Cost) => (of(ours, key) / of(floor, key)).toFixed(2)
  const ms = (key: keyof Cost) => `${of(ours, key).toFixed(0)} (${of(floor, key).toFixed(0)})`
  return `| ${size} | ${runs} | ${count} | ${ratio('cpu')} | ${ratio('wall')} | ${ms('cpu')} | ${ms('wall')} |`
}
