import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** One small program with one bug. `files` hold the tests; `command` runs them. */
export interface Program {
  readonly id: string
  readonly file: string
  readonly buggy: string
  readonly correct: string
  readonly files: Readonly<Record<string, string>>
  readonly command: string
}

export async function programs(path: string): Promise<readonly Program[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as Program)
}

/** A repository of its own with its own HOME; `pp` runs the built tool in it. */
export interface Bed {
  readonly root: string
  readonly dir: string
  readonly env: Record<string, string>
  git(...args: string[]): Promise<string>
  write(files: Readonly<Record<string, string>>): Promise<void>
  commit(message: string): Promise<string>
  /** The JSON answer of `git pp ARGS --json` and its status. */
  pp(
    args: readonly string[],
    more?: { cwd?: string; env?: Record<string, string> },
  ): Promise<{ status: number; answer: Answer; stderr: string }>
  remove(): Promise<void>
}

export type Answer = Readonly<Record<string, unknown>> & { readonly verdict: string; readonly reason: string }

const BIN = join(import.meta.dirname, '..', '..', 'bin', 'git-pp.cjs')

export async function bed(name: string): Promise<Bed> {
  const root = await mkdtemp(join(tmpdir(), `pp-shown-${name}-`))
  const dir = join(root, 'project')
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: join(root, 'home'),
    GIT_CONFIG_NOSYSTEM: '1',
    LANG: 'C.UTF-8',
  }
  await mkdir(env.HOME, { recursive: true })
  await mkdir(dir)
  await writeFile(
    join(env.HOME, '.gitconfig'),
    '[user]\n\tname = Shown\n\temail = shown@example.com\n[gc]\n\tauto = 0\n',
  )
  const git = async (...args: string[]) => (await execute('git', args, dir, env)).stdout.trim()
  await git('init', '-q', '-b', 'main')
  return {
    root,
    dir,
    env,
    git,
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(dir, path)), { recursive: true })
        await writeFile(join(dir, path), text)
      }
    },
    async commit(message) {
      await git('add', '-A')
      await git('commit', '-q', '-m', message)
      return git('rev-parse', 'HEAD')
    },
    async pp(args, more = {}) {
      const ran = await execute(
        process.execPath,
        [BIN, ...args, '--json'],
        more.cwd ?? dir,
        { ...env, ...more.env },
        true,
      )
      return { status: ran.status, answer: JSON.parse(ran.stdout) as Answer, stderr: ran.stderr }
    },
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

function execute(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
  anyStatus = false,
): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      const status = error ? (typeof error.code === 'number' ? error.code : 128) : 0
      if (error && !anyStatus) reject(new Error(`${program} ${args.join(' ')}: ${stderr || error.message}`))
      else resolve({ status, stdout, stderr })
    })
  })
}

/** Runs `work` over `items`, as many at once as there are processors; results in the order of the items. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const at = next++
      results[at] = await work(items[at] as T)
    }
  }
  await Promise.all(cpus().map(worker))
  return results
}
