import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Ended, execute, plainEnv } from './execute.ts'
import { processorSeconds } from './processor.ts'
import type { Project } from './projects.ts'

/** What a file becomes: as it stands in a commit (mode and bytes; absent there: removed), or a text. */
export type Edit = { readonly as: string } | { readonly text: string }

/** What is changed in a tree. */
export type Edits = ReadonlyMap<string, Edit>

/** A checkout of one project with its dependencies; every session and every plain run happens here. */
export interface Bed {
  readonly dir: string
  readonly env: NodeJS.ProcessEnv
  git(...args: string[]): Promise<string>
  /** The files of a commit, and nothing else but dependencies. */
  at(commit: string): Promise<void>
  /** A commit of `edits` on `parent` with fixed names and dates; it is checked out afterwards. */
  commit(parent: string, edits: Edits, subject: string): Promise<string>
  /** The text of a file in a commit; null where it does not exist. */
  text(commit: string, path: string): Promise<string | null>
  /** The command as a person would run it, outside of the tool; `seconds` are of the processor where they are fewer. */
  plain(command: string, limitSeconds?: number): Promise<Ended>
}

const DEPENDENCIES = 'node_modules'

/** The bare clone of a project in `clones`: OWNER+NAME, OWNER+NAME.git or OWNER+NAME/repo. */
export function cloneOf(clones: string, project: Pick<Project, 'name'>): string {
  const folder = join(clones, project.name.replace('/', '+'))
  const places = [join(folder, 'repo'), folder, `${folder}.git`]
  const found = places.find(existsSync)
  if (found === undefined) throw new Error(`no clone of ${project.name}; looked for ${places.join(', ')}`)
  return found
}

/** Clones and installs once; later calls find what is there. */
export async function bedOf(project: Project, clone: string, work: string): Promise<Bed> {
  const root = join(work, project.name.replace('/', '+'))
  const dir = join(root, 'checkout')
  const bed = bedAt(dir)
  if (existsSync(join(root, 'ready'))) return bed
  await rm(root, { recursive: true, force: true })
  await mkdir(root, { recursive: true })
  await demand(['git', 'clone', '-q', '--no-checkout', clone, dir], root)
  await bed.git('config', 'user.name', 'Corpus')
  await bed.git('config', 'user.email', 'corpus@example.com')
  await bed.git('config', 'gc.auto', '0')
  await bed.at(project.commit)
  if (project.install.from === 'npm') await installPackages(project.install.packages, root, dir)
  await writeFile(join(root, 'ready'), '')
  return bed
}

/** In a folder of their own, so that the project's other development dependencies stay away. */
async function installPackages(packages: readonly string[], root: string, dir: string): Promise<void> {
  const folder = join(root, 'install')
  await mkdir(folder)
  await writeFile(join(folder, 'package.json'), '{"private":true}\n')
  const options = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--loglevel=error']
  await demand(['npm', 'install', ...options, ...packages], folder)
  await rename(join(folder, DEPENDENCIES), join(dir, DEPENDENCIES))
}

export function bedAt(dir: string): Bed {
  const dates = { GIT_AUTHOR_DATE: '2024-01-02T03:04:05Z', GIT_COMMITTER_DATE: '2024-01-02T03:04:05Z' }
  const env = plainEnv()
  const git = async (...args: string[]) => (await demand(['git', ...args], dir, { ...env, ...dates })).stdout
  const at = async (commit: string) => {
    await git('checkout', '-q', '-f', '--detach', commit)
    await git('clean', '-q', '-ffdx', '-e', `/${DEPENDENCIES}`)
  }
  return {
    dir,
    env,
    git,
    at,
    async commit(parent, edits, subject) {
      await at(parent)
      for (const [path, edit] of edits) {
        if ('text' in edit) await put(join(dir, path), edit.text)
        else await take(git, edit.as, path)
      }
      const there = [...edits].filter(([, edit]) => 'text' in edit).map(([path]) => path)
      if (there.length > 0) await git('add', '-f', '--', ...there)
      await git('commit', '-q', '--no-verify', '--allow-empty', '-m', subject)
      return (await git('rev-parse', 'HEAD')).trim()
    },
    async text(commit, path) {
      const { code, stdout } = await execute(['git', 'cat-file', 'blob', `${commit}:${path}`], { cwd: dir, env })
      return code === 0 ? stdout : null
    },
    async plain(command, limitSeconds = 120) {
      // `times` is a built-in: what the command and its children used, on the last lines of stderr.
      const timed = `(${command}\n); status=$?; times >&2; exit $status`
      const ended = await execute(['sh', '-c', timed], { cwd: dir, env, limitSeconds })
      return { ...ended, seconds: Math.min(ended.seconds, processorSeconds(ended.stderr) ?? ended.seconds) }
    },
  }
}

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

async function take(git: Bed['git'], commit: string, path: string): Promise<void> {
  const there = (await git('ls-tree', '-z', commit, '--', path)) !== ''
  if (there) await git('checkout', '-q', commit, '--', path)
  else await git('rm', '-q', '-f', '--ignore-unmatch', '--', path)
}

async function demand(argv: readonly string[], cwd: string, env = plainEnv()): Promise<Ended> {
  const ended = await execute(argv, { cwd, env })
  if (ended.code !== 0) throw new Error(`${argv.slice(0, 4).join(' ')} in ${cwd}: ${ended.stderr.trim()}`)
  return ended
}
