import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { layHistory } from '../../test/helpers/proof-history.ts'
import { largestOf } from './own-process.ts'

/**
 * How much memory our own process needs for large inputs, one line for each. The repositories are made on a tmpfs, so that the
 * disk of the machine has no say.
 * usage: npm run bench:large [-- --only files,patch,output,pack,proofs] [--dir /dev/shm]
 */
const bin = join(import.meta.dirname, '..', '..', 'bin', 'git-pp.cjs')
const option = (name: string, fallback: string) => process.argv[process.argv.indexOf(name) + 1 || -1] ?? fallback
const only = option('--only', 'files,patch,output,pack,proofs').split(',')
const root = mkdtempSync(join(option('--dir', '/dev/shm'), 'pp-large-'))
const env = {
  PATH: process.env['PATH'] ?? '',
  HOME: join(root, 'home'),
  GIT_CONFIG_NOSYSTEM: '1',
  LANG: 'C.UTF-8',
  XDG_CACHE_HOME: join(root, 'cache'),
}

type Files = Readonly<Record<string, string | Uint8Array>>

const FIX = 'diff --git a/state.txt b/state.txt\n--- a/state.txt\n+++ b/state.txt\n@@ -1 +1 @@\n-bad\n+good\n'
const CHECK = 'grep -q good state.txt'

const inputs: Readonly<Record<string, () => Promise<void>>> = {
  async files() {
    const repo = repository('files', { 'state.txt': 'bad\n', ...many(50_000) })
    await measure('50,000 files, run', repo, ['run', CHECK, '--provider', 'stub', '--runs', '0'])
    write(repo, { 'state.txt': 'bad again\nbad\n', 'new.txt': 'new\n', 'lib/d3/f100.txt': 'changed\n' })
    await measure('50,000 files with uncommitted work, run', repo, ['run', 'true'])
    rmSync(repo, { recursive: true })
  },
  async patch() {
    const repo = repository('patch', { 'state.txt': 'bad\n', ...many(2000) })
    const changed = Object.keys(many(1002)).map((path) => [path, 'another line\n'.repeat(200)])
    write(repo, { 'state.txt': 'good\n', ...Object.fromEntries(changed) })
    commit(repo, 'change')
    await measure('a change of 1,000 files, prove', repo, ['prove', 'HEAD', CHECK, '--no-minimize'])
    await measure('a change of 1,000 files, verify', repo, ['verify', 'HEAD'])
    rmSync(repo, { recursive: true })
  },
  async output() {
    const loud = `head -c 100000000 /dev/zero | tr '\\0' 'x' | fold -w 100; ${CHECK}`
    const repo = repository('output', { 'state.txt': 'bad\n' })
    await measure('100 MB of output in each run, run', repo, ['run', loud, '--provider', 'stub', '--runs', '0'])
    rmSync(repo, { recursive: true })
  },
  async pack() {
    const blobs = Array.from({ length: 50 }, (_, n) => [`blob/${n}`, randomBytes(10_000_000)] as const)
    const repo = repository('pack', { 'state.txt': 'bad\n', ...Object.fromEntries(blobs) })
    git(repo, 'rm', '-q', '-r', 'blob')
    commit(repo, 'without large files')
    git(repo, 'repack', '-q', '-a', '-d', '--window=0')
    await measure('a pack of 500 MB, run', repo, ['run', CHECK, '--provider', 'stub', '--runs', '0'])
    rmSync(repo, { recursive: true })
  },
  async proofs() {
    const dir = join(root, 'proofs')
    mkdirSync(dir)
    const pp = (...args: string[]) =>
      execFileSync(process.execPath, [bin, ...args], { cwd: dir, env, encoding: 'utf8' })
    const key = join(root, 'key')
    pp('keygen', key)
    layHistory({ dir, env, key, pp }, 10_000)
    const verify = ['verify', 'HEAD~3', '--key', `${key}.pub`]
    for (const words of [verify, ['show', 'HEAD~3'], ['log', '-n', '20'], ['log']])
      await measure(`10,000 proofs, ${words.slice(0, 3).join(' ')}`, dir, words)
    await measure('10,000 proofs, prove', dir, ['prove', 'HEAD', 'false', '--no-minimize'])
  },
}

mkdirSync(env.HOME)
writeFileSync(join(env.HOME, '.gitconfig'), '[user]\n\tname = Bench\n\temail = bench@example.com\n[gc]\n\tauto = 0\n')
writeFileSync(join(root, 'reply'), `\`\`\`diff\n${FIX}\`\`\`\n`)
try {
  console.log('| input | memory of our own process | status |\n|---|---|---|')
  for (const name of only) await inputs[name]?.()
} finally {
  rmSync(root, { recursive: true, force: true })
}

/** So many text files of some size. */
function many(count: number): Files {
  const paths = Array.from({ length: count - 1 }, (_, n) => `lib/d${n % 97}/f${n}.txt`)
  return Object.fromEntries(paths.map((path, n) => [path, `file ${n}\n`.repeat(20 + (n % 300))]))
}

function repository(name: string, files: Files): string {
  const repo = join(root, name)
  mkdirSync(repo)
  git(repo, 'init', '-q', '-b', 'main')
  write(repo, files)
  commit(repo, 'base')
  return repo
}

function write(repo: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(repo, path)), { recursive: true })
    writeFileSync(join(repo, path), content)
  }
}

function commit(repo: string, subject: string): void {
  git(repo, 'add', '-A')
  git(repo, 'commit', '-q', '-m', subject)
}

function git(repo: string, ...args: string[]): void {
  execFileSync('git', ['-C', repo, ...args], { env, stdio: 'ignore' })
}

async function measure(name: string, repo: string, words: readonly string[]): Promise<void> {
  const argv = [process.execPath, bin, ...words] as const
  const { status, mebibytes } = await largestOf([...argv], {
    cwd: repo,
    env: { ...env, PP_STUB_REPLY: join(root, 'reply') },
  })
  console.log(`| ${name} | ${mebibytes} MiB | ${status} |`)
}
