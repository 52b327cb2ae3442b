import { createHash } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { obeyedByAgents } from '../../core/guard/index.ts'
import { PpError } from '../../model/error.ts'
import { howEnded, type ProgramEnd, removeTree, runProgram, walk } from '../../platform/index.ts'
import type { ProposalRequest } from '../../ports/proposer.ts'
import { copyBeside } from './copy-beside.ts'

/** A copy of the visible files; a program may change it freely. */
export interface WorkingCopy {
  readonly dir: string
  /** A directory beside it for files that are no part of it. */
  readonly beside: string
  /** An empty directory, for a home of the program's own. */
  readonly home: string
  /**
   * What was changed, added and (null) removed since the copy was made; throws PROPOSER_FAILED for changes that cannot be
   * used.
   */
  edits(): Promise<Map<string, Uint8Array | null>>
  dispose(): Promise<void>
}

const MAX_FILE = 8 * 1024 * 1024
const MAX_TOTAL = 32 * 1024 * 1024
/** In bytes. A larger tree is copied only in part. */
const MAX_COPIED = 64 * 1024 * 1024
const MAX_PATHS = 100_000
/** In bytes: the limit of the system, minus some room for the path of the copy. */
const MAX_PATH = 3500
// Files that tools leave behind, in case the repository's own ignore rules do not name them.
const LITTER = [
  '__pycache__/',
  '*.pyc',
  '.pytest_cache/',
  '.mypy_cache/',
  '.ruff_cache/',
  'node_modules/',
  '.venv/',
  '.DS_Store',
]
const NEUTRAL = { name: 'git-pp', email: 'git-pp@invalid', date: '2000-01-01T00:00:00Z' }

/** What a copy is made of; `temp` is the directory that it is made in, `path` the PATH with git and cp(1). */
interface CopySource extends Pick<ProposalRequest, 'beside' | 'files' | 'progress' | 'signal'> {
  readonly temp: string
  readonly path: string
}

/**
 * Writes the files, but for those that agents obey, into `<temp>/…/tree` as a repository of one commit without history, config or
 * hooks of the user, and copies of the includes beside them.
 */
export async function makeCopy({ files, beside: includes, temp, path, ...job }: CopySource): Promise<WorkingCopy> {
  const root = await mkdtemp(join(temp, 'git-pp-'))
  const [dir, rules, beside, home] = ['tree', 'rules', 'beside', 'home'].map((name) => join(root, name)) as [
    string,
    string,
    string,
    string,
  ]
  try {
    const git = async (cwd: string, ...args: string[]) => saidBy(await runGit(path, cwd, args))
    await Promise.all([dir, rules, beside, home].map((made) => mkdir(made)))
    await Promise.all([git(dir, 'init', '-q', '--template='), git(rules, 'init', '-q', '--template=')])
    const before = new Map<string, string>()
    const withheld = new Set<string>()
    let copied = 0
    for (const file of files.list()) {
      if (copied > MAX_COPIED) break
      if (obeyedByAgents(file)) {
        withheld.add(file)
        continue
      }
      const bytes = isPlain(file) ? await files.read(file) : null
      if (bytes === null) continue
      copied += bytes.length
      before.set(file, digest(bytes))
      await write(join(dir, file), bytes)
      if (file.split('/').at(-1) === '.gitignore') await write(join(rules, file), bytes)
    }
    await write(join(rules, '.git/info/exclude'), new TextEncoder().encode(LITTER.join('\n')))
    await git(dir, 'add', '-A', '-f')
    await git(dir, 'commit', '-q', '--no-verify', '--allow-empty', '-m', 'The tree as it stands')
    const included = new Set(await copyBeside({ beside: includes, dir, path, ...job }))
    const rooted = [...included].map((name) => `/${name.replaceAll(/[\\*?[]/g, '\\$&')}\n`)
    await write(join(dir, '.git/info/exclude'), new TextEncoder().encode(rooted.join('')))
    return {
      dir,
      beside,
      home,
      edits: async () => {
        // Agents leave settings of their own. Those in a place of the user's own are edits, which the guard then refuses.
        const isLitter = (file: string) => obeyedByAgents(file) && !withheld.has(file)
        const all = await edits(dir, before, included, (paths) => ignored(path, rules, paths))
        return new Map([...all].filter(([file]) => !isLitter(file)))
      },
      dispose: () => removeTree(root),
    }
  } catch (error) {
    await removeTree(root)
    throw error
  }
}

