import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where somebody types. */
export interface Place {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

const FILES = [
  ['calc.py', 'def add(a, b):\n    return a - b\n'],
  ['test_calc.py', 'from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n'],
] as const

/**
 * An author on the mended commit of a small project with a remote, and a reviewer without anything but its URL ($URL) and
 * the author's public keys; both have `git pp` installed and an SSH key that git knows.
 */
export function roundTrip(scratch: string, bin: string): { readonly author: Place; readonly reviewer: Place } {
  const shim = join(scratch, 'bin')
  mkdirSync(shim)
  symlinkSync(bin, join(shim, 'git-pp'))
  const [author, reviewer] = [person(scratch, 'author', shim), person(scratch, 'reviewer', shim)]
  const project = join(author.cwd, 'project')
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: project, env: author.env, stdio: ['ignore', 'ignore', 'inherit'] })
  mkdirSync(project)
  git('init', '-q', '-b', 'main')
  for (const [path, text] of FILES) writeFileSync(join(project, path), text)
  git('add', '-A')
  git('commit', '-q', '-m', 'Add two numbers')
  const url = join(scratch, 'project.git')
  git('init', '-q', '--bare', '-b', 'main', url)
  git('remote', 'add', 'origin', url)
  git('push', '-q', '-u', 'origin', 'main')
  writeFileSync(join(project, 'calc.py'), FILES[0][1].replace('-', '+'))
  git('commit', '-q', '-a', '-m', 'Mend add')
  handOver(author, reviewer)
  return { author: { ...author, cwd: project }, reviewer: { ...reviewer, env: { ...reviewer.env, URL: url } } }
}

function person(scratch: string, name: string, shim: string): Place {
  const home = join(scratch, name)
  mkdirSync(home)
  const env = {
    PATH: `${shim}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
  }
  const key = join(home, '.ssh', 'id_ed25519')
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key])
  writeFileSync(
    join(home, '.gitconfig'),
    `[user]\n\tname = ${name}\n\temail = ${name}@example.com\n\tsigningKey = ${key}\n`,
  )
  return { cwd: home, env }
}

/** The author's public keys as the reviewer got them: of SSH now, of `keygen` when it is made. */
function handOver(author: Place, reviewer: Place): void {
  const key = readFileSync(join(author.cwd, '.ssh', 'id_ed25519.pub'), 'utf8')
  writeFileSync(join(reviewer.cwd, 'allowed_signers'), `author@example.com ${key}`)
  symlinkSync(join(author.cwd, 'git-pp.key.pub'), join(reviewer.cwd, 'git-pp.key.pub'))
}
