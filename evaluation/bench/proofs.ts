import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { layHistory, layRepeated, type ProofHistory, proveNext } from '../../test/helpers/proof-history.ts'
import { type Cost, cost, median } from './cpu.ts'

/**
 * What commands cost in a repository of many proofs against one of ten, in turn: medians, and their ratios. Wall and CPU of
 * all processes by cgroup, the largest of them by GNU time. Then the same for many proofs of one
 * commit. usage: npm run bench:proofs [-- --proofs 10000] [--rounds 5] [--same 500]
 */
const bin = join(import.meta.dirname, '..', '..', 'bin', 'git-pp.cjs')
const option = (name: string, fallback: string) =>
  Number(process.argv[process.argv.indexOf(name) + 1 || -1] ?? fallback)
const many = option('--proofs', '10000')
const rounds = option('--rounds', '5')
const FEW = 10
const same = option('--same', '500')
/** In a repository whose proofs are all of one commit. */
const ofOne = {
  'verify COMMIT': ['verify', 'HEAD', '--key', 'KEY.pub'],
  'log -n 1': ['log', '-n', '1'],
  log: ['log'],
}

interface Measured extends Cost {
  /** KiB of the largest process. */
  readonly rss: number
}

const root = mkdtempSync(join(tmpdir(), 'pp-bench-'))
try {
  const [small, large] = [grounded(FEW), grounded(many)]
  const commit = 'HEAD~3'
  const commands: Readonly<Record<string, readonly string[]>> = {
    'verify COMMIT': ['verify', commit, '--key', 'KEY.pub'],
    'show COMMIT': ['show', commit],
    'log -n 20': ['log', '-n', '20'],
    'push (one new proof)': ['push'],
  }
  console.log(
    `| command | wall | CPU | memory | ${many} proofs: wall ms, CPU ms, MiB | ${FEW} proofs |\n|---|---|---|---|---|---|`,
  )
  for (const [name, words] of Object.entries(commands)) console.log(await compare(name, words, small, large))
  const [one, repeated] = [1, same].map((count) =>
    empty(`same-${count}`, (history) => layRepeated(history, count)),
  ) as [ProofHistory, ProofHistory]
  console.log(`\n| command | wall | CPU | memory | ${same} proofs of one commit | 1 proof |\n|---|---|---|---|---|---|`)
  for (const [name, words] of Object.entries(ofOne)) console.log(await compare(name, words, one, repeated))
} finally {
  rmSync(root, { recursive: true, force: true })
}

/** A repository with this many proofs, and one more that `origin` does not have. */
function grounded(count: number): ProofHistory {
  return empty(`${count}`, (history) => {
    layHistory(history, count)
    proveNext(history, count + 1)
  })
}

function empty(name: string, fill: (history: ProofHistory) => void): ProofHistory {
  const home = join(root, `home-${name}`)
  const dir = join(root, `repo-${name}`)
  for (const made of [home, dir]) mkdirSync(made)
  writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Bench\n\temail = bench@example.com\n[gc]\n\tauto = 0\n')
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, GIT_CONFIG_NOSYSTEM: '1', LANG: 'C.UTF-8' }
  const pp = (...args: string[]) =>
    execFileSync(process.execPath, [bin, ...args], {
      cwd: dir,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  const history = { dir, env, key: join(home, 'key'), pp }
  pp('keygen', history.key)
  fill(history)
  return history
}

async function compare(
  name: string,
  words: readonly string[],
  small: ProofHistory,
  large: ProofHistory,
): Promise<string> {
  const [few, lots]: [Measured[], Measured[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    few.push(await measure(words, small))
    lots.push(await measure(words, large))
  }
  const of = (all: readonly Measured[], key: keyof Measured) => median(all.map((one) => one[key]))
  const ratio = (key: keyof Measured) => (of(lots, key) / of(few, key)).toFixed(2)
  const told = (all: readonly Measured[]) =>
    `${of(all, 'wall').toFixed(0)}, ${of(all, 'cpu').toFixed(0)}, ${(of(all, 'rss') / 1024).toFixed(0)}`
  return `| ${name} | ${ratio('wall')} | ${ratio('cpu')} | ${ratio('rss')} | ${told(lots)} | ${told(few)} |`
}

async function measure(words: readonly string[], history: ProofHistory): Promise<Measured> {
  const origin = existsSync(`${history.dir}.git`) ? `${history.dir}.git` : history.dir
  const before = { here: refsOf(history, history.dir), there: refsOf(history, origin) }
  const log = join(root, 'time')
  const args = words.map((word) => word.replace('KEY', history.key))
  const argv = ['time', '-f', '%M', '-o', log, process.execPath, bin, ...args] as const
  const spent = await cost([...argv], { cwd: history.dir, env: { ...history.env } })
  restore(history, history.dir, before.here)
  restore(history, origin, before.there)
  return { ...spent, rss: Number(readFileSync(log, 'utf8')) }
}

function refsOf({ env }: ProofHistory, dir: string): ReadonlyMap<string, string> {
  const text = execFileSync('git', ['-C', dir, 'for-each-ref', '--format=%(refname) %(objectname)'], {
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return new Map(text.split('\n').flatMap((line) => (line === '' ? [] : [line.split(' ') as [string, string]])))
}

/** Puts refs back where they were, so that each round pushes the same proof. */
function restore(history: ProofHistory, dir: string, before: ReadonlyMap<string, string>): void {
  const now = refsOf(history, dir)
  const gone = [...now.keys()].filter((ref) => !before.has(ref)).map((ref) => `delete ${ref}\n`)
  const moved = [...before].filter(([ref, oid]) => now.get(ref) !== oid).map(([ref, oid]) => `update ${ref} ${oid}\n`)
  execFileSync('git', ['-C', dir, 'update-ref', '--stdin'], { env: history.env, input: [...gone, ...moved].join('') })
}