/** Trees of an attacker can contain such paths; nothing is ever written through them. */
function isPlain(path: string): boolean {
  return !path.startsWith('/') && path.split('/').every((part) => !/^(?:|\.|\.\.|\.git)$/i.test(part))
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function runGit(path: string, cwd: string, args: readonly string[], input?: string): Promise<ProgramEnd> {
  const quiet = [
    '-c',
    'core.hooksPath=/dev/null',
    '-c',
    'commit.gpgSign=false',
    '-c',
    'gc.auto=0',
    '-c',
    'init.defaultBranch=main',
  ]
  return runProgram({
    program: 'git',
    args: [...quiet, ...args],
    cwd,
    input,
    maxBytes: 64 * 1024 * 1024,
    timeoutMs: 120_000,
    env: {
      PATH: path,
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CEILING_DIRECTORIES: dirname(cwd),
      GIT_AUTHOR_NAME: NEUTRAL.name,
      GIT_AUTHOR_EMAIL: NEUTRAL.email,
      GIT_AUTHOR_DATE: NEUTRAL.date,
      GIT_COMMITTER_NAME: NEUTRAL.name,
      GIT_COMMITTER_EMAIL: NEUTRAL.email,
      GIT_COMMITTER_DATE: NEUTRAL.date,
    },
  })
}

function saidBy(end: ProgramEnd): string {
  if (end.how === 'exited' && end.code === 0) return end.stdout.toString('utf8')
  throw new PpError('GIT_FAILED', `git ${howEnded(end)} while it made the copy for the command`)
}

/**
 * The paths that the repository's own rules ignore. Git runs outside of the copy, because no git may run where a child
 * process could write.
 */
async function ignored(path: string, rules: string, paths: readonly string[]): Promise<Set<string>> {
  if (paths.length === 0) return new Set()
  const end = await runGit(path, rules, ['check-ignore', '--no-index', '-z', '--stdin'], paths.join('\0'))
  if (end.how === 'exited' && end.code === 0) return new Set(end.stdout.toString('utf8').split('\0'))
  if (end.how === 'exited' && end.code === 1) return new Set()
  throw new PpError('GIT_FAILED', 'git could not read the ignore rules of the repository')
}

async function edits(
  dir: string,
  before: ReadonlyMap<string, string>,
  included: ReadonlySet<string>,
  ignore: (paths: readonly string[]) => Promise<Set<string>>,
): Promise<Map<string, Uint8Array | null>> {
  const found = await filesOf(dir, included)
  const skip = await ignore([...new Set(found.filter((path) => !before.has(path)).map(askable))])
  const made = new Map<string, Uint8Array | null>()
  let total = 0
  for (const path of found.filter((name) => !skip.has(askable(name)))) {
    if (askable(path) !== path)
      throw tooMuch(`the command left a file below ${path.slice(0, 40)}… whose path is too long for git`)
    const { size } = await lstat(join(dir, path))
    if (size > MAX_FILE) throw tooMuch(`${path} is larger than 8 MiB`)
    const bytes = await readFile(join(dir, path))
    if (before.get(path) === digest(bytes)) continue
    total += bytes.length
    if (total > MAX_TOTAL) throw tooMuch('they are larger than 32 MiB')
    made.set(path, bytes)
  }
  const standing = new Set(found)
  for (const path of before.keys()) {
    if (standing.has(path)) continue
    const now = await lstat(join(dir, path)).catch(() => null)
    // A directory in the place of a file shows through the files in it.
    if (now !== null && !now.isDirectory()) throw tooMuch(`${path} is no longer a regular file`)
    made.set(path, null)
  }
  return made
}

/** All regular files, sorted. Symlinks are neither followed nor listed; everything named .git and the includes are left out. */
async function filesOf(top: string, included: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = []
  let seen = 0
  const skip = (name: string, path: string) =>
    name.toLowerCase() === '.git' || name.includes('\uFFFD') || included.has(path)
  for await (const { path, facts } of walk(top, { skip })) {
    if (facts.isFile()) found.push(path)
    if (++seen > MAX_PATHS) throw tooMuch('the command left more than 100,000 files')
  }
  return found.sort()
}

/** The longest part of a path that git can be asked about: if the path is too long, a directory that contains it. */
function askable(path: string): string {
  let short = path
  while (Buffer.byteLength(short) > MAX_PATH) short = dirname(short)
  return short
}

function tooMuch(what: string): PpError {
  return new PpError('PROPOSER_FAILED', `the changes that the command made cannot be used: ${what}`)
}
