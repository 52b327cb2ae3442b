import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import * as path from 'node:path'
import type { ExecutionContext } from 'ava'

export type Files = Readonly<Record<string, string | Uint8Array>>

/** A real repository in a temp directory with its own HOME; every date is fixed, so commit ids are stable. */
export interface TestRepo {
  /** The top of the work tree (real path). */
  readonly dir: string
  readonly home: string
  /** The whole environment of a caller: PATH, HOME, own git config, XDG_CACHE_HOME; to be handed to the engine. */
  readonly env: Readonly<Record<string, string>>
  /** Runs git in `dir`; stdout without the last newline. Rejects with git's stderr in the message. */
  git(...args: string[]): Promise<string>
  /** The same with bytes on stdin. */
  gitWith(input: string | Uint8Array, ...args: string[]): Promise<string>
  /** Writes `files`, stages everything, commits; the new commit's id. */
  commit(message: string, files?: Files): Promise<string>
  /** Writes one file of the work tree, directories made; parents first. */
  write(file: string, content: string | Uint8Array): Promise<void>
  /** The same as `stateOf(repo)`. */
  snapshotState(): Promise<RepoState>
}

export interface RepoOptions {
  readonly format?: 'sha1' | 'sha256'
  /** Name of the checkout's directory; default 'repo'. */
  readonly name?: string
  /** False: files are written but nothing is committed; HEAD stays unborn. */
  readonly committed?: boolean
}

/** Everything of a repository that the tool must leave alone; compare two with `t.deepEqual`. */
export interface RepoState {
  readonly status: string
  readonly index: string
  readonly head: string
  readonly refs: string
  readonly stash: string
  readonly config: string
  readonly worktrees: string
  /** path → type, mode, mtime in ns, sha256; everything but `.git`. */
  readonly files: Readonly<Record<string, string>>
}

/** What a helper needs of a test: where to say what has to be undone. */
export type Undoing = Pick<ExecutionContext, 'teardown'>

/** A repository with one commit of `files` on branch main; removed by `t.teardown`. */
export async function tempRepo(t: Undoing, files: Files, options: RepoOptions = {}): Promise<TestRepo> {
  const root = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), 'pp-test-')))
  t.teardown(() => removeTree(root))
  const home = path.join(root, 'home')
  const dir = path.join(root, options.name ?? 'repo')
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    // So that all tests can be run with each kind of work tree.
    ...(process.env['PP_WORKTREES'] && { PP_WORKTREES: process.env['PP_WORKTREES'] }),
    HOME: home,
    XDG_CACHE_HOME: path.join(home, '.cache'),
    XDG_CONFIG_HOME: path.join(home, '.config'),
    GIT_CONFIG_GLOBAL: path.join(home, '.gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_DATE: '2024-01-02T03:04:05Z',
    GIT_COMMITTER_DATE: '2024-01-02T03:04:05Z',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  }
  await fs.mkdir(home, { recursive: true })
  await fs.mkdir(dir, { recursive: true })
  await fs.writeFile(
    env.GIT_CONFIG_GLOBAL,
    '[user]\n\tname = A U Thor\n\temail = author@example.com\n[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n',
  )
  const repo = repoAt(dir, home, env)
  await repo.git('init', '-q', `--object-format=${options.format ?? 'sha1'}`)
  if (options.committed !== false) await repo.commit('first', files)
  else for (const [file, content] of Object.entries(files)) await repo.write(file, content)
  return repo
}

/** The checkout in `dir`, which a test may also have cloned. */
export function repoAt(dir: string, home: string, env: TestRepo['env']): TestRepo {
  const gitWith = (input: string | Uint8Array, ...args: string[]) => run(dir, env, args, input)
  const repo: TestRepo = {
    dir,
    home,
    env,
    git: (...args) => run(dir, env, args),
    gitWith,
    async commit(message, more = {}) {
      for (const [file, content] of Object.entries(more)) await repo.write(file, content)
      await repo.git('add', '-A')
      await repo.git('commit', '-q', '--allow-empty', '-m', message)
      return repo.git('rev-parse', 'HEAD')
    },
    async write(file, content) {
      await fs.mkdir(path.dirname(path.join(dir, file)), { recursive: true })
      await fs.writeFile(path.join(dir, file), content)
    },
    snapshotState: () => stateOf(repo),
  }
  return repo
}

/** What the tool must not change: status, index bytes, HEAD, refs (but ours), stash, config, linked worktrees, files. */
export async function stateOf(repo: TestRepo): Promise<RepoState> {
  const gitDir = await repo.git('rev-parse', '--absolute-git-dir')
  const common = path.resolve(repo.dir, await repo.git('rev-parse', '--git-common-dir'))
  const refs = await repo.git('for-each-ref', '--format=%(refname) %(objectname)')
  return {
    status: await repo.git('--no-optional-locks', 'status', '--porcelain=v2', '-uall', '--ignored'),
    index: digest(await fs.readFile(path.join(gitDir, 'index')).catch(() => '')),
    head: await fs.readFile(path.join(gitDir, 'HEAD'), 'utf8'),
    refs: refs
      .split('\n')
      .filter((line) => !/^refs\/(pp|pp-remote|notes\/pp|notes\/pp-tmp|notes\/pp-local|notes-remote)\//.test(line))
      .join('\n'),
    stash: await fs.readFile(path.join(common, 'logs/refs/stash'), 'utf8').catch(() => ''),
    config: await fs.readFile(path.join(common, 'config'), 'utf8'),
    worktrees: (await fs.readdir(path.join(common, 'worktrees')).catch(() => [])).sort().join('\n'),
    files: Object.fromEntries(await filesOf(repo.dir, '')),
  }
}

/** True when `git fsck` finds nothing wrong; rejects with its words otherwise. */
export async function fsckClean(repo: TestRepo): Promise<boolean> {
  await repo.git('fsck', '--full', '--no-dangling')
  return true
}

async function filesOf(top: string, under: string): Promise<[string, string][]> {
  const found: [string, string][] = []
  for (const entry of await fs.readdir(path.join(top, under), { withFileTypes: true })) {
    if (entry.name === '.git') continue
    const file = under === '' ? entry.name : `${under}/${entry.name}`
    const full = path.join(top, file)
    const stat = await fs.lstat(full, { bigint: true })
    const mode = stat.mode.toString(8)
    if (entry.isDirectory()) found.push(...(await filesOf(top, file)))
    else if (entry.isSymbolicLink()) found.push([file, `${mode} -> ${await fs.readlink(full)}`])
    else if (entry.isFile()) found.push([file, `${mode} ${stat.mtimeNs} ${digest(await fs.readFile(full))}`])
    else found.push([file, mode])
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1))
}

function digest(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function run(cwd: string, env: Readonly<Record<string, string>>, args: string[], input?: string | Uint8Array) {
  return new Promise<string>((resolve, reject) => {
    const child = execFile('git', args, { cwd, env, maxBuffer: 1 << 30 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`git ${args.join(' ')}: ${stderr || error.message}`))
      else resolve(stdout.replace(/\n$/, ''))
    })
    child.stdin?.on('error', () => {}).end(input)
  })
}

/** Removes a tree even where directories were made unreadable. */
async function removeTree(root: string): Promise<void> {
  await fs.rm(root, { recursive: true, force: true }).catch(async () => {
    await new Promise((done) => execFile('chmod', ['-R', 'u+rwX', root], done))
    await fs.rm(root, { recursive: true, force: true })
  })
}
