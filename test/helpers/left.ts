import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import * as path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestRepo } from './repo.ts'

/**
 * True when no process, mount, worktree registration, session directory, lock or unfinished note of a test repository is left;
 * rejects with a list otherwise. `worktrees`: how many the test made itself, the main one included. What was killed
 * a moment ago gets `withinMs` to go.
 */
export async function nothingLeft(repo: TestRepo, { worktrees = 1, withinMs = 3000 } = {}): Promise<true> {
  const until = performance.now() + withinMs
  for (;;) {
    const found = await leftovers(repo, worktrees)
    if (found.length === 0) return true
    if (performance.now() > until) throw new Error(`left behind:\n${found.join('\n')}`)
    await sleep(50)
  }
}

async function leftovers(repo: TestRepo, worktrees: number): Promise<string[]> {
  const root = path.dirname(repo.home)
  const common = path.resolve(repo.dir, await repo.git('rev-parse', '--git-common-dir'))
  const list = (await repo.git('worktree', 'list', '--porcelain', '-z'))
    .split('\0')
    .filter((line) => /^worktree /.test(line))
  const unfinished = await repo.git('for-each-ref', '--format=%(refname)', 'refs/notes/pp-tmp')
  return [
    ...processesOf(root).map(({ pid, words }) => `process ${pid}: ${words}`),
    ...mountsBelow(root).map((at) => `mount ${at}`),
    ...(list.length === worktrees ? [] : list),
    ...sessionDirs(repo).map((dir) => `directory ${dir}`),
    ...(await locks(common)).map((lock) => `lock ${lock}`),
    ...(unfinished === '' ? [] : [unfinished]),
  ]
}

/** Private directories of sessions below the cache: those of commands, and those of each repository's sessions. */
export function sessionDirs(repo: Pick<TestRepo, 'env'>): string[] {
  const cache = path.join(repo.env['XDG_CACHE_HOME'] ?? '', 'git-pp')
  return [cache, ...entries(cache).map((name) => path.join(cache, name))]
    .map((dir) => path.join(dir, 'sessions'))
    .flatMap((dir) => entries(dir).map((name) => path.join(dir, name)))
}

/** Processes that stand below `root`, were started with it, or have it in their environment. */
export function processesOf(root: string): { pid: number; words: string }[] {
  return entries('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .map((pid) => ({ pid, words: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }))
    .filter(({ pid, words }) => `${words}\n${link(`/proc/${pid}/cwd`)}\n${read(`/proc/${pid}/environ`)}`.includes(root))
    .filter(({ words }) => words !== '')
}

function mountsBelow(root: string): string[] {
  const lines = read('/proc/self/mountinfo').split('\n')
  return lines.map((line) => line.split(' ')[4] ?? '').filter((at) => at.startsWith(`${root}/`))
}

async function locks(gitDir: string): Promise<string[]> {
  const all = await fs.readdir(gitDir, { recursive: true })
  return all.filter((name) => name.endsWith('.lock'))
}

function entries(dir: string): string[] {
  return lstatSync(dir, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(dir) : []
}

/** Empty for what went away or is not ours. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file)
  } catch {
    return ''
  }
}
